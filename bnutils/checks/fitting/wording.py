"""How a call is written in a remark, and the line that a message gives to paste."""

from collections.abc import Mapping


def name_of(function: object) -> str:
    """Return a function's or class's name, or what stands for one that has none."""
    for one in (function, getattr(function, "func", None), getattr(function, "__wrapped__", None)):
        name = getattr(one, "__name__", "")
        if isinstance(name, str) and name.isidentifier():
            return name
    return "your_function" if isinstance(function, type(name_of)) else _of_instance(function)


def _of_instance(value: object) -> str:
    kind = type(value).__name__
    return "your_function" if kind in ("partial", "Function", "PjitFunction") else f"your_{kind}"


def written(name: str, given: Mapping[str, str]) -> str:
    """Return a call by name as Python has it: "Layer(num_features=features, eps=epsilon)"."""
    return f"{name}({', '.join(f'{one}={value}' for one, value in given.items())})"


def paste(check: str, expression: str) -> str:
    """Return the line to paste."""
    return f"To paste: checks.{check}({expression})"
