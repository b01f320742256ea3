"""What holds on every page and in each of its views: no sideways scroll, contrast, descriptions of the charts."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from conftest import PHONE, ROOT, WIDE

HERE = Path(__file__).parent
CONTRAST, SIDEWAYS = (HERE / "contrast.js").read_text(), (HERE / "sideways.js").read_text()
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
THEMES = ("light", "dark")
# Small data, so that nothing takes long, and a wrong value, so that a warning stands beside its control.
LINKS = {"training_loop": "?data_high=20&map.num_epochs=1&hidden=none"}
UNDESCRIBED = """() => [...document.querySelectorAll(".js-plotly-plot")].filter((plot) => {
  const named = plot.closest("[role=figure], [role=img]");
  return (named?.getAttribute("aria-label") ?? "").trim().length < 20;
}).map((plot) => plot.closest("[class*=st-key-]")?.className ?? "a chart without a key")"""


@dataclass
class View:
    """What was found in one view of a page."""

    name: str
    charts: int = 0
    undescribed: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
    low_contrast: list[str] = field(default_factory=list)
    texts: int = 0


@pytest.fixture(scope="module", params=PAGES)
def views(request, open_module_page, wait_idle) -> list[View]:
    """A page opened on a phone; each view with every lid open and every question answered, light and dark."""
    name = request.param
    page = open_module_page(("/" if name == "home" else f"/{name}") + LINKS.get(name, "?no_such_name=1"), PHONE)
    choices = page.locator(f".st-key-{name}-view").get_by_role("radio")
    found = []
    for number in range(max(choices.count(), 1)):
        _resize(page, PHONE)
        if choices.count():
            choices.nth(number).click()
            wait_idle(page)
        found.append(_look(page, choices.nth(number).inner_text() if choices.count() else name, wait_idle))
    page.close()
    return found


def _look(page: Page, name: str, wait_idle) -> View:
    view = View(name)
    start = page.locator("[data-testid=stBaseButton-primary]:visible")
    if start.count() and not page.locator(".js-plotly-plot").count():
        start.first.click()
        wait_idle(page)
    _open_everything(page)
    wait_idle(page)
    for theme in THEMES:
        _color(page, theme)
        view.sideways += [f"{name}, {theme}: {problem}" for problem in page.evaluate(SIDEWAYS)]
    _resize(page, WIDE)
    for theme in reversed(THEMES):
        _color(page, theme)
        found = page.evaluate(CONTRAST)
        view.texts += found["looked"]
        view.low_contrast += [
            f"{name}, {theme}: {f['ratio']} < {f['needed']}, {f['color']} on {f['background']}: {f['where']} “{f['text']}”"
            for f in found["failures"]
        ]
    view.charts = page.locator(".js-plotly-plot").count()
    view.undescribed = page.evaluate(UNDESCRIBED)
    return view


def _open_everything(page: Page) -> None:
    """Opens all lids, and picks the first answer of every question."""
    page.evaluate(
        """() => {
          for (const lid of document.querySelectorAll("details:not([open]) > summary")) lid.click();
          for (const question of document.querySelectorAll(".stRadio")) question.querySelector("input:not(:checked)")?.click();
        }"""
    )


def _color(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    page.wait_for_timeout(400)


def _resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_timeout(400)


def test_no_view_scrolls_sideways_on_a_phone(views: list[View]) -> None:
    problems = [problem for view in views for problem in view.sideways]
    assert not problems, "\n".join(problems)


def test_every_text_has_enough_contrast_in_light_and_dark(views: list[View]) -> None:
    assert all(view.texts > 20 for view in views), "hardly any text was found: is the page empty?"
    problems = [problem for view in views for problem in view.low_contrast]
    assert not problems, "\n".join(problems)


def test_every_view_has_a_chart_and_every_chart_a_description(views: list[View]) -> None:
    assert [view.name for view in views if not view.charts] == []
    assert [problem for view in views for problem in view.undescribed] == []
