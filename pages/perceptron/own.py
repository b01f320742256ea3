"""Your points: set them by clicking, typing or from a file, and the perceptron learns them at once."""

import streamlit as st

from core.perceptron.learn import PerceptronRun
from core.perceptron.margin import margin
from core.perceptron.points import LONGEST_TEXT, MAX_POINTS, from_browser, window
from figures.perceptron.geometry import line_of
from figures.perceptron.limits import wrong_curve
from pages.perceptron import table
from pages.perceptron.points import points_of, take
from pages.perceptron.runs import outcome, program_of, run_on_screen, time_slider
from ui.chart import chart
from ui.controls import Controls
from ui.points_canvas import points_canvas

CANVAS = "perceptron-points"


def show(controls: Controls) -> None:
    points = points_of(controls)
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("order", "lr", "bias")
        controls.show_more("seed", "max_updates")
        controls.reset_button()
        st.button(
            "Watch it learn these points",
            on_click=controls.set,
            kwargs={"view": "learn", "data": "own", "at": 0},
            key="perceptron-watch-own",
            disabled=not points,
            help=None if points else "There are no points to learn from. Set some on the plane.",
        )
    with picture:
        run = run_on_screen(controls, "own") if points else None
        above = st.container()  # there even if empty, so that the plane below stays the same element
        one, two = st.columns(2)
        with above:
            controls.show_problem("points")
            if run:
                time_slider(controls, run, [CANVAS, "wrong"], "own_at")
        with one:
            _canvas(controls, run)
        with two:
            if run:
                chart(wrong_curve(run), "wrong")
            else:
                st.info(f"There are no points. Click on the plane to set some; allowed: 1 to {MAX_POINTS}.")
    first, second = st.columns(2, gap="large")
    with first:
        table.show(controls)
    with second:
        if run:
            st.markdown(outcome(run) + _bound_words(run))
        st.markdown(
            f"All {len(points)} points are in the link: {len(controls.values['points']):,} of at most "
            f"{LONGEST_TEXT:,} characters, enough for {MAX_POINTS} points."
        )
        st.markdown(
            "**Find out with your own points.** Where can you set one more point so that the run needs many more "
            "corrections, although a line still fits? How few points are enough to make it go in a circle for ever? "
            "Switch the bias off: which points can it no longer tell apart?"
        )
    if run:
        program_of(run)


def _canvas(controls: Controls, run: PerceptronRun | None) -> None:
    points = points_of(controls)
    half = window(points)

    def edited(sent: object) -> None:
        found = from_browser(sent, half)
        if found is not None:
            take(controls, found)
            table.forget_message()

    lines, rings, index = [], [], 0
    if run:
        moments = run.moments
        lines = [line_of(run.weights[at], run.samples.bias) for at in moments]
        rings = [int(run.rows[at]) if at < run.updates else -1 for at in moments]
        index = max(i for i, at in enumerate(moments) if at <= controls.values["own_at"])
    points_canvas(
        CANVAS,
        points,
        edited,
        half=half,
        most=MAX_POINTS,
        lines=lines,
        rings=rings,
        index=index,
        run=f"{hash(run.settings) if run else ''}",
    )
    st.caption(
        f"{sum(p.label == 0 for p in points)} points of class 0 (circles), {sum(p.label == 1 for p in points)} of "
        "class 1 (crosses). Click to add, drag to move, double-click to delete. With the keyboard: arrows move a "
        "cross-hair, Enter adds, Delete removes. The ring marks the point that corrects the weights at this moment. "
        "For a larger plane, type a larger coordinate into the table."
    )


def _bound_words(run: PerceptronRun) -> str:
    found = margin(run.samples)
    if not found.separable:
        return " The reason stands under “When no line fits”."
    return f" Margin {found.gamma:.4g}, radius {found.radius:.4g}."
