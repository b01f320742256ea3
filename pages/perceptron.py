"""The perceptron: a weighted sum that decides."""

from ui.page import begin

begin(
    "How does a weighted sum learn to decide?",
    "A perceptron multiplies each input by a weight, adds everything up, and answers 1 if the sum is above zero, else "
    "0. When an answer is wrong, it changes its weights by a little. That is all it can do. Press Play and watch its "
    "line turn until every point is on the right side.",
)

from core.perceptron.settings import ManySettings, PerceptronLook, PerceptronSettings, PixelSettings
from pages.perceptron import background, bound, learn, limits, many, own, pixels, weights
from pages.perceptron.points import keep_readable
from ui.controls import Controls

controls = Controls("perceptron", PerceptronLook, PerceptronSettings, many=ManySettings, pixels=PixelSettings)
keep_readable(controls)
controls.show_link_problems()
view = controls.show_views("view")

if view == "learn":
    learn.show(controls)
elif view == "own":
    own.show(controls)
elif view == "limits":
    limits.show(controls)
elif view == "bound":
    bound.show(controls)
elif view == "many":
    many.show(controls)
elif view == "weights":
    weights.show(controls)
else:
    pixels.show(controls)

background.show()
