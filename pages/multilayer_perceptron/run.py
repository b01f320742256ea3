"""Which run is on screen, its network as the browser draws it: shared by the views of one and the same run."""

from collections.abc import Callable

import streamlit as st

from core.cache import cached
from core.multilayer_perceptron.activations import ACTIVATIONS
from core.multilayer_perceptron.data import HALF
from core.multilayer_perceptron.maps import maps, neuron_names
from core.multilayer_perceptron.settings import PlaygroundSettings
from core.multilayer_perceptron.watch import Run, RunTask
from figures.multilayer_perceptron.watch import losses, moment
from ui.chart import chart
from ui.controls import Controls
from ui.layout import Layout
from ui.long_work import results
from ui.network_canvas import Network
from ui.scrubber import scrubber

FIRST = ("data", "lr", "activation", "layers", "seed")
MORE = (
    "optimizer",
    "num_epochs",
    "batch_size",
    "features",
    "loss",
    "init",
    "shuffle",
    "noise",
    "share",
    "data_seed",
    "penalty",
    "rate",
    "dropout",
    "frozen",
    "patience",
)
SHOWN = 200  # points of each kind that are drawn
BACK = "multilayer_perceptron-back"


def run_controls(controls: Controls, *shown: str, without: tuple[str, ...] = (), looks: tuple[str, ...] = ()) -> None:
    """The controls of the run.

    Args:
        shown: those in sight, where a view has controls of its own; at most five can be.
        without: those that would change nothing in this view. looks: further ones, which only change the picture.
    """
    shown = shown or FIRST
    left_out = {*shown, *without} | ({"rate"} if controls.values["penalty"] == "none" else set())
    controls.show(*shown)
    controls.show_more(*looks, *(name for name in (*FIRST, *MORE) if name not in left_out))


def run_on_screen(controls: Controls, layout: Layout) -> Run | None:
    """The run of the settings on screen, None if there is none yet; pressing Run moves the scrubber to the end."""
    with layout.side:
        settings = controls.read_or_last(PlaygroundSettings)
    with layout.stage:
        to_end: Callable[[], None] = lambda: controls.set(at=controls.kinds["at"].high)  # noqa: E731
        found = results(
            [RunTask(settings)],
            "multilayer_perceptron",
            run_label=None,
            on_run=to_end,
            watch=lambda run: chart(losses(run), f"losses_after_{run.epochs}"),
            place=layout.run,
        )
    return found[0] if found else None


def time_slider(controls: Controls, run: Run, charts: list[str]) -> int:
    """The scrubber over the recorded moments; returns the index of the chosen one."""
    labels = [moment(run, i) for i in range(len(run.updates))]
    return scrubber(controls, "at", run.updates, labels, charts, run_name(run))


def open_run(controls: Controls, **values: object) -> None:
    """Opens a run in the first view, at its end; `way_back` leads back to where the reader was."""
    values = {"view": "watch", "at": controls.kinds["at"].high} | values
    st.session_state[BACK] = {name: controls.values[name] for name in values}
    controls.set(**values)


def way_back(controls: Controls) -> None:
    """The button that undoes `open_run`, if that is how the reader came here."""
    if before := st.session_state.get(BACK):
        label = f"Back to “{controls.kinds['view'].say(before['view'])}”"
        go: Callable[[], None] = lambda: controls.set(**st.session_state.pop(BACK))  # noqa: E731
        st.button(label, key=f"{BACK}-button", icon=":material/arrow_back:", on_click=go)


def run_name(run: Run) -> str:
    """Changes when the recorded run does."""
    return f"{run.settings}{len(run.updates)}"


@cached
def network_of(run: Run) -> Network:
    """The network's pictures and weights at every recorded moment."""
    found, s = maps(run), run.settings
    labels = {"tanh": "tanh", "linear": ""} | {name: a.label for name, a in ACTIVATIONS.items() if name != "linear"}
    answer = "tanh" if s.output == "tanh" else "" if s.is_regression else "sigmoid"
    return Network(
        names=neuron_names(s),
        activations=[*(labels[layer.activation] for layer in s.hidden), answer],
        inputs=found.inputs,
        hidden=found.hidden,
        output=found.output,
        weights=run.weights.float().numpy(),
        points=run.sample_rows(SHOWN).numpy(),
        half=HALF,
        frozen=(s.frozen_layer or 0) - 1,
    )
