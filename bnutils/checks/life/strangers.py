"""Layers that are not themselves: what another layer does, or chance, is in what they return."""

from bnutils.checks.calls.calling import Function
from bnutils.checks.catalogue import mistake
from bnutils.checks.life.judgement import reproduces
from bnutils.checks.life.lives import Grid
from bnutils.checks.life.living import Lived, live
from bnutils.checks.life.script import Life, Setting, Step, batch, pair
from bnutils.checks.report import Mistake

_SAME = 1e-6


def strangers(factory: Function, grid: Grid) -> tuple[Mistake, ...]:
    """Return what is wrong with a layer that does not decide alone what it returns.

    Parameters
    ----------
    factory : callable
        Makes the layers.
    grid : tuple of int
        Height and width, of images.
    """
    x, other = batch(301, 6, 4, grid), batch(302, 9, 4, grid)
    asked = Step(False, x, affine=pair(303, 4))
    trained = Step(True, other, layer=1, affine=pair(304, 4))
    twins = _live(factory, 2, trained, asked, trained, Step(False, x))
    alone = _live(factory, 1, asked, Step(False, x))
    if _changed(twins, 1, 3) and not _changed(alone, 0, 1):
        seen = "the output of one layer in inference changed when another layer was trained."
        return (mistake("shared-state", seen),)
    return (*_frozen(factory, grid), *_by_chance(factory, grid))


def _frozen(factory: Function, grid: Grid) -> tuple[Mistake, ...]:
    """Find a layer that gives its last training output back, whatever it is asked."""
    x, other = batch(305, 6, 4, grid), batch(306, 6, 4, grid)
    lived = _live(factory, 1, Step(True, x, affine=pair(307, 4)), Step(False, other))
    if lived.outputs is None or _changed(lived, 0, 1):
        return ()
    seen = "inference returns what the last batch of training gave, whatever x is."
    return (mistake("train-inference-mixup", seen),)


def _by_chance(factory: Function, grid: Grid) -> tuple[Mistake, ...]:
    """Find a layer that does not do twice the same."""
    x = batch(308, 6, 4, grid)
    steps = [Step(True, x), Step(True, x), Step(False, x)]
    once, again = _live(factory, 1, *steps), _live(factory, 1, *steps)
    if once.outputs is None or again.outputs is None:
        return ()
    pairs = zip(once.outputs, again.outputs, strict=True)
    if all(reproduces(one, other, _SAME) for one, other in pairs):
        return ()
    seen = "two new layers, trained with the same batches, return different numbers."
    return (mistake("not-repeatable", seen),)


def _live(factory: Function, layers: int, *steps: Step) -> Lived:
    return live(factory, Life("", (Setting(),) * layers, steps))


def _changed(lived: Lived, first: int, second: int) -> bool:
    outputs = lived.outputs
    return outputs is not None and not reproduces(outputs[first], outputs[second], _SAME)
