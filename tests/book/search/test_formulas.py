"""A formula in a line of text."""

import pytest
from bnsite import katex
from bnsite.search.formulas import formula
from bs4 import BeautifulSoup


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\hat{x} = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}", "x̂ = (x − μ)/√(σ² + ϵ)"),
        (r"\mu = \frac{1}{m} \sum_{i=1}^m x_i", "μ = 1/m ∑ᵢ₌₁ᵐ xᵢ"),
        (r"m - 1", "m − 1"),
        (r"-3", "−3"),
        (r"x_{ij}, y", "xᵢⱼ, y"),
        (r"\bar{x} \geq 0", "x̄ ≥ 0"),
        (r"\underbrace{a + b}_{\text{sum}}", "a + b_sum"),
        (r"\rho^t", "ρᵗ"),
        (r"\sqrt[3]{8}", "³√8"),
        (r"\text{batch size } m", "batch size m"),
    ],
)
def test_a_formula_is_readable(tex: str, text: str) -> None:
    math = BeautifulSoup(katex.render(tex, "{}"), "html.parser").math
    assert math is not None
    assert formula(math) == text
