"""Your points: set them by clicking, typing or from a file, and the perceptron learns them at once."""

from collections.abc import Iterable, Sequence
from functools import partial

import streamlit as st

from core.number_rows import Column
from core.perceptron.curve_labels import curve_of, label_points
from core.perceptron.learn import PerceptronRun
from core.perceptron.own import (
    FARTHEST,
    HEADER,
    MAX_POINTS,
    Point,
    decode,
    encode,
    from_browser,
    point,
    read_csv,
    window,
    write_csv,
)
from core.perceptron.program import learn_program
from core.perceptron.settings import LabelSettings
from figures.perceptron.outcome import outcome
from figures.perceptron.own import canvas_caption, label_words, lines_and_rings
from figures.perceptron.wrong_curve import wrong_curve
from pages.perceptron.run_controls import run_on_screen, run_scrubber
from ui.chart import chart
from ui.controls import Controls
from ui.csv_upload import corrected_dialect, dialect_controls
from ui.layout import Layout, view_layout
from ui.number_table import number_table, rows_of
from ui.points_canvas import points_canvas
from ui.program import program_panel
from ui.scrubber import moment_index

CANVAS, FILE = "perceptron-points", "perceptron-file"
COLUMNS = (*(Column(name, -FARTHEST, FARTHEST) for name in HEADER[:2]), Column(HEADER[2], 0, 1, whole=True))


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
        number_table(controls, "points", COLUMNS, MAX_POINTS, least=0, read=decode, take=partial(_take, controls))
        _files(controls, points)
        _labels(controls)
    with second:
        st.markdown(outcome(run) if run else "")
        st.markdown(f"All {len(points)} points are in the link, which has room for {MAX_POINTS}.")
        st.markdown("**Find out.** How few points are enough to make it go in a circle for ever?")
    if run:
        program_panel(learn_program(run))


def points_of(controls: Controls) -> list[Point]:
    """The points as they stand; the page's own where a link says something else, which is said beside them."""
    return rows_of(controls, "points", COLUMNS, MAX_POINTS, decode)


def _take(controls: Controls, rows: Iterable[Sequence[float]]) -> None:
    """Takes points over, on the grid; every other view then shows them too."""
    controls.set(points=encode(point(*row) for row in rows), data="own", own_at=controls.kinds["own_at"].high)
    st.session_state[f"{FILE}:said"] = ""


def _canvas(controls: Controls, points: list[Point], run: PerceptronRun | None, layout: Layout) -> None:
    half = window(points)
    typed = controls.read_or_last(LabelSettings)
    labelled = encode(points) == encode(label_points(typed.text, typed.n_samples, typed.seed))

    def edited(sent: object) -> None:
        found = from_browser(sent, half)
        if found is not None:
            _take(controls, found)

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


def _files(controls: Controls, points: list[Point]) -> None:
    """The points as a CSV file, out and in."""
    said = st.session_state.get(f"{FILE}:said")
    if said:
        st.info(said)
    st.download_button(
        "Download as CSV",
        lambda: write_csv(points),
        file_name="points.csv",
        mime="text/csv",
        key="perceptron-csv",
        on_click="ignore",
    )
    label = f"Points from a CSV file (x1, x2, class; at most {MAX_POINTS} rows)"
    st.file_uploader(label, type=["csv", "tsv", "txt"], key=FILE, on_change=_take_file, args=(controls,))
    dialect_controls(FILE, on_change=partial(_take_file, controls))


def _labels(controls: Controls) -> None:
    """Random points, labelled by a typed curve."""
    with st.expander("Points above and below a curve"):
        controls.show("labels.text", "labels.n_samples", "labels.seed")
        typed = controls.read_or_last(LabelSettings)
        found = label_points(typed.text, typed.n_samples, typed.seed)
        st.caption(label_words(found))
        st.button("Set these points", on_click=_take, args=(controls, found), key="perceptron-labels")


def _take_file(controls: Controls) -> None:
    file = st.session_state[FILE]
    if file is None:
        return
    content = file.getvalue()
    try:
        points, said = read_csv(content, corrected_dialect(content, FILE))
        _take(controls, points)
        st.session_state[f"{FILE}:said"] = said
    except ValueError as error:
        st.session_state[f"{FILE}:said"] = ""
        controls.problems["points"] = f"{error} The points stay as they were."
