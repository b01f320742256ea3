"""The multilayer perceptron: a playground in which a network learns to tell points of the plane apart."""

from ui.page import begin, show_page

begin(
    "How do simple neurons draw a complicated border?",
    "One neuron can only cut the plane along a straight line. In a network, the neurons of one layer work on the "
    "answers of the layer before: lines become corners, islands and spirals.",
)

from core.multilayer_perceptron.digits import DigitsSettings, DigitsViewState
from core.multilayer_perceptron.own import OwnSettings
from core.multilayer_perceptron.settings import FoldedState, PlaygroundSettings, PlaygroundViewState, SampleState
from pages.multilayer_perceptron import digits, folded, luck, own, sample, size, watch
from ui.controls import Controls

VIEWS = {
    "watch": watch,
    "sample": sample,
    "folded": folded,
    "luck": luck,
    "size": size,
    "own": own,
    "digits": digits,
}

controls = Controls(
    "multilayer_perceptron",
    PlaygroundViewState,
    PlaygroundSettings,
    OwnSettings,
    DigitsViewState,
    sample=SampleState,
    folded=FoldedState,
    digits=DigitsSettings,
)
show_page(controls, VIEWS)
