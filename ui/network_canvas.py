"""A network whose neurons show what they answer over the plane, moved by the scrubber of the page.

    network_canvas("network", network, index=40, run="...", alt="...")

A neuron is a button: a click, a tap or Enter shows its map large, with its equation and the weights of the moment. All
of that happens in the browser; the server is not asked.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

_HERE = Path(__file__)
_component = st.components.v2.component(
    "network_canvas",
    html='<div class="network" role="group"><div class="plan"><canvas></canvas></div><div class="large">'
    '<canvas></canvas><output aria-live="polite"></output></div></div>',
    css=_HERE.with_suffix(".css").read_text(encoding="utf-8"),
    js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True, eq=False)
class Network:
    """What the browser needs to draw a run's network.

    Attributes:
        names: of the nodes, layer by layer, from the inputs to the one answer.
        activations: of each layer but the inputs, as an equation writes them: "tanh", or "" for none.
        inputs: shape (inputs, side, side), uint8: their pictures, 1 for -1, 128 for 0, 255 for 1.
        hidden: shape (moments, hidden neurons, side, side), likewise. output: shape (moments, large, large).
        weights: shape (moments, weights), float32: for each layer the matrix (out, in) row by row, then the biases.
        points: x1, x2, target and 0 for training or 1 for testing of each sample. half: the plane reaches from -half
            to half.
        frozen: the layer that keeps its first weights, 0 for the first one; -1 for none.
    """

    names: Sequence[Sequence[str]]
    activations: Sequence[str]
    inputs: np.ndarray
    hidden: np.ndarray
    output: np.ndarray
    weights: np.ndarray
    points: np.ndarray
    half: float
    frozen: int = -1


def network_canvas(
    key: str, network: Network, *, index: int, run: str, alt: str, discrete: bool = False, tests: bool = True
) -> None:
    """Shows the network.

    Args:
        key: what the scrubber calls it among its charts.
        index: the moment shown at first; then the scrubber decides. run: changes when the recorded run does.
        alt: what there is to see, for a screen reader.
        discrete: two colours, by the side of 0. tests: whether samples for testing are drawn.
    """
    data = {name: getattr(network, name) for name in ("names", "activations", "half", "frozen")}
    data |= {name: _base64(getattr(network, name)) for name in ("inputs", "hidden", "output")}
    data |= {"weights": _base64(network.weights.astype("<f4")), "points": network.points.round(3).tolist()}
    data |= {"side": network.inputs.shape[-1], "large": network.output.shape[-1], "moments": len(network.output)}
    _component(
        key=key, data=data | {"key": key, "index": index, "run": run, "alt": alt, "discrete": discrete, "tests": tests}
    )


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()
