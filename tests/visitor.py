"""A visitor of a page without a browser: opens it by its link, reads it, moves its controls."""

import json
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from unittest import mock

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest

from core.settings import Choice, Integer, Real, Several, Text
from core.typed_number import write_number
from ui.controls import Controls

ROOT = Path(__file__).parent.parent
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
CONCEPTS = [page for page in PAGES if page != "home"]
# Link values that make a page's runs short.
QUICK = {
    "data_augmentation": {
        "digits.updates": "50",
        "digits.n_seeds": "2",
        "sentences.treatments": "replace,swap",
        "sentences.n": "10",
        "sentences.copies": "1",
    },
    "bandits": {"steps": "50", "parameters.steps": "10"},
    "multilayer_perceptron": {"num_epochs": "3", "digits.num_epochs": "1", "digits.hidden": "8"},
    "generalization": {
        "training.num_epochs": "20",
        "split.num_epochs": "5",
        "width.updates": "100",
        "width.n_seeds": "2",
    },
    "training_loop": {"data_high": "15"},
    "reinforcement_learning": {
        "prediction.episodes": "10",
        "learning.episodes": "50",
        "compare.episodes": "10",
        "compare.seeds": "1",
        "policy.updates": "10",
    },
    "optimizers": {
        "optimizers": "SGD,Adam",
        "steps": "20",
        "basins.steps": "10",
        "schedules.steps": "20",
        "weight_decay.steps": "20",
        "matrices.optimizers": "Adam,Muon",
        "matrices.rule": "own",
        "matrices.steps": "10",
        "network.optimizers": "SGD,Adam",
        "network.steps": "4",
        "network.seeds": "1",
    },
}
WORDS = ("title", "header", "subheader", "markdown", "caption", "code", "text", "info", "warning", "error", "success")
CONTROLS = (
    "slider",
    "select_slider",
    "number_input",
    "selectbox",
    "multiselect",
    "toggle",
    "text_input",
    "button_group",
)


def visit(page: str, **query: str) -> AppTest:
    """The page as somebody sees it who followed a link with settings, from whom no guess holds anything back."""
    return newcomer(page, {f"{page}:linked": True}, **query)


def newcomer(page: str, session: dict[str, object] | None = None, **query: str) -> AppTest:
    """The page as somebody sees it who comes to it for the first time, and is asked to guess."""
    at = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    at.switch_page(f"pages/{page}.py")
    for name, value in (session or {}).items():
        at.session_state[name] = value
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def guess(at: AppTest, option: str) -> AppTest:
    """The page after a guess, asked for if nothing asks yet."""
    for button in at.button:
        if button.key.endswith("-guess-again"):
            at = button.click().run()
    return next(button for button in at.button if button.label == option and "-guess-" in button.key).click().run()


def views(page: str) -> list[dict[str, str]]:
    """What a link must say to open each view of the page; one empty link where it has none."""
    settings = ROOT / "core" / page / "settings.py"
    names = getattr(import_module(f"core.{page}.settings"), "VIEWS", ()) if settings.exists() else ()
    return [{"view": name} for name in names] or [{}]


@cache
def kinds(page: str) -> dict[str, object]:
    """Every parameter of the page by its name in the link."""
    found = {}

    class Listening(Controls):
        def __init__(self, *args: object, **prefixed: object) -> None:
            super().__init__(*args, **prefixed)
            found.update(self.kinds)

    with mock.patch("ui.controls.Controls", Listening):
        visit(page, **QUICK.get(page, {}))
    return found


def bound(at: AppTest, page: str) -> list[object]:
    """The controls on screen that hold a parameter of the page, but for the view and for texts."""
    found = [c for kind in CONTROLS for c in at.get(kind) if c.key.removeprefix(f"{page}.") in kinds(page)]
    return [c for c in found if c.key != f"{page}.view" and not isinstance(kinds(page)[name_of(page, c)], Text)]


def name_of(page: str, control: object) -> str:
    """The control's parameter, as a link names it."""
    return control.key.removeprefix(f"{page}.")


def other_value(page: str, control: object) -> object:
    """An end of the control at which it does not stand."""
    return next(value for value in ends(page, control) if value != control.value)


