"""What a browser sends through components and the table's editor may be anything: it never makes a page fail."""

from types import SimpleNamespace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from visitor import sent_by_browser

from core.gradient_descent import settings as descent
from core.gradient_descent.settings import BowlSettings, DescentSettings, DescentViewState
from core.optimizers import momentum as optimizers
from core.optimizers.settings import OptimizersViewState, RaceSettings, SurfaceSettings
from core.plane import momentum_map
from core.plane.surfaces import SURFACES
from core.settings import defaults, parameters
from core.training_loop.settings import MapSettings, TrainingLoopSettings, TrainingLoopViewState
from pages.gradient_descent import bowl, lr_sweep
from pages.gradient_descent import momentum as descent_momentum
from pages.optimizers import lr_sweep as optimizers_lr_sweep
from pages.optimizers import momentum, schedules, shared, weight_decay
from pages.training_loop import map as lr_map

NUMBERS = st.sampled_from([0, 1, 2, -1, 0.5, 10**400, -(10**400), 1e308, float("inf"), float("nan")])
LEAVES = st.one_of(NUMBERS, st.none(), st.booleans(), st.text(max_size=3))
NAMES = st.sampled_from(["x", "class", "_index", ""])
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)
COMPONENTS = {  # what each sends: event -> the parts of its value
    "chart": {"mark": ("x", "y"), "place": ("axis", "x", "y")},
    "points_canvas": {"edit": ("seq", "points")},
    "digit_canvas": {"drawn": ("seq", "pixels")},
    "scrubber": {"rest": ("seq", "index")},
    "concept_map": {"open": ()},
    "reconnection": {"again": ("session", "query")},
}
PARTS = {
    "axis": st.sampled_from(["y", "y2"]),
    "pixels": st.lists(st.integers(-1, 17) | NUMBERS, min_size=64, max_size=64),
    "points": st.lists(st.lists(NUMBERS, min_size=3, max_size=3), max_size=3),
    "query": st.text("abt=&%;,", max_size=9),
}


def nearly(*names):
    """A value with these parts, each nearly right or anything at all; or anything at all."""
    return st.fixed_dictionaries({name: PARTS.get(name, NUMBERS) | JSON for name in names}) | JSON


SENT = {event: nearly(*names) for events in COMPONENTS.values() for event, names in events.items()}
CELLS = st.dictionaries(NAMES, NUMBERS, max_size=2) | JSON
# Anything but this Streamlit refuses by itself, before it calls us.
EDITS = st.fixed_dictionaries(
    {},
    optional={
        "edited_rows": st.dictionaries(st.integers(-2, 3).map(str), CELLS, max_size=2),
        "added_rows": st.lists(CELLS, max_size=3) | JSON,
        "deleted_rows": st.lists(st.integers(-2, 3), max_size=3) | JSON,
    },
)


def script():
    from dataclasses import dataclass

    import plotly.graph_objects as go
    import streamlit as st

    from core.multilayer_perceptron.drawing import drawing_from_browser
    from core.number_rows import Column
    from core.points import from_browser
    from core.settings import Integer, Settings, Text, parameter
    from figures.picture import Picture
    from ui.chart import chart
    from ui.concept_map import concept_map
    from ui.controls import Controls
    from ui.digit_canvas import digit_canvas
    from ui.number_table import number_table
    from ui.points_canvas import points_canvas
    from ui.scrubber import scrubber

    @dataclass(frozen=True)
    class Forged(Settings):
        at: int = parameter(10, Integer("At", 0, 10))
        rows: str = parameter("1,0;2,1", Text("Rows", 40))

    controls, taken = Controls("forged", Forged), st.session_state.setdefault("taken", set())
    scrubber(controls, "at", [0, 4, 9], ["a", "b", "c"], ["chart"], "run")

    def take(*values: object) -> None:
        taken.add(values)

    picture = Picture(go.Figure(go.Scatter(x=[1], y=[1])), "Caption.", "A description.")
    chart(picture, "chart", on_mark=take, on_place=take, on_place_y2=take)
    points_canvas("canvas", [(1.0, 1.0, 0)], lambda sent: take(tuple(from_browser(sent, 4) or ())), half=4, most=9)
    digit_canvas("drawing", [0] * 64, lambda sent: take(tuple(drawing_from_browser(sent) or ())))
    number_table(controls, "rows", (Column("x", -10, 10), Column("class", 0, 1, whole=True)), most=4)
    concept_map()


