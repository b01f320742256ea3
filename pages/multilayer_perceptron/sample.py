"""One sample: what happens to a training point in the network, and what one update from it alone changes."""

import streamlit as st

from core.multilayer_perceptron.program_sample import sample_program
from core.multilayer_perceptron.sample import Lesson, lesson, link, strongest, whose_loss_falls
from core.multilayer_perceptron.settings import MAX_UPDATES, PlaygroundSettings
from core.multilayer_perceptron.watch import Run
from figures.multilayer_perceptron.sample.network import network_pass, node_at
from figures.multilayer_perceptron.sample.plane import changes, nearest
from figures.multilayer_perceptron.sample.words import by_hand, link_table, neuron_table, taught
from pages.multilayer_perceptron.run import run_controls, run_on_screen, time_slider
from ui.chart import chart, held_chart, table
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

AT_END = {"sample.number": 128, "sample.weight": 0, "sample.updated": False, "at": MAX_UPDATES}
PRESETS = {
    "Spiral": ("After the whole run, a point at the end of an arm.", AT_END),
    "First update": ("Before any training, one point moves the answer everywhere.", AT_END | {"at": 0}),
    "One place, two classes": (
        "In the middle of the spiral two points lie on each other: what helps one hurts the other.",
        AT_END | {"sample.number": 46},
    ),
    "XOR": (
        "Four neurons: every number can be followed.",
        AT_END | {"data": "xor", "layers": "4", "sample.number": 127},
    ),
    "Frozen layer": (
        "The first layer keeps its weights: they get no gradient, and its links stay thin.",
        AT_END | {"data": "circle", "layers": "4, 3", "frozen": "1", "sample.number": 219},
    ),
    "Too long a step": (
        "A single weighted sum with lr = 0.3: the step goes far past the lowest loss.",
        AT_END | {"data": "plane", "layers": "", "lr": 0.3, "sample.number": 61},
    ),
}
WHOSE = {"most": "Nearly all", "some": "Some of them", "few": "Hardly any", "none": "None, not even itself"}


def show(controls: Controls) -> None:
    st.markdown(
        "**What happens to one point, and what does it teach?** Its coordinates go through the network from left to "
        "right; the error comes back, and says how each weight should change."
    )
    layout = view_layout()
    with layout.side:
        controls.show("sample.number", "sample.updated", "sample.weight")
        run_controls(controls, "data", "layers", without=("patience",))
        controls.show_presets(PRESETS, PlaygroundSettings)
    run = run_on_screen(controls, layout)
    if run is None:
        return
    found = lesson(run, min(controls.values["sample.number"], run.data.n_train) - 1)
    with layout.stage:
        at = time_slider(controls, run, ["sample_network", "sample_plane"])
    guessed = _guess(controls, layout, run, found, at)
    number = min(controls.values["sample.weight"], found.weights.shape[1]) or strongest(found, at)
    one = link(found, at, number)
    with layout.stage:
        drawn = network_pass(run, found, controls.values["sample.updated"] and guessed, one.layer, one.neuron)
        chart(drawn, "sample_network", layout.words, on_mark=lambda x, y: _press(controls, found, at, x, y))
    with layout.beside:
        if not guessed:
            held_chart(changes(run, found), "sample_plane", layout.below, hidden=[0])
            return
        chart(changes(run, found), "sample_plane", on_place=lambda x, y: _take(controls, run, x, y))
    with layout.words:
        st.markdown(taught(run, found, at))
        table(neuron_table(found, at), "sample_neurons", "Every sum, answer and gradient at this moment")
        table(link_table(found, at), "sample_weights", "Every weight and its gradient at this moment")
    st.markdown("**Find out.** At which moment does one point move the others most? Which layer learns first?")
    if step := by_hand(found, one):
        worked_step(step)
    program_panel(sample_program(run, found, at, number))


def _guess(controls: Controls, layout: Layout, run: Run, found: Lesson, at: int) -> bool:
    falls = whose_loss_falls(found, at)
    step = f"The weights take one step down the loss (the error) of point {found.row + 1} alone."
    question = f"{step} How many other points does it help?"
    about = (run.settings, run.epochs, found.row, at)
    right = [WHOSE[falls]] if falls else []
    return prediction(controls, layout, question, list(WHOSE.values()), right, taught(run, found, at), about)


def _press(controls: Controls, found: Lesson, at: int, x: float | str, y: float | str) -> None:
    """Takes the weight with the largest gradient among those that lead to the pressed neuron."""
    if node := node_at(found.settings, x, y):
        controls.set(**{"sample.weight": strongest(found, at, *node)})


def _take(controls: Controls, run: Run, x: float, y: float) -> None:
    """Takes the training point next to where the plane was pressed."""
    controls.set(**{"sample.number": nearest(run, x, y) + 1})
