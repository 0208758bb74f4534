"""Experiments without a network, kept like trainings: NumPy code that takes seconds.

``compare`` finds in the store what has been trained before. What a lab computes by a function of
its own is kept there by :func:`remembered`.

``joblib.Memory`` does nearly the same. It looks at the source of the function itself only, so that
a lab whose helper or constant was edited would be answered with the numbers of before; and it keeps
pickles, which run whatever they hold when they are read.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar, cast

from bnutils.errors import StoreWarning
from bnutils.keys import Unnameable, key_of_call, made, randomness
from bnutils.store import opened
from bnutils.store.plain import packed, unpacked
from bnutils.utils.notices import warn
from bnutils.utils.validation import function as callable_

Result = TypeVar("Result")
UNLIKE = "which a stored result would not do"


def remembered(function: Callable[..., Result], /, *arguments: Any, **named: Any) -> Result:
    """Return ``function(*arguments, **named)``, from the store if it was computed before.

    It is computed anew when anything changed that the result hangs on: an argument; the code of the
    function, or of what it calls; a global name or closure that one of them refers to; the version
    of Python, NumPy, SciPy or of another package that they use. Code in a notebook, in files of
    your own and in ``bnutils`` is compared as it is loaded, that of other packages by version.

    So the result must follow from all that. Random numbers are drawn from a generator that the
    function makes from a seed, ``np.random.default_rng(seed)``. What it prints, draws or
    changes is not repeated. Files that it reads through another package, as by ``np.load``, are
    not looked at: read them before, and pass what they hold.

    Parameters
    ----------
    function : callable
        What takes long. Its result is made of numbers, texts, arrays, lists, tuples and dicts.
    *arguments, **named
        What it is called with: numbers, texts, arrays, functions, data sets.

    Returns
    -------
    object
        The same as the function's, types and bits; arrays are in C order.

    Raises
    ------
    TypeError
        If ``function`` cannot be called.

    Warns
    -----
    StoreWarning
        If the result cannot be kept, and why: it is computed then, each time.

    Examples
    --------
    >>> def widths(seeds, n):
    ...     draws = [np.random.default_rng(seed).normal(size=n) for seed in seeds]
    ...     return np.std(draws, axis=1)
    >>> bnutils.remembered(widths, range(1000), n=10**5)
    """
    callable_("function", function)
    return _kept(function, function, arguments, named)


def remembered_by(
    run: Callable[..., Any], function: Callable[..., Result], /, *arguments: Any
) -> Result:
    """Return ``run(function, *arguments)``, from the store if it was computed before.

    As :func:`remembered`, for a function that is called in some other place, such as a process of
    its own. ``run`` decides where and not what: a result does not hang on it.

    Parameters
    ----------
    run : callable
        Calls the function it is given.
    function : callable
        What takes long.
    *arguments
        What it is called with.

    Returns
    -------
    object
        As of :func:`remembered`.

    Raises
    ------
    TypeError
        If ``run`` or ``function`` cannot be called.

    Warns
    -----
    StoreWarning
        If the result cannot be kept.
    """
    callable_("run", run)
    callable_("function", function)
    result: Result = _kept(partial(run, function), function, arguments, {})
    return result


def _kept(
    compute: Callable[..., Result],
    function: Callable[..., Result],
    arguments: Sequence[Any],
    named: Mapping[str, Any],
) -> Result:
    """The result of a function from the store, else computed and put there."""
    try:
        key = key_of_call(function, arguments, named)
    except Unnameable as problem:
        _say(function, str(problem))
        return compute(*arguments, **named)
    for held in opened(None).recall(key):
        return cast(Result, unpacked(held))
    result, reason = _computed(key, compute, function, arguments, named)
    if reason:
        _say(function, reason)
    return result


def _computed(
    key: str,
    compute: Callable[..., Result],
    function: Callable[..., Result],
    arguments: Sequence[Any],
    named: Mapping[str, Any],
) -> tuple[Result, str]:
    """Compute a result and keep it; and say why not, if more came of it than a result."""
    before = randomness()
    result = compute(*arguments, **named)
    try:
        held = packed(result)
        after = key_of_call(function, arguments, named)
    except (Unnameable, TypeError) as problem:
        return result, str(problem)
    if after != key:
        return result, f"it changes what it refers to or was given, {UNLIKE}"
    if randomness() != before:
        return result, f"it draws from the random numbers of the whole session, {UNLIKE}"
    opened(None).remember(key, {"function": _name(function), "versions": dict(made())}, held)
    return unpacked(held), ""


def _say(function: Callable[..., Any], reason: str) -> None:
    warn(
        f"The result of {_name(function)} is not kept, so it will be computed again next time: "
        f"{reason.rstrip('.')}. Pass it numbers, texts, arrays and functions, and let it draw from "
        "np.random.default_rng(seed).",
        StoreWarning,
        stacklevel=4,
    )


def _name(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__name__", None) or type(function).__name__)
