"""The multilayer perceptron: a playground in which a network learns to tell points of the plane apart."""

from ui.page import begin, show_page

begin(
    "How do simple neurons draw a complicated border?",
    "One neuron can only cut the plane along a straight line. In a network, the neurons of one layer work on the "
    "answers of the layer before. Each tile below is one neuron: orange where it answers high, blue where it answers "
    "low.",
)

from core.multilayer_perceptron.settings import FoldedState, PlaygroundSettings, PlaygroundViewState, SampleState
from pages.multilayer_perceptron import folded, luck, sample, size, watch
from ui.controls import Controls

VIEWS = {"watch": watch, "sample": sample, "folded": folded, "luck": luck, "size": size}

controls = Controls(
    "multilayer_perceptron", PlaygroundViewState, PlaygroundSettings, sample=SampleState, folded=FoldedState
)
show_page(controls, VIEWS)
