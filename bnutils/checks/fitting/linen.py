"""A module of Flax's linen as a layer with a state: it keeps its variables beside it."""

from functools import lru_cache
from typing import Any

import numpy as np

from bnutils.checks.fitting.frameworks import loaded
from bnutils.checks.fitting.modes import flag_of, values_of
from bnutils.checks.fitting.parameters import Parameter, Parameters, parameters

Words = tuple[tuple[str, Any], ...]
"""What a module is called with besides x."""


class Linen:
    """A module and its variables; called with x and whether it trains.

    Attributes
    ----------
    module : flax.linen.Module
        Which holds no numbers.
    variables : dict
        Parameters and moving statistics, by collection.
    """

    def __init__(self, module: Any, shape: tuple[int, ...]) -> None:
        self.module = module
        made, words = self._called(training=False)
        self.variables = _copied(_plainly(_first, made, shape, words))

    def __call__(self, x: Any, training: bool) -> Any:
        """Return y; what training changes is kept."""
        module, words = self._called(training)
        state = tuple(name for name in self.variables if name != "params")
        y, changed = _applied(module, state, words, self.variables, x)
        self.variables.update(_copied(changed) if training else {})
        return y

    def _called(self, training: bool) -> tuple[Any, Words]:
        """Return the module to call, and the words to call it with."""
        flag = _flag(parameters(self.module.__call__))
        if flag:
            return self.module, ((flag.name, values_of(flag)(training)),)
        field = _flag(parameters(type(self.module)))
        if field:
            return self.module.clone(**{field.name: values_of(field)(training)}), ()
        return self.module, ()


def _flag(found: Parameters | None) -> Parameter | None:
    return flag_of(found) if found else None


def _copied(variables: Any) -> dict[str, Any]:
    """Return the same numbers in dictionaries of their own."""
    return dict(loaded("jax").tree_util.tree_map(lambda one: one, variables))


def _plainly(function: Any, *arguments: Any) -> Any:
    """Call what remembers its results; without the memory where something cannot be a key."""
    try:
        hash(arguments)
    except TypeError:
        return function.__wrapped__(*arguments)
    return function(*arguments)


@lru_cache(maxsize=16)
def _first(module: Any, shape: tuple[int, ...], words: Words) -> Any:
    """Return a new module's variables."""
    jax = loaded("jax")

    def first() -> Any:
        x = jax.numpy.zeros(shape, np.float32)
        return module.init(jax.random.PRNGKey(0), x, **dict(words))

    try:
        return jax.jit(first)()
    except Exception:  # noqa: BLE001 - what is wrong shows in the plain call
        return first()


@lru_cache(maxsize=16)
def _compiled(module: Any, state: tuple[str, ...], words: Words) -> Any:
    """Return the module as one program, which is much quicker than one for each operation."""

    def apply(variables: Any, x: Any) -> Any:
        return module.apply(variables, x, mutable=list(state), **dict(words))

    return loaded("jax").jit(apply)


def _applied(
    module: Any, state: tuple[str, ...], words: Words, variables: Any, x: Any
) -> tuple[Any, Any]:
    """Return y and the new state; step by step if the module cannot be compiled."""
    try:
        y, changed = _plainly(_compiled, module, state, words)(variables, x)
    except Exception:  # noqa: BLE001 - what is wrong shows in the plain call
        y, changed = module.apply(variables, x, mutable=list(state), **dict(words))
    return y, changed
