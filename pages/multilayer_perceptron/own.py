"""Your points: set them by clicking, typing or from a file, and see the border that the network draws around them."""

from functools import partial

import streamlit as st

from core.multilayer_perceptron.data import HALF
from core.multilayer_perceptron.maps import maps
from core.multilayer_perceptron.own import (
    NOT_FOR_POINTS,
    STRANGER,
    STRIPES,
    TARGET,
    Own,
    own_program,
    own_task,
    scale_of,
)
from core.multilayer_perceptron.settings import PlaygroundSettings
from core.multilayer_perceptron.watch import Run
from core.points import MAX_POINTS, Point, decode, from_browser, window
from figures.multilayer_perceptron.own import canvas_caption, first_point, fit, moment
from pages.multilayer_perceptron.run import MORE, run_name
from ui.chart import chart
from ui.controls import Controls
from ui.last_good import last_good
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.points_canvas import Field, points_canvas
from ui.points_editor import points_of, points_table, take_points
from ui.program import program_panel
from ui.scrubber import moment_index, scrubber
from ui.worked_step import worked_step

CANVAS = "multilayer_perceptron-points"
PRESETS = {
    "Target": ("A ring around a spot: no straight line, and not one bend, is enough.", {"points": TARGET}),
    "A stranger": ("One cross alone among circles: the network draws an island for it.", {"points": STRANGER}),
    "Stripes": ("Five stripes: the border has to fold.", {"points": STRIPES}),
    "Two neurons": ("The target again, with a network that is too small for it.", {"points": TARGET, "layers": "2"}),
}


def show(controls: Controls) -> None:
    points = points_of(controls)
    st.markdown(
        "**What does it make of your points?** Set your own: click to add, drag to move, double-click to delete."
    )
    layout = view_layout()
    with layout.side:
        sentence = st.container()  # on a phone it is right under the points
        controls.show("lr", "activation", "layers", "seed")
        unused = {*NOT_FOR_POINTS, "rate"} if controls.values["penalty"] == "none" else NOT_FOR_POINTS
        controls.show_more(*(name for name in MORE if name not in unused))
        controls.show_presets(PRESETS)
        settings = controls.read_or_last(PlaygroundSettings)
    with sentence:
        learned, task = last_good(controls, Own(settings, controls.values["points"]), own_task)
    with layout.words:
        found = results(
            [task],
            "multilayer_perceptron-own",
            run_label=None,
            on_run=lambda: controls.set(own_at=controls.kinds["own_at"].high),
            place=layout.run,
        )
        run = found[0] if found else None
        if run:
            labels = [moment(run, i) for i in range(len(run.updates))]
            scrubber(controls, "own_at", run.updates, labels, [CANVAS, "fit"], run_name(run) + learned.points)
    with layout.stage:
        _canvas(controls, points, run, learned)
    layout.words.caption(canvas_caption(points))
    if run:
        _words(layout, run, decode(learned.points))
    st.subheader("The points as a table")
    points_table(controls, points, partial(take_points, controls))
    st.markdown(f"The link holds your points: {len(points)} of at most {MAX_POINTS}.")
    if run:
        program_panel(own_program(run, decode(learned.points)))


def _words(layout: Layout, run: Run, points: list[Point]) -> None:
    with layout.beside:
        chart(fit(run), "fit")
    if scale_of(points) > 1:
        st.markdown(f"Some points lie far out: the network is given all coordinates divided by {scale_of(points)}.")
    st.markdown("**Find out.** How few neurons still draw an island around a point that stands alone?")
    step = first_point(run, points)
    if step:
        worked_step(step)


def _canvas(controls: Controls, points: list[Point], run: Run | None, learned: Own) -> None:
    half = window(points, int(HALF))

    def edited(sent: object) -> None:
        found = from_browser(sent, half)
        if found is not None:
            take_points(controls, found)

    points_canvas(
        CANVAS,
        points,
        edited,
        half=half,
        most=MAX_POINTS,
        field=Field(maps(run).output, HALF * scale_of(decode(learned.points))) if run else None,
        index=moment_index(run.updates, controls.values["own_at"]) if run else 0,
        run=run_name(run) + learned.points if run else "",
    )
