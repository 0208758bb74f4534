"""The interactive figures of the built site, used as a reader would use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bnsite.explorables import NAMES

from tests.book.explorables.reading import Shown
from tests.book.explorables.walks import ORACLES, random_walks
from tests.site.webpages import (
    DESKTOP,
    LOOKS,
    PHONE,
    at_rest,
    opened,
    overflow,
    page_with,
    place_of,
    violations_in,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
# The text alternative and the address wait until changes pause.
SETTLED = """name => {
    const one = document.querySelector(`bn-${name}`), all = globalThis.BNExplorable;
    const figure = all?.figures[name];
    if (!figure || one.status !== figure.describe(one.state)) return false;
    const hash = all.encode(figure, one.state);
    return hash ? location.hash === hash : !location.hash.startsWith(`#${name}?`);
}"""


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def address_of(site: Path, server: str, name: str) -> str:
    return f"{server}/{page_with(site, f'<bn-{name}>')}"


def status(page: Page, name: str) -> str:
    """The text alternative, once it has settled."""
    page.wait_for_function(SETTLED, arg=name)
    return page.locator(f"#{name} .bnx-status span").inner_text()


def height(page: Page, name: str) -> float:
    return float(page.locator(f"#{name}").evaluate("one => one.getBoundingClientRect().height"))


def outputs(page: Page) -> list[str]:
    """Where the outputs of the batch are drawn."""
    return page.locator("bn-drag-the-batch svg:has(> .bnx-output)").evaluate_all(
        "all => all.map(one => one.getAttribute('x'))"
    )


# ---- each figure ------------------------------------------------------------------------------
def test_every_control_is_reached_and_works_by_keyboard(
    browser: Browser, server: str, site: Path, name: str
) -> None:
    with opened(browser, address_of(site, server, name)) as page:
        figure = page.locator(f"#{name}")
        selector = "input:not(:disabled), button, [tabindex='0']"
        groups = figure.locator("input[type=radio]").evaluate_all("all => all.map(r => r.name)")
        stops = figure.locator(selector).count() - len(groups) + len(set(groups))
        figure.locator(selector).first.focus()
        for _ in range(stops - 1):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.closest('figure') !== null")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('figure') === null"), "a trap"

        drawn = figure.locator(".bnx-view").inner_html()
        start = page.locator(f"bn-{name}").evaluate("one => one.state")
        for field in figure.locator("input[type=range]:not(:disabled)").all():
            before = field.get_attribute("aria-valuetext")
            field.focus()
            page.keyboard.press("ArrowRight")
            if field.get_attribute("aria-valuetext") == before:  # it stood at its end
                page.keyboard.press("ArrowLeft")
            assert field.get_attribute("aria-valuetext") != before
        assert figure.locator(".bnx-view").inner_html() != drawn
        assert page.locator(f"bn-{name}").evaluate("one => one.state") != start
        figure.locator("[data-reset]").focus()
        page.keyboard.press("Enter")
        assert page.locator(f"bn-{name}").evaluate("one => one.state") == start


def test_the_address_holds_the_state(browser: Browser, server: str, site: Path, name: str) -> None:
    with opened(browser, address_of(site, server, name)) as page:
        start = status(page, name)
        page.locator(f"#{name} input[type=range]:not(:disabled)").first.focus()
        page.keyboard.press("ArrowRight")
        changed = status(page, name)
        assert f"#{name}?" in place_of(page)
        page.reload()
        assert status(page, name) == changed
        assert place_of(page).count("#") == 1
        view = page.locator(f"#{name} .bnx-view").inner_html()
        page.locator(f"#{name} [data-reset]").click()
        assert status(page, name) == start
        assert "?" not in place_of(page)
        assert page.locator(f"#{name} .bnx-view").inner_html() != view


def test_a_bad_address_is_harmless(browser: Browser, server: str, site: Path, name: str) -> None:
    address = address_of(site, server, name)
    with opened(browser, address) as page:
        start = status(page, name)
    bad = "size=many&mode=<img src=x onerror=alert(1)>&x=,,&g=NaN&momentum=7&layer=toString&n=-"
    with opened(browser, f"{address}#{name}?{bad}") as page:
        assert status(page, name) == start


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_moves_when_the_script_takes_over_or_a_state_changes(
    browser: Browser, server: str, site: Path, name: str, viewport: dict[str, int]
) -> None:
    address = address_of(site, server, name)
    with browser.new_context(viewport=viewport) as context:
        page = context.new_page()
        page.route("**/explorables/*.js*", lambda route: route.abort())
        page.goto(address)
        at_rest(page)
        assert page.locator(f"bn-{name}:not(:defined)").count() == 1
        before = height(page, name)
    with opened(browser, address, viewport=viewport) as page:
        at_rest(page)
        assert page.locator(f"bn-{name}:defined").count() == 1
        assert height(page, name) == before
        for control in page.locator(f"#{name} :is([data-preset], [type=radio])").all():
            control.click()
            status(page, name)
            assert height(page, name) == before, control.evaluate("one => one.outerHTML")


def test_without_javascript_the_figure_shows_its_start(
    browser: Browser, server: str, site: Path, name: str
) -> None:
    address = address_of(site, server, name)
    with opened(browser, address) as page:
        expected = status(page, name)
    with opened(browser, address, java_script_enabled=False) as page:
        figure = page.locator(f"#{name}")
        assert figure.locator("svg").first.is_visible()
        assert figure.locator(".bnx-status span").inner_text() == expected
        assert figure.locator("noscript p").is_visible()
        for control in figure.locator("input, button").all():
            assert not control.is_visible()


@pytest.mark.parametrize("look", LOOKS, ids=["desktop-light", "phone-dark"])
def test_after_use_there_is_no_violation_and_nothing_sticks_out(
    browser: Browser, server: str, site: Path, name: str, look: tuple[dict[str, int], str]
) -> None:
    viewport, scheme = look
    options = {"viewport": viewport, "color_scheme": scheme, "reduced_motion": "reduce"}
    with opened(browser, address_of(site, server, name), **options) as page:
        figure = page.locator(f"#{name}")
        figure.locator("input:not(:disabled)").last.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
        status(page, name)
        assert violations_in(page, f"#{name}") == []
        assert overflow(page) <= 0
        assert figure.evaluate("one => one.getAnimations({ subtree: true }).length") == 0
        limits = figure.bounding_box()
        assert limits is not None
        targets = figure.locator("input[type=range], input[type=checkbox], button, [role=slider]")
        for target in targets.all():
            box = target.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 24, target.evaluate("t => t.outerHTML")
            assert box["x"] >= limits["x"]
            assert box["x"] + box["width"] <= limits["x"] + limits["width"]


def test_it_works_from_a_folder(browser: Browser, site: Path, name: str) -> None:
    address = (site / page_with(site, f"<bn-{name}>")).as_uri()
    with opened(browser, address) as page:
        start = status(page, name)
        page.locator(f"#{name} input[type=range]:not(:disabled)").first.focus()
        page.keyboard.press("ArrowRight")
        changed = status(page, name)
        assert changed != start
        assert f"#{name}?" in place_of(page)


# ---- many states -------------------------------------------------------------------------------
ACT = """([name, action]) => {
    const host = document.querySelector(`bn-${name}`);
    if ("preset" in action) host.querySelectorAll("[data-preset]")[action.preset].click();
    else if ("set" in action) host.set(action.set);
    else {
        const all = globalThis.BNExplorable.figures[name].controls;
        const control = all.find(({ key }) => key === action.key);
        const fields = [...host.querySelectorAll(`[data-key="${action.key}"]`)];
        const field = fields.find((one) => one.type !== "radio" || one.value === action.value);
        if (field.type === "range")
            field.value = control.list ? control.list.indexOf(action.value) : action.value;
        else field.checked = field.type === "radio" || action.value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }
}"""

# The markup of the state, and whether that is what is there (attributes may be in another order).
VIEW = """name => {
    const host = document.querySelector(`bn-${name}`);
    const template = document.createElement("template");
    const view = globalThis.BNExplorable.figures[name].view(host.state);
    template.innerHTML = `<div class="bnx-view">${view}</div>`;
    const drawn = host.querySelector(".bnx-view").isEqualNode(template.content.firstChild);
    return [host.state, view, drawn];
}"""


def shown(page: Page, name: str) -> Shown:
    """What the figure shows, once its text has settled."""
    said = status(page, name)
    state, view, drawn = page.evaluate(VIEW, name)
    assert drawn, "what was patched is not what the state looks like"
    return Shown(state, said, view)


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_text_drawing_and_height_hold_after_every_action(
    browser: Browser, server: str, site: Path, name: str, width: int
) -> None:
    """A few readers do one thing after the other; NumPy says what the figure must show."""
    walks = random_walks(name, walks=3, actions=6, seed=width)
    with opened(
        browser, address_of(site, server, name), viewport={"width": width, "height": 900}
    ) as page:
        at_rest(page)
        before = height(page, name)
        for walk in walks:
            page.locator(f"#{name} [data-reset]").click()
            for action in walk:
                page.evaluate(ACT, [name, action])
                ORACLES[name].check(shown(page, name))
                assert height(page, name) == before, action


def test_forced_colours_keep_the_keys_apart(
    browser: Browser, server: str, site: Path, name: str
) -> None:
    """Legend and drawing keep shape and pattern, in colours that stand out from the page."""
    with opened(browser, address_of(site, server, name), forced_colors="active") as page:
        looks = page.locator(f"#{name} .bnx-key").evaluate_all(
            """all => all.map(one => { const s = getComputedStyle(one); return [s.borderRadius,
                s.backgroundColor, s.backgroundImage, s.borderStyle, s.borderColor, s.transform,
                s.boxShadow, s.forcedColorAdjust].join(' | '); })"""
        )
        assert len(set(looks)) == len(looks)
        assert all(look.endswith("none") for look in looks)
        colours = page.locator(f"#{name} :is(.bnx-svg, figcaption)").evaluate_all(
            "all => all.map(one => getComputedStyle(one).color)"
        )
        assert len(set(colours)) <= 1, "text in a drawing has the colour of other text"


# ---- what is special to one figure --------------------------------------------------------------
def test_dragging_one_point_moves_the_others_in_training_only(
    browser: Browser, server: str, site: Path
) -> None:
    with opened(browser, address_of(site, server, "drag-the-batch")) as page:
        point = page.locator("[data-point='4']")
        start = outputs(page)
        point.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("PageUp")
        assert point.get_attribute("aria-valuenow") == "7.25"
        assert all(a != b for a, b in zip(start, outputs(page), strict=True))
        page.keyboard.press("End")
        assert point.get_attribute("aria-valuenow") == "8"
        assert page.evaluate("document.activeElement.dataset.point") == "4", "focus is kept"

        page.locator("bn-drag-the-batch input[value=infer]").check()
        page.locator("bn-drag-the-batch [data-reset]").click()
        page.locator("bn-drag-the-batch input[value=infer]").check()
        start = outputs(page)
        point.focus()
        page.keyboard.press("Home")
        assert outputs(page)[:4] == start[:4]
        assert outputs(page)[4] != start[4]
        assert "and those of the other 4 by nothing" in status(page, "drag-the-batch")


def test_points_follow_mouse_and_finger(browser: Browser, server: str, site: Path) -> None:
    address = address_of(site, server, "drag-the-batch")
    with opened(browser, address, viewport=PHONE, has_touch=True) as page:
        svg = page.locator("bn-drag-the-batch .bnx-svg")
        svg.scroll_into_view_if_needed()
        box = svg.bounding_box()
        assert box is not None
        line = box["y"] + 60

        def x_of(value: float) -> float:
            return box["x"] + box["width"] * (0.5 + 0.46 * value / 8)

        page.mouse.move(x_of(6), line)
        page.mouse.down()
        page.mouse.move(x_of(7), line)
        page.mouse.move(x_of(4.5), line, steps=3)
        page.mouse.up()
        page.mouse.move(x_of(-7), line)
        is_near = """value => Math.abs(value
            - document.querySelector("[data-point='4']").getAttribute('aria-valuenow')) < 0.06"""
        page.wait_for_function(is_near, arg=4.5)
        page.touchscreen.tap(x_of(7.5), line)  # no dragging needed
        page.wait_for_function(is_near, arg=7.5)


def test_detaching_breaks_the_rule_that_it_should(
    browser: Browser, server: str, site: Path
) -> None:
    with opened(browser, address_of(site, server, "backward-flow")) as page:
        page.locator("#backward-flow-mean").focus()
        page.keyboard.press("Space")
        rules = page.locator("#backward-flow .bnx-rules dd").all_inner_texts()
        assert "broken" in rules[0]
        assert "holds" in rules[1]
        assert "Detached: mean" in status(page, "backward-flow")


def test_the_clock_knows_the_issue(browser: Browser, server: str, site: Path) -> None:
    with opened(browser, address_of(site, server, "moving-average-clock")) as page:
        page.get_by_role("button", name="TensorFlow issue 36446").press("Enter")
        assert "After 6 updates, 94.1 %" in status(page, "moving-average-clock")
        page.get_by_role("button", name="+1 update").press("Enter")
        assert "After 7 updates" in status(page, "moving-average-clock")
        page.locator("#moving-average-clock input[value=keras]").focus()
        page.keyboard.press("ArrowRight")
        assert "PyTorch, momentum 0.99: each update keeps 1.0 %" in status(
            page, "moving-average-clock"
        )


START = "one => one.set(globalThis.BNExplorable.figures['which-axes'].defaults)"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_values_have_tiles_of_24_pixels_to_tap(
    browser: Browser, server: str, site: Path, viewport: dict[str, int]
) -> None:
    """Anywhere within 12 pixels of a value's middle chooses it (on 320 pixels: the sliders)."""
    address = address_of(site, server, "which-axes")
    with opened(browser, address, viewport=viewport, has_touch=True) as page:
        svg = page.locator("bn-which-axes .bnx-svg").first
        svg.scroll_into_view_if_needed()
        box = svg.bounding_box()
        assert box is not None
        for n, h, w, c in [(0, 0, 0, 0), (3, 1, 1, 5), (1, 1, 0, 2), (2, 0, 1, 3)]:
            x = box["x"] + box["width"] * (2 * c + w + 0.5) / 12
            y = box["y"] + 24 + 72 * n + 26 * (h + 0.5)
            for dx, dy in ((0, 0), (-11.9, -11.9), (11.9, -11.9), (-11.9, 11.9), (11.9, 11.9)):
                page.locator("bn-which-axes").evaluate(START)
                page.touchscreen.tap(x + dx, y + dy)
                state = page.locator("bn-which-axes").evaluate("one => one.state")
                assert [state[key] for key in "nhwc"] == [n, h, w, c], (dx, dy)


