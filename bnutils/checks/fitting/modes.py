"""How a layer is told that it trains: by an argument, `train()` and `eval()`, or an attribute."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bnutils.checks.fitting.frameworks import framework
from bnutils.checks.fitting.parameters import Parameter, Parameters, parameters

Call = Callable[[Any, bool], Any]
"""From x, and whether the layer trains, to y."""

_ATTRIBUTES = ("training", "train", "is_training", "train_mode", "trainable_statistics", "mode")
_METHODS = {"keras": "call", "torch": "forward"}


@dataclass(frozen=True)
class Mode:
    """How one layer is called.

    Attributes
    ----------
    call : callable
        With x and whether it trains.
    said : str
        As the report says it, "layer(x, train=True)"; empty if it is as the exercise says.
    """

    call: Call
    said: str = ""


def mode(layer: Any) -> Mode:
    """Return how a layer is called in training and in inference."""
    run, name = _run(layer)
    found = _parameters(layer, run)
    flag = found and flag_of(found)
    if flag:
        return _by_argument(layer, run, name, flag)
    if found is None or found.any_name or found.any_position:
        return Mode(lambda x, training: run(x, training=training))
    return _by_state(layer, run, name, len(found.named))


def _run(layer: Any) -> tuple[Callable[..., Any], str]:
    """Return what is called with x, and how that is written."""
    if callable(layer):
        return layer, "layer"
    return layer.forward, "layer.forward"


def _parameters(layer: Any, run: Callable[..., Any]) -> Parameters | None:
    """Return the parameters of the method that does the work."""
    method = getattr(layer, _METHODS.get(framework(layer), "__call__"), run)
    found = parameters(run)
    return found if found and found.named else parameters(method)


def flag_of(found: Parameters) -> Parameter | None:
    """Return the parameter that says whether the layer trains, if there is one."""
    flags = (found.find(one) for one in ("training", "inference", "mode"))
    return next((one for one in flags if one), None)


def _by_argument(layer: Any, run: Callable[..., Any], name: str, flag: Parameter) -> Mode:
    value = values_of(flag)

    def call(x: Any, training: bool) -> Any:
        _switch(layer, training)
        return run(x, **{flag.name: value(training)})

    usual = flag.name == "training" and name == "layer"
    return Mode(call, "" if usual else f"{name}(x, {flag.name}={value(True)!r})")


def values_of(flag: Parameter) -> Callable[[bool], Any]:
    """Return what stands for training and for inference."""
    if flag.known == "inference":
        return lambda training: not training
    if flag.known == "mode" and not isinstance(flag.default, bool):
        return _words(flag.default)
    return bool


def _words(known: object) -> Callable[[bool], str]:
    """Return the words for training and for inference; one of them may be known, by a default."""
    word = known if isinstance(known, str) else "train"
    train, infer = (word, "test") if word.lower().startswith("tr") else ("train", word)
    return lambda training: train if training else infer


def _switch(layer: Any, training: bool) -> bool:
    """Call `train()` or `eval()` of a layer that has both; return whether it has."""
    train, infer = getattr(layer, "train", None), getattr(layer, "eval", None)
    if not (callable(train) and callable(infer)):
        return False
    (train if training else infer)()
    return True


def _by_state(layer: Any, run: Callable[..., Any], name: str, count: int) -> Mode:
    """Of a layer whose call has no argument for it that says so."""
    if _switch(layer, True):
        return Mode(lambda x, training: (_switch(layer, training), run(x))[1], _SWITCHED)
    attribute = next((one for one in _ATTRIBUTES if hasattr(layer, one)), None)
    if attribute is not None:
        return _by_attribute(layer, run, name, attribute)
    if count > 1:
        return Mode(lambda x, training: run(x, training), f"{name}(x, True)")
    return Mode(lambda x, training: run(x, training=training))


_SWITCHED = "layer.train(); layer(x), and layer.eval() for inference"


def _by_attribute(layer: Any, run: Callable[..., Any], name: str, attribute: str) -> Mode:
    now = getattr(layer, attribute)
    value: Callable[[bool], Any] = _words(now) if isinstance(now, str) else bool

    def call(x: Any, training: bool) -> Any:
        setattr(layer, attribute, value(training))
        return run(x)

    return Mode(call, f"layer.{attribute} = {value(True)!r}; {name}(x)")
