"""What holds on every page and in each of its views: no sideways scroll, contrast, descriptions of the charts."""

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, TimeoutError
from visitor import PAGES, QUICK

HERE = Path(__file__).parent
CONTRAST, SIDEWAYS = (HERE / "contrast.js").read_text(), (HERE / "sideways.js").read_text()
PHONE, WIDE = {"width": 375, "height": 800}, {"width": 1280, "height": 800}
THEMES = ("light", "dark")
LATE = 10_000  # milliseconds; a busy machine loads the program of a chart late
SOON = 200  # milliseconds; a click on a lid or a choice is sent at once
# Short runs; and a name or a value that is wrong, so that a warning stands on the page.
WRONG = {"training_loop": {"hidden": "none", "map.num_epochs": "1"}}

# Opens every lid and answers every question with its first answer; says how many were still closed or open.
OPEN_EVERYTHING = """() => {
  const lids = [...document.querySelectorAll("details:not([open]) > summary")];
  const questions = [...document.querySelectorAll(".stRadio:not(:has(input:checked)) label:has(input):first-of-type")];
  const guesses = [...document.querySelectorAll("button")].filter((button) => button.innerText === "Just show me");
  for (const target of [...lids, ...questions, ...guesses]) target.click();
  return lids.length + questions.length + guesses.length;
}"""
# The theme has reached the app and its charts, and no colour is on its way any more.
PAINTED = """(theme) => {
  const dark = (color) => Math.max(...color.match(/[\\d.]+/g).slice(0, 3).map(Number)) < 128;
  const app = getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor;
  const charts = [...document.querySelectorAll(".chart[data-drawn=true] > *")];
  const text = (chart) => getComputedStyle(chart).getPropertyValue("--st-text-color").trim();
  return dark(app) === (theme === "dark") && charts.every((chart) => chart._fullLayout.font.color === text(chart))
    && window.__busy().length === 0
    && document.getAnimations().every((animation) => animation.playState !== "running");
}"""
# The chart itself is drawn for the eye: its frame must be a figure with words for it.
DESCRIPTIONS = """() => [...document.querySelectorAll(".js-plotly-plot")].map((plot) =>
  plot.closest("[role=figure]")?.getAttribute("aria-label") ?? "")"""


@dataclass
class View:
    """What was found in one view of a page."""

    name: str
    texts: int = 0
    low_contrast: list[tuple[str, str]] = field(default_factory=list)  # what, and in which theme
    sideways: list[str] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=PAGES)
def views(request, open_module_page, wait_idle) -> list[View]:
    """A page opened on a phone, and what each of its views is like there, light and dark; the last one also wide."""
    name = request.param
    query = urlencode(QUICK.get(name, {}) | WRONG.get(name, {"no_such_name": "1"}))
    page = open_module_page(f"/{'' if name == 'home' else name}?{query}", size=PHONE)
    choices = page.locator(f".st-key-{name}-view").get_by_role("radio").all()
    found = []
    for choice in choices or [None]:
        if choice is not None:
            choice.click()
            wait_idle(page, SOON)
        view = View(choice.inner_text() if choice is not None else name)
        _open_everything(page, wait_idle)
        with contextlib.suppress(TimeoutError):  # a view without a chart is named below
            page.locator(".js-plotly-plot").first.wait_for(state="attached", timeout=LATE)
        view.descriptions = page.evaluate(DESCRIPTIONS)
        view.sideways += [f"{view.name}: {problem}" for problem in page.evaluate(SIDEWAYS)]
        _read(page, view)
        found.append(view)
    page.set_viewport_size(WIDE)  # the menu, and columns beside each other
    _read(page, view)
    return found


def _open_everything(page: Page, wait_idle) -> None:
    """Runs what waits to be run, opens every lid, answers every question."""
    start, chart = page.locator("[data-testid=stBaseButton-primary]:visible"), page.locator(".js-plotly-plot .main-svg")
    if start.count() and not chart.count():
        start.first.click()
        chart.first.wait_for()
        wait_idle(page, SOON)
    for _ in range(5):  # what the server sends anew may be closed again
        if page.evaluate(OPEN_EVERYTHING) == 0:
            break
        wait_idle(page, SOON)


def _read(page: Page, view: View) -> None:
    """Every text that can be seen, in both themes; first in the one that stands, which needs no new paint."""
    standing = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
    for theme in sorted(THEMES, key=lambda theme: theme != standing):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function(PAINTED, arg=theme)
        found = page.evaluate(CONTRAST)
        view.texts += found["looked"]
        view.low_contrast += [(_say(failure), theme) for failure in found["failures"]]


def _say(failure: dict) -> str:
    return "{ratio} instead of {needed}: {color} on {background}, {where}, “{text}”".format(**failure)


def test_no_view_scrolls_sideways_on_a_phone(views: list[View]) -> None:
    problems = [problem for view in views for problem in view.sideways]
    assert not problems, "\n".join(problems)


def test_every_text_has_enough_contrast_in_light_and_dark(views: list[View]) -> None:
    assert [view.name for view in views if view.texts < 40] == [], "hardly any text was found"
    problems: dict[str, list[str]] = {}
    for view in views:
        for problem, theme in view.low_contrast:
            problems.setdefault(problem, []).append(f"{view.name} ({theme})")
    report = "\n".join(f"{problem}: {', '.join(places)}" for problem, places in sorted(problems.items()))
    assert not problems, f"contrast too low:\n{report}"


def test_every_view_has_a_chart_and_every_chart_says_what_it_shows(views: list[View]) -> None:
    assert [view.name for view in views if not view.descriptions] == [], "views without a chart"
    short = [f"{view.name}: “{text}”" for view in views for text in view.descriptions if len(text) < 40]
    assert short == [], "charts without a description"
