"""Loss functions: how wrong is a prediction?"""

from ui.page import begin, show_page

begin(
    "How wrong is a prediction?",
    "A network looks at a picture and gives every answer a score. One answer is right. A loss turns the scores into "
    "one number: small if the right answer is far ahead, large if it is not.",
)

from core.loss_functions.settings import ALIASES, SETTINGS, LossViewState
from pages.loss_functions import constant, cross_entropy, curve, mistakes, other_losses, probability, regression
from ui.controls import Controls

VIEWS = {
    "cross_entropy": cross_entropy,
    "regression": regression,
    "other_losses": other_losses,
    "curve": curve,
    "constant": constant,
    "probability": probability,
    "mistakes": mistakes,
}

controls = Controls("loss_functions", LossViewState, aliases=ALIASES, **SETTINGS)
show_page(controls, VIEWS)
