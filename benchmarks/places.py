"""Every place of the app that a link leads to: each page, and each view of a page that has views."""

from dataclasses import dataclass
from importlib import import_module

from benchmarks.server import ROOT
from benchmarks.visitor import Answer, Visitor

FIRST_PAGE = "home"  # its link is the app's own address


@dataclass(frozen=True)
class Place:
    """A name to print, and the link: the page's file name (empty for the first page) and the query."""

    name: str
    page: str
    query: str


def places() -> list[Place]:
    """All pages and views, found by looking into the folders."""
    found = []
    for path in sorted((ROOT / "pages").glob("*.py")):
        page = "" if path.stem == FIRST_PAGE else path.stem
        first, *others = _views(path.stem) or [""]  # the first view is the one that needs no query
        found.append(Place(f"{path.stem} {first}".strip(), page, ""))
        found += [Place(f"{path.stem} {view}", page, f"view={view}") for view in others]
    return found


def _views(concept: str) -> list[str]:
    if not (ROOT / "core" / concept / "settings.py").exists():
        return []
    return list(getattr(import_module(f"core.{concept}.settings"), "VIEWS", ()))


async def compute(visitor: Visitor, place: Place) -> Answer:
    """Opens a place and presses its Run button, so that its results are there for everybody."""
    answer = await visitor.open(place.page, place.query)
    run = run_button(answer)
    return await visitor.press(run) if run else answer


def run_button(answer: Answer) -> str | None:
    """The label of the button that starts the work of a place (`ui/long_work.py` ends its key with `-run`)."""
    return next((label for label, widget in answer.buttons.items() if widget.endswith("-run")), None)
