"""The language of formulas: Python's arithmetic over the arguments' names, and a few functions.

A report says what a function computes in this language, and whoever doubts it can evaluate the
text on other numbers::

    gamma * (x - mean(x)) / sqrt(var(x) + epsilon) + beta

Names are those of the function's arguments, and N, the number of values that share one mean: all
axes of x but the last. ``mean``, ``median``, ``var``, ``sum``, ``min`` and ``max`` run over these
axes and keep them, as length 1; ``axis=`` and ``ddof=`` say otherwise where a function does
otherwise. ``maximum`` takes the larger of two numbers. ``turned`` lays a column along the
features, ``column`` a vector along the rows.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NoReturn

import numpy as np

from bnutils.checks.calls.calling import Array, Shape
from bnutils.checks.formulas.functions import FUNCTIONS

Numbers = Mapping[str, Any]
"""What names stand for: arrays and floats."""

Computed = Callable[[Numbers], Any]
"""A formula, or a part of one, made ready to be computed."""

NEVER_NEGATIVE = ("var(", "moving_variance", "max(x) - min(x)")

OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}


def evaluate(text: str, numbers: Numbers, shape: Shape | None = None) -> Array:
    """Return the value of a formula.

    Parameters
    ----------
    text : str
        In the language of this module.
    numbers : mapping
        What the names stand for. N follows from x where it is not given.
    shape : tuple of int, optional
        That of the result: (D,) for a sum over the batch, which keeps its axes as (1, D).

    Raises
    ------
    ValueError
        If the text is not of the language, names something that there is not, or has another
        shape.
    """
    with np.errstate(all="ignore"):
        value = np.asarray(_compiled(text)(_with_count(numbers)), float)
    return value if shape is None else np.broadcast_to(_fitting(value, shape), shape)


def _fitting(value: Array, shape: Shape) -> Array:
    """Return a value of shape (1, D) as (D,) where that is asked for."""
    surplus = value.ndim - len(shape)
    if surplus > 0 and all(length == 1 for length in value.shape[:surplus]):
        return value.reshape(value.shape[surplus:])
    return value


def tidy(text: str) -> str:
    """Return a formula without idle brackets and signs: "a - b" for "(a) + (-(b))"."""
    return ast.unparse(_Tidied().visit(ast.parse(text, mode="eval")))


class _Tidied(ast.NodeTransformer):
    """Subtracts what is added with a minus, and multiplies by what is divided upside down."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Take the root of the square of what is never negative."""
        self.generic_visit(node)
        match node:
            case ast.Call(
                func=ast.Name(id="sqrt"),
                args=[ast.BinOp(left=base, op=ast.Pow(), right=ast.Constant(value=2))],
            ) if ast.unparse(base).startswith(NEVER_NEGATIVE):
                return base
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.BinOp(op=ast.Add(), right=right) if (less := _negated(right)) is not None:
                return ast.BinOp(node.left, ast.Sub(), less)
            case ast.BinOp(op=ast.Sub(), right=right) if (more := _negated(right)) is not None:
                return ast.BinOp(node.left, ast.Add(), more)
            case ast.BinOp(
                op=ast.Div(),
                right=ast.BinOp(left=ast.Constant(value=1), op=ast.Div(), right=turned),
            ):
                return ast.BinOp(node.left, ast.Mult(), turned)
            case ast.BinOp(op=ast.Div(), right=ast.Constant(value=1)):
                return node.left
            case ast.BinOp(left=ast.Constant(value=1), op=ast.Mult()):
                return node.right
            case ast.BinOp(
                op=ast.Mult(),
                right=ast.BinOp(left=ast.Constant(value=1), op=ast.Div(), right=below),
            ):
                return ast.BinOp(node.left, ast.Div(), below)
            case ast.BinOp(
                left=ast.BinOp(left=ast.Constant(value=1), op=ast.Div(), right=below),
                op=ast.Mult(),
            ):
                return ast.BinOp(node.right, ast.Div(), below)
        return node


def _negated(node: ast.AST) -> ast.expr | None:
    """Return what a term with a minus in front is without it; None if it has none."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return operand
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div() as sign, right=right) if (
            rest := _negated(left)
        ) is not None:
            return ast.BinOp(rest, sign, right)
    return None


def _with_count(numbers: Numbers) -> Numbers:
    if "N" in numbers or "x" not in numbers:
        return numbers
    x = np.asarray(numbers["x"])
    return {**numbers, "N": x.size // x.shape[-1]}


@lru_cache(maxsize=8192)
def _compiled(text: str) -> Computed:
    """Return what computes a formula: it is read once, and computed for many batches."""
    return _computed(ast.parse(text, mode="eval").body)


def _computed(node: ast.AST) -> Computed:
    match node:
        case ast.Constant(value=int() | float() as value):
            number = float(value)
            return lambda numbers: number
        case ast.Name(id=name):
            return lambda numbers: _named(name, numbers)
        case ast.BinOp(op=sign) if type(sign) in OPERATORS:
            return _of_two(OPERATORS[type(sign)], _computed(node.left), _computed(node.right))
        case ast.UnaryOp(op=sign) if type(sign) in OPERATORS:
            return _of_one(OPERATORS[type(sign)], _computed(node.operand))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=words) if name in FUNCTIONS:
            options = {str(word.arg): ast.literal_eval(word.value) for word in words}
            return _of_one(FUNCTIONS[name], _computed(argument), **options)
        case ast.Call(func=ast.Name(id="maximum"), args=[one, other], keywords=[]):
            return _of_two(np.maximum, _computed(one), _computed(other))
    return lambda numbers: _refused(ast.unparse(node), numbers)


def _named(name: str, numbers: Numbers) -> Array:
    return np.asarray(numbers[name], float) if name in numbers else _refused(name, numbers)


def _of_one(function: Callable[..., Any], one: Computed, **options: Any) -> Computed:
    return lambda numbers: function(one(numbers), **options)


def _of_two(function: Callable[..., Any], one: Computed, other: Computed) -> Computed:
    return lambda numbers: function(one(numbers), other(numbers))


def _refused(text: str, numbers: Numbers) -> NoReturn:
    raise ValueError(
        f"a formula is made of {', '.join(numbers)}, numbers, + - * / ** and "
        f"{', '.join(FUNCTIONS)}, maximum; received {text!r}."
    )