def test_moving_the_value_is_announced(browser: Browser, server: str, site: Path) -> None:
    with opened(browser, address_of(site, server, "which-axes")) as page:
        said = {status(page, "which-axes")}
        for key in "nhwc":
            page.locator(f"#which-axes-{key}").focus()
            page.keyboard.press("End")
            said.add(status(page, "which-axes"))
        assert len(said) == 5


def test_the_clock_answers_what_it_asks_with_one_step(
    browser: Browser, server: str, site: Path
) -> None:
    with opened(browser, address_of(site, server, "moving-average-clock")) as page:
        assert (
            "after 100 updates" in page.locator("#moving-average-clock .bnx-predict").inner_text()
        )
        page.get_by_role("button", name="+100 updates").press("Enter")
        assert "After 100 updates, 36.6 %" in status(page, "moving-average-clock")


def test_the_atlas_says_what_was_chosen_and_how_to_train_it(
    browser: Browser, server: str, site: Path
) -> None:
    with opened(browser, address_of(site, server, "atlas")) as page:
        for field in ("batch_size", "optimizer"):
            page.locator(f"#atlas input[name=atlas-{field}][value='0']").focus()
            page.keyboard.press("Space")
        count = int(status(page, "atlas").partition(" ")[0])
        assert 0 < count < 560
        box = page.locator("#atlas .bnx-svg").bounding_box()
        assert box is not None
        page.locator("#atlas .bnx-svg").click(position={"x": 0.989 * box["width"], "y": 100})
        assert f"Point {count}: " in status(page, "atlas")
        code = page.locator("#atlas .bnx-call").inner_text()
        assert "batch_size=2," in code
        assert 'optimizer="sgd",' in code
        link = page.locator("a.download[href$='atlas.csv']")
        answer = page.request.get(link.evaluate("one => one.href"))
        assert answer.ok
        assert answer.text().count("\n") == 561
