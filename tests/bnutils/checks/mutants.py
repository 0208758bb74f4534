"""Wrong implementations by the thousand: right ones with one to three things changed, by program.

A mutant is made from the source of a right function: a term is dropped, negated, scaled or
exchanged for another; statistics, axes, constants and the order of results change places.
"""

import ast
import copy
import os
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

Function = Callable[..., Any]
ALL = os.environ.get("BNUTILS_ALL_MUTANTS") == "1"
"""Whether all are tried, which takes half an hour; else a sample."""


SIGNS = {ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*"}
ALIKE = {
    "gamma": ("beta", "scale"),
    "beta": ("gamma", "shift"),
    "mean": ("variance", "x"),
    "variance": ("mean", "std"),
    "std": ("variance", "n"),
    "x": ("centred", "x_hat"),
    "centred": ("x", "x_hat"),
    "x_hat": ("x", "centred", "dx_hat"),
    "dy": ("x", "dx_hat"),
    "dx_hat": ("dy", "x_hat"),
    "dgamma": ("dbeta",),
    "dbeta": ("dgamma",),
    "dmean": ("dvariance",),
    "dvariance": ("dmean",),
    "inverse": ("gamma",),
    "scale": ("gamma", "shift", "std"),
    "shift": ("beta", "scale"),
    "bias": ("mean", "beta"),
    "kernel": (),
    "old_mean": ("mean", "old_variance"),
    "old_variance": ("variance", "old_mean"),
    "rate": ("momentum",),
    "momentum": ("rate",),
}
"""Names that are taken for each other."""


@dataclass(frozen=True)
class Mutant:
    """A changed function; `change` says what was done, in Python."""

    change: str
    function: Function
    source: str


def made(source: str) -> Function:
    """Return the function that a source defines."""
    return compiled(ast.parse(source))


def compiled(tree: ast.Module) -> Function:
    namespace: dict[str, Any] = {"np": np}
    exec(compile(ast.fix_missing_locations(tree), "<mutant>", "exec"), namespace)
    return namespace["function"]


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every mutant of a source with one change."""
    tree = ast.parse(source)
    wrong = partial(_others, names=sorted(_assigned(tree)))
    for one in _changes(tree, wrong):
        yield _mutant(tree, [one], wrong)


def several(source: str, size: int, count: int, seed: int = 0) -> Iterator[Mutant]:
    """Yield mutants with `size` changes at different places, one inside the other perhaps."""
    tree = ast.parse(source)
    yield from _several(tree, partial(_others, names=sorted(_assigned(tree))), size, count, seed)


Ways = Callable[[ast.expr], Iterator[ast.expr]]
"""What may stand in place of an expression."""

Change = tuple[int, int]
"""The number of an expression in the tree, and of what stands in its place."""


def _changes(tree: ast.Module, ways: Ways) -> list[Change]:
    return [
        (place, way)
        for place, node in enumerate(_expressions(tree))
        for way, other in enumerate(ways(node))
        if ast.dump(other) != ast.dump(node)
    ]


def _expressions(tree: ast.AST) -> list[ast.expr]:
    """Return all expressions, those inside others after them."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.expr)]


def _mutant(tree: ast.Module, changes: Sequence[Change], ways: Ways) -> Mutant:
    """Return a tree with some expressions exchanged, the innermost first."""
    copied, said = copy.deepcopy(tree), []
    places = _expressions(copied)
    for place, way in sorted(changes, reverse=True):
        node, others = places[place], list(ways(places[place]))
        other = others[way % len(others)]
        said.append(f"{ast.unparse(node)} -> {ast.unparse(other)}")
        _exchange(copied, node, other)
    return Mutant("; ".join(said), compiled(copied), ast.unparse(copied))


def _several(tree: ast.Module, ways: Ways, size: int, count: int, seed: int) -> Iterator[Mutant]:
    rng, changes = random.Random(seed), _changes(tree, ways)
    known = {_mutant(tree, [one], ways).source for one in changes}
    while count:
        chosen = rng.sample(changes, size)
        made = _mutant(tree, chosen, ways)
        if len({place for place, _ in chosen}) == size and made.source not in known:
            known.add(made.source)
            count -= 1
            yield made


def _assigned(tree: ast.Module) -> set[str]:
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    names = {argument.arg for argument in function.args.args}
    stored = (one for one in ast.walk(tree) if isinstance(one, ast.Name))
    return names | {one.id for one in stored if isinstance(one.ctx, ast.Store)}


def _exchange(tree: ast.AST, target: ast.expr, other: ast.expr) -> None:
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            if value is target:
                setattr(node, field, other)
            elif isinstance(value, list) and any(one is target for one in value):
                setattr(node, field, [other if one is target else one for one in value])


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _others(node: ast.expr, names: Sequence[str]) -> Iterator[ast.expr]:
    text = ast.unparse(node)
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            if (sign := SIGNS.get(type(op))) is not None:
                yield _expression(f"({ast.unparse(left)}) {sign} ({ast.unparse(right)})")
            yield left
            yield right
            yield _expression(f"-({text})")
            yield _expression(f"2 * ({text})")
            yield _expression(f"({text}) / 3")
        case ast.Call(func=ast.Attribute(attr=attribute), args=arguments):
            yield from _calls(text, attribute, arguments)
        case ast.Name(id=name, ctx=ast.Load()) if name not in ("np", "len", "function"):
            yield from (_expression(one) for one in ALIKE.get(name, ()) if one in names)
            yield _expression(f"-{name}")
            if name == "epsilon":
                yield from (_expression(one) for one in ("1e-05", "0.01", "0.0", "2 * epsilon"))
            if name == "momentum":
                yield from (_expression(one) for one in ("0.9", "0.99", "(1 - momentum)"))
        case ast.Constant(value=int(number)):
            yield from (_expression(str(one)) for one in (number + 1, -number, 2 * number))
        case ast.Tuple(elts=[first, second, *rest], ctx=ast.Load()):
            order = ", ".join(map(ast.unparse, [second, first, *rest]))
            yield _expression(f"({order})")


def _calls(text: str, name: str, arguments: Sequence[ast.expr]) -> Iterator[ast.expr]:
    alike = {"mean": ("sum", "max"), "sum": ("mean",), "var": ("std", "mean"), "std": ("var",)}
    for other in alike.get(name, ()):
        yield _expression(text.replace(f".{name}(", f".{other}(", 1))
    if name == "var":
        yield _expression(f"{text[:-1]}, ddof=1)")
    if name == "sqrt":
        yield arguments[0]
        yield _expression(f"np.sqrt({text})")


# ---- rewriting that changes nothing --------------------------------------------------------
def rewritten(source: str) -> Iterator[Mutant]:
    """Yield the function in other words: algebraically equal ones."""
    tree = ast.parse(source)
    for one in _changes(tree, _equal):
        yield _mutant(tree, [one], _equal)


def rewritten_often(source: str, size: int, count: int, seed: int = 0) -> Iterator[Mutant]:
    """Yield the function with `size` places in other words."""
    yield from _several(ast.parse(source), _equal, size, count, seed)


def _equal(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.BinOp(left=a, op=ast.Add(), right=b):
            yield _expression(f"({ast.unparse(b)}) + ({ast.unparse(a)})")
            yield _expression(f"({ast.unparse(a)}) - (-({ast.unparse(b)}))")
        case ast.BinOp(left=a, op=ast.Sub(), right=b):
            yield _expression(f"-(({ast.unparse(b)}) - ({ast.unparse(a)}))")
            yield _expression(f"({ast.unparse(a)}) + (-1) * ({ast.unparse(b)})")
        case ast.BinOp(left=a, op=ast.Mult(), right=b):
            yield _expression(f"({ast.unparse(b)}) * ({ast.unparse(a)})")
            yield _expression(f"({ast.unparse(a)}) / (1 / ({ast.unparse(b)}))")
        case ast.BinOp(left=a, op=ast.Div(), right=b):
            yield _expression(f"({ast.unparse(a)}) * (1 / ({ast.unparse(b)}))")
            yield _expression(f"({ast.unparse(a)}) * ({ast.unparse(b)}) ** -1.0")
        case ast.BinOp(left=a, op=ast.Pow(), right=ast.Constant(value=2)):
            yield _expression(f"({ast.unparse(a)}) * ({ast.unparse(a)})")
            yield _expression(f"np.square({ast.unparse(a)})")
        case ast.Call(func=ast.Attribute(attr="sqrt"), args=[a]):
            yield _expression(f"({ast.unparse(a)}) ** 0.5")
            yield _expression(f"np.exp(np.log({ast.unparse(a)}) / 2)")
        case ast.Call(func=ast.Attribute(value=a, attr="mean"), args=[axis]) if (
            ast.unparse(axis) == "0"
        ):
            yield _expression(f"({ast.unparse(a)}).sum(0) / len({ast.unparse(a)})")
            yield _expression(f"np.einsum('i...->...', {ast.unparse(a)}) / len({ast.unparse(a)})")
        case ast.Call(func=ast.Attribute(value=a, attr="var"), args=[axis]):
            value, over = ast.unparse(a), ast.unparse(axis)
            yield _expression(f"({value} - {value}.mean({over})).__pow__(2).mean({over})")
            yield _expression(f"{value}.std({over}) ** 2")