def send(at, edits=None, **sent):
    """The page after its browser has sent these values of events, and these edits of its table."""
    events = {name: {event: sent[event] for event in names if event in sent} for name, names in COMPONENTS.items()}
    return sent_by_browser(at, {name: values for name, values in events.items() if values}, edits)


@pytest.fixture(scope="module")
def page():
    return AppTest.from_function(script, default_timeout=30).run()


@settings(max_examples=50, deadline=None)
@given(st.fixed_dictionaries(SENT), EDITS)
def test_no_value_from_a_browser_makes_a_page_fail(page, sent, edits):
    assert not [error.stack_trace for error in send(page, **sent, edits=edits).exception]


def test_what_is_as_it_should_be_arrives():
    at = AppTest.from_function(script, default_timeout=30).run()
    send(at, mark={"x": "a", "y": 1}, place={"axis": "y2", "x": 1, "y": 2}, edit={"seq": 1, "points": [[1, 9, 1]]})
    assert at.session_state["taken"] == {("a", 1), (1.0, 2.0), (((1.0, 4.0, 1),),)}
    send(at, drawn={"seq": 1, "pixels": [16] * 64})
    assert (tuple([16] * 64),) in at.session_state["taken"]
    send(at, rest={"seq": 1, "index": 1}, edits={"edited_rows": {"0": {"x": 5}}})
    assert at.session_state["forged"] == {"at": 4, "rows": "5,0;2,1"}


class Kept:
    """Controls without a page: every parameter that a click may set, and nothing beyond its bounds."""

    def __init__(self, *classes, **prefixed):
        named = dict.fromkeys(classes, "") | {cls: f"{name}." for name, cls in prefixed.items()}
        self.kinds = {prefix + name: kind for cls, prefix in named.items() for name, kind in parameters(cls).items()}
        self.values = {
            prefix + name: default for cls, prefix in named.items() for name, default in defaults(cls).items()
        }

    def set(self, **values):
        self.values |= {name: self.kinds[name].accept(value) for name, value in values.items()}


OPTIMIZERS = Kept(SurfaceSettings, RaceSettings, OptimizersViewState, momentum=optimizers.MomentumSettings)
DESCENT = Kept(DescentSettings, DescentViewState, bowl=BowlSettings, momentum=descent.MomentumSettings)
LOOP = Kept(TrainingLoopSettings, TrainingLoopViewState, map=MapSettings)
BOXES = [*(surface.box for surface in SURFACES.values()), schedules.ANYWHERE]
MAP = SimpleNamespace(plan=SimpleNamespace(lr=torch.linspace(0.1, 4.0, momentum_map.SIDE)))
SWEEP = SimpleNamespace(curves=[SimpleNamespace(name="SGD"), SimpleNamespace(name="Adam")])
PLACE = st.floats(allow_nan=False, allow_infinity=False) | st.floats(-3, 3)


@given(PLACE, PLACE)
def test_a_click_at_any_place_sets_only_what_is_allowed(x, y):
    for box in BOXES:
        shared.start_at(OPTIMIZERS, box, x, y)
    weight_decay._start_at(OPTIMIZERS, x, y)
    momentum._open(OPTIMIZERS, MAP, x, y)
    optimizers_lr_sweep._choose(OPTIMIZERS, x, optimizers_lr_sweep._in_row(SWEEP, y))
    bowl._start_at(DESCENT, 4.0, x, y)
    descent_momentum._open(DESCENT, MAP, x, y)


@given(PLACE | st.text(), PLACE | st.text())
def test_a_click_on_any_mark_sets_only_what_is_allowed(x, y):
    lr_sweep._take(DESCENT, x)
    lr_map._open(LOOP, x, y)
