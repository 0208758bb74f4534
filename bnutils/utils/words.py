"""Numbers in running English text."""

import math

WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
ORDINALS = ["zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh"]
ORDINALS += ["eighth", "ninth", "tenth"]
MINUS = "\u2212"
THIN = "\u202f"
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def in_words(value: float) -> str:
    """Return a count up to ten in words, any other number in digits: ``"five"``, ``"12"``."""
    whole = float(value).is_integer() and 0 <= value < len(WORDS)
    return WORDS[int(value)] if whole else f"{value:g}"


def ordinal(value: int) -> str:
    """Return the place in a row, up to the tenth in words: ``"fifth"``, ``"number 12"``."""
    return ORDINALS[value] if 0 <= value < len(ORDINALS) else f"number {value}"


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: ``"1 seed"``, ``"3 seeds"``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def digits_of(effect: float, low: float, high: float) -> int:
    """Return how many decimals an effect deserves.

    Enough for two digits of the interval's half-width, and at most four of the effect.
    """
    half = (high - low) / 2
    finest = decimals(effect, 4) if effect and math.isfinite(effect) else 8
    if math.isfinite(half) and half > 1e-12 * max(abs(effect), 1e-300):
        return max(0, min(decimals(half, 2), finest))
    return max(0, finest - 1) if effect else 2


def decimals(value: float, digits: int) -> int:
    """Return the decimals that show ``digits`` significant digits of a value."""
    return max(-1, min(12, digits - 1 - math.floor(math.log10(abs(value)))))


def number(value: float, digits: int, *, signed: bool = False) -> str:
    """Return a number as it is printed in English text, with a real minus sign."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value and (abs(value) < 1e-3 or abs(value) >= 1e6):
        mantissa, _, power = f"{value:.1e}".partition("e")
        text = f"{mantissa}{THIN}×{THIN}10{str(int(power)).translate(SUPERSCRIPTS)}"
    else:
        text = f"{value:,.{digits}f}"
    if not text.strip("-0.,"):
        return text.lstrip("-")
    sign = "+" if signed and value > 0 else ""
    return sign + (MINUS + text[1:] if text.startswith("-") else text)


def exact(value: float) -> str:
    """Return a chosen number, such as a bound, as short as it was chosen: ``"0.05"``."""
    mantissa, _, power = f"{value:.10g}".partition("e")
    text = mantissa.replace("-", MINUS)
    if not power:
        return text
    tens = f"10{str(int(power)).translate(SUPERSCRIPTS)}"
    return tens if mantissa == "1" else f"{text}{THIN}×{THIN}{tens}"
