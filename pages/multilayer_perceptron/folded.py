"""Folded plane: what a hidden layer makes of the plane and its points, over the whole run."""

import streamlit as st

from core.multilayer_perceptron.folded import Folded, folded, what_the_layer_does
from core.multilayer_perceptron.program_folded import folded_program
from core.multilayer_perceptron.settings import MAX_UPDATES, PlaygroundSettings
from core.multilayer_perceptron.watch import Run
from figures.multilayer_perceptron.folded import as_seen, cut_words, hinges, landing
from pages.multilayer_perceptron.run import run_controls, run_on_screen, time_slider
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

LAST = {"folded.layer": 6, "at": MAX_UPDATES}
PRESETS = {
    "Spiral": ("The third layer has pulled the two arms apart.", LAST),
    "Circle": (
        "Three neurons pull the disc to one side and the ring to the other.",
        LAST | {"data": "circle", "layers": "3"},
    ),
    "Circle, two neurons": (
        "The two neurons are the two axes; to part ring and disc, one more is needed.",
        LAST | {"data": "circle", "layers": "2"},
    ),
    "XOR": (
        "Two neurons bend the plane to an L, and a straight cut takes off its corner.",
        LAST | {"data": "xor", "layers": "2", "seed": 5},
    ),
    "Creases": ("With ReLU the plane is folded along straight creases.", LAST | {"data": "circle", "layers": "3 relu"}),
}
HELD = "The plane with its grid and points. What the layer makes of them is drawn after your guess."
DOES = {
    "same": "Hardly more than in the plane itself",
    "better": "More, but fewer than 95%",
    "parts": "At least 95%",
}


def show(controls: Controls) -> None:
    st.markdown(
        "**What does a hidden layer do to the plane?** It gives each point new coordinates: the answers of its neurons."
    )
    layout = view_layout()
    with layout.side:
        own = st.container()
        run_controls(controls, "data", "layers", "activation", "lr", without=("patience",))
        controls.show_presets(PRESETS, PlaygroundSettings)
        n_hidden = len(controls.read_or_last(PlaygroundSettings).hidden)
        with own:
            if n_hidden > 1:
                controls.show("folded.layer", most=n_hidden)
    run = run_on_screen(controls, layout)
    if run is None:
        return
    if not n_hidden:
        layout.stage.info(
            "This network has no hidden layer: nothing bends the plane, and its border is one straight cut."
        )
        return
    found = folded(run, min(controls.values["folded.layer"], n_hidden))
    if not _guess(controls, layout, run, found):
        with layout.stage:
            lines = range(4, 5 + found.sums.shape[1])  # of the neurons, and the border
            held_chart(hinges(run, found), "folded_hinges", layout.words, hidden=lines, said=HELD)
        return
    with layout.stage:
        at = time_slider(controls, run, ["folded_seen", "folded_hinges"])
        chart(as_seen(run, found), "folded_seen", layout.words)
    with layout.beside:
        chart(hinges(run, found), "folded_hinges")
    layout.words.markdown(cut_words(run, found, at))
    st.markdown(
        "**Find out.** How straight a cut does the layer allow before any training? Which layer does most of the work?"
    )
    worked_step(landing(run, found, at))
    program_panel(folded_program(run, found, at))


def _guess(controls: Controls, layout: Layout, run: Run, found: Folded) -> bool:
    does = what_the_layer_does(found, run.settings.is_regression)
    if does is None:
        return True
    question = (
        f"Layer {found.layer} moves every point to another place. How many points can one straight cut put on the "
        "right side there, at the end of training?"
    )
    why, about = cut_words(run, found, len(run.updates) - 1), (run.settings, run.epochs, found.layer)
    return prediction(controls, layout, question, list(DOES.values()), [DOES[does]], why, about)