@cache
def opened(page: str, **view: str) -> AppTest:
    """A view as it opens with short runs, for tests that only look."""
    return visit(page, **QUICK.get(page, {}) | view)


def other_links(page: str) -> list[dict[str, str]]:
    """For each bound control of the first view, a link that moves it and nothing else."""
    found = []
    for control in bound(opened(page), page):
        name = name_of(page, control)
        kind, value = kinds(page)[name], other_value(page, control)
        value = {Integer: int, Real: float}.get(type(kind), lambda value: value)(value)
        found.append({name: kind.write(value)})
    return found


def link_of(at: AppTest) -> str:
    """The query that the page has put into the address bar."""
    return components(at, "address_bar")[0]["query"]


def components(at: AppTest, name: str) -> list[dict[str, object]]:
    """What each component of a kind has been sent: "chart", "scrubber", "points_canvas", "address_bar"."""
    return [sent(element) for element in at.get("bidi_component") if element.proto.component_name == name]


def sent(element: object) -> dict[str, object]:
    """What one component has been sent."""
    return json.loads(element.proto.json)


def sent_by_browser(at: AppTest, events: dict[str, dict[str, object]], edits: object = None) -> AppTest:
    """The page after its browser has sent component -> event -> value, both ways there are, and a table's edits."""
    states = []
    for element in at.get("bidi_component"):
        values = events.get(element.proto.component_name)
        if values:
            triggers = [{"event": event, "value": value} for event, value in values.items()]
            states.append(WidgetState(id=element.proto.id, json_value=json.dumps(values)))
            states.append(WidgetState(id=f"{element.proto.id}__events", json_trigger_value=json.dumps(triggers)))
    if edits is not None:
        (editor,) = at.dataframe
        states.append(WidgetState(id=editor.proto.id, string_value=json.dumps(edits)))
    return at._run(WidgetStates(widgets=states))


def charts(at: AppTest) -> list[dict[str, object]]:
    """The charts on the page: key, figure as JSON text, alt."""
    return components(at, "chart")


def shown(at: AppTest) -> list[str]:
    """Everything on the page that is not a control: words, code, figures, and how networks are drawn."""
    words = [str(element.value) for kind in WORDS for element in at.get(kind)]
    networks = [{n: part[n] for n in ("run", "discrete", "tests")} for part in components(at, "network_canvas")]
    return words + [chart["figure"] for chart in charts(at)] + [str(network) for network in networks]


def set_to(at: AppTest, control: object, value: object) -> AppTest:
    """The page after the control has been moved."""
    return control.set_value(value).run()


def ends(page: str, control: object) -> list[object]:
    """The values at both ends of a control; all of them where it is a list."""
    kind = kinds(page).get(control.key.removeprefix(f"{page}."))
    if isinstance(kind, Choice):
        return list(kind.options)
    if isinstance(kind, Several):
        return [list(kind.options), list(kind.options)[:1]]
    if control.type == "select_slider":
        values = (kind.ticks or (kind.low, kind.high)) if kind else control.options
        return [values[0], values[-1]]
    if control.type in ("slider", "number_input"):
        return [control.min, control.max]
    if control.type == "toggle":
        return [not control.value, control.value]
    if isinstance(kind, Real):  # typed
        return [write_number(kind.low), write_number(kind.high)]
    if control.type == "text_input":
        return ["", "x" * 50]
    return list(control.options)


def after_presets(at: AppTest, page: str, promised: dict[str, str]) -> Iterator[str]:
    """Presses each preset of the open view in turn; yields what it promises. All of them must promise something."""
    assert {b.key for b in at.button if "-preset-" in b.key} == {f"{page}-preset-{name}" for name in promised}
    for name, said in promised.items():
        at.button(key=f"{page}-preset-{name}").click().run()
        assert not at.exception, name
        yield said


def nodes(block: object, lids: tuple[str, ...] = ()) -> Iterator[tuple[object, tuple[str, ...]]]:
    """Every element below a block, with the labels of the expanders that it is in."""
    for child in block.children.values():
        if hasattr(child, "children"):
            label = getattr(getattr(child, "proto", None), "label", "") if child.type == "expander" else None
            yield from nodes(child, (*lids, label) if label is not None else lids)
        else:
            yield child, lids
