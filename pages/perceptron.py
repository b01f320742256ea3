"""The perceptron: a weighted sum that decides."""

from ui.page import begin, show_page

begin(
    "How does a weighted sum learn to decide?",
    "A perceptron multiplies each input by a weight, adds everything up, and answers 1 if the sum is above zero, "
    "else 0. Whenever the sum of a sample is not on its side of zero, it changes its weights a little. That is all it "
    "can do.",
)

from core.perceptron.settings import LabelSettings, ManySettings, PerceptronSettings, PerceptronViewState, PixelSettings
from pages.perceptron import bound, learn, limits, many, own, pixels, weights
from ui.controls import Controls

VIEWS = {
    "learn": learn,
    "own": own,
    "limits": limits,
    "bound": bound,
    "many": many,
    "weights": weights,
    "pixels": pixels,
}

controls = Controls(
    "perceptron",
    PerceptronViewState,
    PerceptronSettings,
    labels=LabelSettings,
    many=ManySettings,
    pixels=PixelSettings,
)
own.points_of(controls)  # of a link, before any view uses them
show_page(controls, VIEWS)
