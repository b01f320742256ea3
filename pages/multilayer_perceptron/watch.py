"""Watch it learn: the network, every neuron's own picture, and the whole run to scrub."""

from dataclasses import replace

import streamlit as st

from core.multilayer_perceptron.activations import ACTIVATIONS
from core.multilayer_perceptron.program import watch_program
from core.multilayer_perceptron.settings import PlaygroundSettings
from core.multilayer_perceptron.watch import Run, RunTask, falls_by_third
from core.multilayer_perceptron.weights import measured, saved
from core.pinned import MOST_PINNED, title
from figures.multilayer_perceptron.watch import losses, neuron_by_hand, sample_table, weight_table, worth
from figures.words import fmt
from pages.multilayer_perceptron.run import network_of, run_controls, run_name, run_on_screen, time_slider, way_back
from ui.chart import chart, held_chart, table
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.network_canvas import network_canvas
from ui.pinned import pinned_runs
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Spiral": ("Three layers learn two arms that wind around each other.", {}),
    "Circle": ("Three neurons cut three lines; together they fence the circle in.", {"data": "circle", "layers": "3"}),
    "XOR": ("One hidden layer is enough for what one neuron cannot do.", {"data": "xor", "layers": "8"}),
    "Too small": ("Two neurons cannot learn the spiral, however long they try.", {"layers": "2"}),
    "As in TF Playground": (
        "A run recorded from TensorFlow Playground: same data, same first weights, same losses.",
        {
            "data": "file",
            "layers": "4,2",
            "init": "file",
            "loss": "squared",
            "optimizer": "SGD",
            "lr": 0.03,
            "shuffle": False,
        },
    ),
}
ENDS = "Where the losses ended. How they came there is drawn after your guess."
USUAL = "the spiral's run"
PIN = f"Its test loss stays in the picture, and in the link, when you change a setting; up to {MOST_PINNED} runs."
THIRDS = ("In the first third", "In the middle third", "In the last third")


def show(controls: Controls) -> None:
    way_back(controls)
    st.markdown(
        "**What does each neuron see, and how do they share the work?** Each mixes the maps of the layer before it "
        "into a map of its own."
    )
    layout = view_layout()
    with layout.side:
        run_controls(controls, looks=("test_points", "discrete"))
        controls.show_presets(PRESETS, PlaygroundSettings)
    run = run_on_screen(controls, layout)
    if run is None:
        return
    guessed = _guess(controls, layout, run)
    with layout.stage:
        at = time_slider(controls, run, ["network", "losses"]) if guessed else len(run.updates) - 1
        alt = f"The network at this moment: {' – '.join(map(str, run.settings.sizes))} neurons, each with its map."
        looks = {"discrete": controls.values["discrete"], "tests": controls.values["test_points"]}
        network_canvas("network", network_of(run), index=at, run=run_name(run), alt=alt, **looks)
    layout.words.caption(
        "A tile is one neuron's map of the plane: orange where it answers high, blue where low. A line's width is the "
        "size of a weight, its colour the sign (orange: above 0), a small square the bias; press a tile for its "
        "equation."
    )
    with layout.words:
        if not guessed:
            held_chart(replace(losses(run), frames=()), "losses", layout.words, hidden=(0, 1), said=ENDS)
            return
        _losses(controls, run)
        table(weight_table(run, at), "weights", "Weights and biases at this moment")
        table(sample_table(run), "points", "The points")
        _weights_file(run, at)
    st.markdown("**Find out.** Which neurons draw the straight lines, and which the bends? What can a single layer do?")
    program_panel(watch_program(run))
    _by_hand(run)


def _weights_file(run: Run, at: int) -> None:
    with st.expander("Save or load weights"):
        save = {"file_name": "multilayer_perceptron.safetensors", "on_click": "ignore"}
        key = "multilayer_perceptron-save"
        st.download_button("Save the weights of this moment", lambda: saved(run, at), key=key, **save)
        file = st.file_uploader("Weights file (.safetensors)", key="multilayer_perceptron-weights")
        try:
            if file is not None:
                st.success(worth(run, measured(run, file.getvalue())))
        except ValueError as error:
            st.error(str(error))


def _losses(controls: Controls, run: Run) -> None:
    """The curves, with those of pinned runs in the same picture."""
    area = st.container()
    pinned = pinned_runs(controls, run.settings, USUAL, PIN)
    others = [settings for settings in pinned if settings != run.settings]
    found = results([RunTask(one) for one in others], "multilayer_perceptron-pinned", run_label=None) if others else []
    with area:
        named = zip([title(one, USUAL) for one in others], found or [], strict=False)
        chart(losses(run, tuple(named)), "losses")


def _guess(controls: Controls, layout: Layout, run: Run) -> bool:
    falls = falls_by_third(run)
    if not falls or max(falls) <= 0:  # it diverged, or learned nothing: there is nothing to guess
        return True
    most = [THIRDS[i] for i, fall in enumerate(falls) if fall == max(falls)]
    moved = [f"{'fell' if fall >= 0 else 'rose'} by {fmt(abs(fall), 3)}" for fall in falls]
    why = f"The training loss {moved[0]} in the first third, {moved[1]} in the middle and {moved[2]} in the last."
    why += " The chart's axis is logarithmic: there, a drop near 0 looks larger than it is."
    question = "The network has been trained. When did its loss, the size of its error, fall the most?"
    return prediction(controls, layout, question, THIRDS, most, why, (run.settings, run.epochs))


def _by_hand(run: Run) -> None:
    found = neuron_by_hand(run)
    if found:
        name, terms, total, answer = found
        activation = run.settings.hidden[0].activation
        says = (
            "itself, for want of an activation"
            if activation == "linear"
            else f"{ACTIVATIONS[activation].label}({total})"
        )
        worked_step(
            f"At the end, neuron {name} is given the first training point. Its weighted sum is {terms} = {total}, and "
            f"its answer {says} = **{answer}**."
        )
