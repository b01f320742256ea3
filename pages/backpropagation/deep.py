"""A deep chain: how the gradient vanishes or explodes on its way back, and by which factors."""

import streamlit as st

from core.backpropagation.deep import Chain, fate, run_chain
from core.backpropagation.program import deep_program
from core.backpropagation.settings import DeepSettings
from figures.backpropagation.deep import by_hand, factors, forward, outcome, sizes
from figures.words import plural
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

PRESETS = {
    "Sigmoid": ("Its slope is at most ¼: the gradient vanishes.", {}),
    "Sigmoid, w = 4": ("With a larger weight even less is left: there the sigmoid is flat.", {"deep.weight": 4.0}),
    "ReLU, w = 1.5": ("Slope 1, so w alone decides: it explodes.", {"deep.activation": "relu", "deep.weight": 1.5}),
    "Skip connections": ("h + f(w h): the factor is near 1 where f is flat.", {"deep.residual": True}),
    "Dead": ("A ReLU below 0 has the slope 0.", {"deep.activation": "relu", "deep.weight": -1.0}),
}
LEFT = {
    "vanishes": "Less than a thousandth",
    "shrinks": "A thousandth to a half",
    "keeps": "A half to twice as much",
    "more": "More than twice as much",
}
GROUPS = {"zero": "vanishes", "grows": "more", "explodes": "more"}
HELD = "The way forward: the value of each layer. The way back, the gradient at each layer, is drawn after your guess."


def show(controls: Controls) -> None:
    st.markdown(
        "**What is left of the gradient after many layers?** Here each layer is one neuron: it multiplies the value h "
        "by the weight w, and the activation f makes the next value of it, h ← f(w·h)."
    )
    layout = view_layout()
    with layout.side:
        controls.show("deep.depth", "deep.weight", "deep.activation", "deep.residual", "deep.x")
        chain = run_chain(controls.read(DeepSettings))
        controls.show_presets(PRESETS, DeepSettings)
    if not _guess(controls, layout, chain):
        with layout.stage:
            held_chart(forward(chain), "deep_forward", layout.words, said=HELD)
        return
    with layout.stage:
        chart(sizes(chain), "deep_sizes", layout.words)
    with layout.beside:
        chart(factors(chain), "deep_factors")
    with layout.below:
        worked_step(by_hand(chain))
        st.markdown(
            "**Find out.** With tanh, which w keeps the gradient's size over 20 layers best? Why do 100 layers with "
            "skip connections still learn?"
        )
    program_panel(deep_program(chain))


def _guess(controls: Controls, layout: Layout, chain: Chain) -> bool:
    said = fate(chain)
    layers = plural(chain.settings.depth, "layer")
    question = f"At the output the gradient is 1. How much of it arrives at the input, {layers} earlier?"
    right = [LEFT[GROUPS.get(said, said)]]
    return prediction(controls, layout, question, list(LEFT.values()), right, outcome(chain), chain.settings)
