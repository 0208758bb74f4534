"""What a finding says in small print: how sure its verdict is, and what it does not speak of."""

from collections.abc import Iterator

from bnutils.records import Fields, amount
from bnutils.utils.words import THIN, counted, number


def small_print(fields: Fields) -> str:
    """Return p, dissenting seeds, the smallest effect that would be found, and the prediction."""
    parts = list(_of_theorem(fields) if fields["label"] == "theorem" else _of_measured(fields))
    return f"{'; '.join(parts)}."


def _of_theorem(fields: Fields) -> Iterator[str]:
    agreeing = int(fields["n"]) - int(fields["dissenting"])
    yield f"Checked numerically: {agreeing} of {counted(int(fields['n']), 'value')} where it says"


def _of_measured(fields: Fields) -> Iterator[str]:
    yield f"p{THIN}={THIN}{number(fields['p'], 3)} by flipping signs"
    yield f"{counted(int(fields['dissenting']), 'seed')} dissenting"
    yield f"true of a random seed: {100 * fields['ahead']:.0f}{THIN}%"
    if fields["lost"]:
        yield f"{counted(int(fields['lost']), 'seed')} diverged"
    if fields["detectable"]:
        yield f"smallest effect found four times in five: {amount(fields, 'detectable')}"
    if fields["image_error"] is not None:
        yield f"standard error from the choice of test images: {amount(fields, 'image_error')}"
    yield from _of_prediction(fields)


def _of_prediction(fields: Fields) -> Iterator[str]:
    """When it was claimed, and what was expected."""
    predicted = fields.get("predicted") or {}
    if fields["verdict"] == "described":
        yield "claimed after looking, so without a verdict"
    if predicted:
        yield f"predicted on {predicted['date']}, {predicted['expected']} expected"
    if fields["demonstration"]:
        yield "a demonstration: the bound was hardly in question"
