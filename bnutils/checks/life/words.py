"""How a report says when something holds, and what is computed then."""

from bnutils.checks.life.rules import INFERENCE, TRAINING, Condition

_WHEN = {
    ("examples", "=="): "with {value} examples",
    ("examples", ">"): "with more than {value} examples",
    ("examples", "<"): "with fewer than {value} examples",
    ("updates", "=="): "in update {value}",
    ("updates", ">"): "after {value} updates",
    ("inferences", ">"): "after a call in inference",
}
_ONCE = {
    "examples == 1": "with one example",
    "examples < 2": "with one example",
    "examples > 1": "with more than one example",
    "updates == 0": "before the first update",
    "updates == 1": "in the first update",
    "updates > 1": "after the first update",
    "updates > 0": "after the first update",
}


def when(condition: str) -> str:
    """Say a condition in words."""
    if condition in _ONCE:
        return _ONCE[condition]
    one = Condition.read(condition)
    return _WHEN[one.name, one.sign].format(value=one.value)


def noticed(key: str, text: str) -> str:
    """Say where a layer departs from a right one; the formula of a state is its number."""
    name, _, condition = key.partition(" if ")
    moment = f", {when(condition)}" if condition else ""
    if name in (TRAINING, INFERENCE):
        return f"{name.replace('y in', 'in')}{moment}, y is not what it should be."
    if name.endswith(" at first"):
        return f"in a new layer {name.removesuffix(' at first')} is {text}."
    what, _, inference = name.partition(" in ")
    if text == what:
        return f"in training{moment}, {what} stays as it is."
    due = "stay as it is" if inference else "become what it should"
    return f"{'in inference' if inference else 'in training'}{moment}, {what} does not {due}."
