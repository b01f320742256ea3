"""Your points: set them by clicking, typing or from a file, and the perceptron learns them at once."""

from functools import partial

import streamlit as st

from core.perceptron.curve_labels import curve_of, label_points
from core.perceptron.learn import PerceptronRun
from core.perceptron.program import learn_program
from core.perceptron.settings import LabelSettings
from core.points import MAX_POINTS, Point, encode, from_browser, window
from figures.perceptron.outcome import outcome
from figures.perceptron.own import canvas_caption, label_words, lines_and_rings
from figures.perceptron.wrong_curve import wrong_curve
from pages.perceptron.run_controls import run_on_screen, run_scrubber
from ui.chart import chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.points_canvas import points_canvas
from ui.points_editor import points_of, points_table, take_points
from ui.program import program_panel
from ui.scrubber import moment_index

CANVAS = "perceptron-points"


def show(controls: Controls) -> None:
    points = points_of(controls)
    st.markdown("**Which points can it learn?** Set your own: click to add, drag to move, double-click to delete.")
    layout = view_layout()
    with layout.side:
        controls.show("order", "lr", "bias")
        controls.show_more("seed", "max_updates")
        controls.reset_button()
        st.button(
            "Watch it learn these points",
            on_click=controls.set,
            kwargs={"view": "learn", "data": "own", "at": 0},
            key="perceptron-watch-own",
            disabled=not points,
        )
    with layout.words:
        run = run_on_screen(controls, "own") if points else None
        if run:
            run_scrubber(controls, run, [CANVAS, "wrong"], "own_at")
    with layout.stage:
        _canvas(controls, points, run, layout)
    with layout.beside:
        if run:
            chart(wrong_curve(run, ("last",)), "wrong")
        else:
            st.info(f"There are no points. Click on the plane to set some; allowed: 1 to {MAX_POINTS}.")
    first, second = st.columns(2, gap="large")
    with first:
        st.subheader("The points as a table")
        points_table(controls, points, partial(take_points, controls, data="own"))
        _labels(controls)
    with second:
        st.markdown(outcome(run) if run else "")
        st.markdown(f"All {len(points)} points are in the link, which has room for {MAX_POINTS}.")
        st.markdown("**Find out.** How few points are enough to make it go in a circle for ever?")
    if run:
        program_panel(learn_program(run))


def _canvas(controls: Controls, points: list[Point], run: PerceptronRun | None, layout: Layout) -> None:
    half = window(points)
    typed = controls.read_or_last(LabelSettings)
    labelled = encode(points) == encode(label_points(typed.text, typed.n_samples, typed.seed))

    def edited(sent: object) -> None:
        found = from_browser(sent, half)
        if found is not None:
            take_points(controls, found, data="own")  # every other view then shows them too

    lines, rings = lines_and_rings(run) if run else ([], [])
    points_canvas(
        CANVAS,
        points,
        edited,
        half=half,
        most=MAX_POINTS,
        lines=lines,
        rings=rings,
        curve=curve_of(typed.text) if labelled else [],
        index=moment_index(run.frame_steps, controls.values["own_at"]) if run else 0,
        run=f"{hash(run.settings) if run else ''}",
    )
    layout.words.caption(canvas_caption(points, labelled))


def _labels(controls: Controls) -> None:
    """Random points, labelled by a typed curve."""
    with st.expander("Points above and below a curve"):
        controls.show("labels.text", "labels.n_samples", "labels.seed")
        typed = controls.read_or_last(LabelSettings)
        found = label_points(typed.text, typed.n_samples, typed.seed)
        st.caption(label_words(found))
        taken = {"on_click": partial(take_points, controls, data="own"), "args": (found,)}
        st.button("Set these points", **taken, key="perceptron-labels")
