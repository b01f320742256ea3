"""Powers of a matrix: growth, overflow, walks, chains."""

import streamlit as st

from core.tensors.power import Power, is_chain, is_graph, is_right, power
from core.tensors.program import power_program
from core.tensors.settings import PowerSettings
from figures.tensors.index import only
from figures.tensors.power import comparison, eigenvalues, growth, result, verdict
from figures.tensors.walks import chain, graph
from figures.words import fmt
from pages.tensors.shared import computed, more_controls
from ui.chart import chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel

FIBONACCI, TURN, SHRINK = "[[1, 1], [1, 0]]", "[[0, -1], [1, 0]]", "[[0.5, 0.2], [0.1, 0.4]]"
PATHS, WEATHER = "[[0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 1], [0, 0, 1, 0]]", "[[0.9, 0.1], [0.5, 0.5]]"
PRESETS = {
    label: (what, {"power.matrix": matrix, "power.n": n, "power.dtype": dtype, "power.style": style})
    for label, matrix, n, dtype, style, what in (
        ("n = 2", FIBONACCI, 2, "int64", "size", "The course: [[2, 1], [1, 1]]."),
        ("n = 3", FIBONACCI, 3, "int64", "size", "The course: [[3, 2], [2, 1]]."),
        ("n = 4", FIBONACCI, 4, "int64", "size", "The course: [[5, 3], [3, 2]]."),
        ("Last right: 91", FIBONACCI, 91, "int64", "size", "The last power that fits into int64."),
        ("First wrong: 92", FIBONACCI, 92, "int64", "size", "F(93) does not fit: a negative number appears."),
        ("Rounded", FIBONACCI, 92, "float64", "size", "float64 keeps 53 binary digits."),
        ("Backwards", FIBONACCI, -4, "float64", "size", "A negative power undoes steps."),
        ("No inverse for int64", FIBONACCI, -1, "int64", "size", "PyTorch's refusal, explained."),
        ("Quarter turns", TURN, 12, "int64", "size", "Every fourth power is the same."),
        ("Shrinks", SHRINK, 20, "float64", "size", "All eigenvalues below 1."),
        ("Walks", PATHS, 3, "int64", "walks", "Powers count walks in a graph."),
        ("Weather", WEATHER, 12, "float64", "chain", "A Markov chain settles."),
    )
}

RIGHT, WRONG = "Yes, each of them", "No, not all"


def show(controls: Controls) -> None:
    st.markdown("**How large do the powers of a matrix become, and how long are PyTorch's numbers right?**")
    layout = view_layout()
    with layout.side:
        controls.show("power.matrix", "power.n", "power.dtype", "power.style")
        seed, asked = controls.values["seed"], controls.read(PowerSettings)
        settings, found, refused = computed(controls, layout, asked, lambda one: power(one, seed))
        more_controls(controls, PRESETS, PowerSettings)
    with layout.stage:
        if not refused and not _guess(controls, layout, settings, found):
            chart(only(found.a, "A"), "power_of", layout.words)
            return
        layout.words.markdown(verdict(found))
        _show_style(layout, settings.style, found)
    with layout.beside:
        chart(result(found), "power")
    with layout.below:
        left, right = st.columns([1.4, 1], gap="large")
        with left:
            st.table(comparison(found).set_index("entry"))  # unlike st.dataframe it wraps long numbers
        with right:
            chart(eigenvalues(found), "eigenvalues")
        st.markdown("**Find out.** At which n does float32 lose its first Fibonacci number, and at which float64?")
    program_panel(power_program(refused or settings, None if refused else found, seed))


def _guess(controls: Controls, layout: Layout, settings: PowerSettings, found: Power) -> bool:
    if found.exact is None:
        return True
    question = (
        f"PyTorch computes A to the power {fmt(found.n)} in {settings.dtype}. Is each of its numbers exactly right?"
    )
    right = RIGHT if is_right(found) else WRONG
    why = "The table below compares each with the exact one."  # the verdict stands below the chart
    return prediction(controls, layout, question, [RIGHT, WRONG], [right], why, settings)


def _show_style(layout: Layout, style: str, found: Power) -> None:
    if style == "walks" and is_graph(found.a) and found.n >= 0:
        chart(graph(found), "graph", layout.words)
        return
    if style == "chain" and is_chain(found.a) and found.n >= 0:
        chart(chain(found), "chain", layout.words)
        return
    if style == "walks":
        layout.words.info("Walks need whole numbers of arrows, 0 to 9, and n of at least 0. Shown instead: how large.")
    if style == "chain":
        layout.words.info("A chain needs rows of probabilities that sum to 1, and n of at least 0. Shown: how large.")
    chart(growth(found), "growth", layout.words)
