"""KaTeX: what sets the formulas and what the pages show them with are of one version."""

import re
from xml.etree import ElementTree

import pytest
from bnsite import assets, katex

VENDORED = assets.STATIC / "vendor" / "katex"


def test_vendored_katex_is_the_version_that_sets_the_formulas() -> None:
    version = re.search(r'version:"([\d.]+)"', katex.library().read_text("utf8"))
    sheet = (VENDORED / "katex.min.css").read_text("utf8")
    assert version is not None
    assert f'content:"{version.group(1)}"' in sheet
    fonts = set(re.findall(r"fonts/([\w-]+\.woff2)", sheet))
    there = {p.name for p in (VENDORED / "fonts").iterdir()}
    assert fonts == there


def test_a_formula_is_html_and_mathml() -> None:
    html = katex.render("x^2", "{}")
    assert "<math" in html
    assert "<msup>" in html
    assert "^" not in html  # and is not said once more as TeX


@pytest.mark.parametrize("tex", ["x", "{a + b}", r"\frac{a}{b}", r"\begin{matrix}a\end{matrix}"])
def test_its_mathml_is_whole_and_holds_nothing_else(tex: str) -> None:
    html = katex.render(tex, "{}")
    text = html[html.index("<math") : html.index("</math>") + len("</math>")]
    math = ElementTree.fromstring(text.replace("&nbsp;", " "))
    assert not {"semantics", "annotation"} & {one.tag.rpartition("}")[2] for one in math.iter()}


def test_a_refused_formula_says_why() -> None:
    with pytest.raises(katex.FormulaError, match="Undefined control sequence"):
        katex.render(r"\unheard", '{"strict": "ignore"}')
