"""Loss functions: how wrong is a prediction?"""

from ui.page import begin

begin(
    "How wrong is a prediction?",
    "A network looks at a picture and gives every answer a score. One answer is right. A loss turns the scores into "
    "one number: small if the right answer is far ahead, large if it is not. Change a score in the table and watch.",
)

from core.loss_functions.settings import (
    OLD_VIEWS,
    ConstantSettings,
    CrossEntropySettings,
    CurveSettings,
    LossViewState,
    MistakeSettings,
    OtherLossesSettings,
    RegressionSettings,
)
from core.settings import parameters
from pages.loss_functions import constant, cross_entropy, curve, mistakes, other_losses, regression
from ui.background import background
from ui.controls import Controls

VIEWS = {
    "cross_entropy": cross_entropy,
    "regression": regression,
    "other_losses": other_losses,
    "curve": curve,
    "constant": constant,
    "mistakes": mistakes,
}
SETTINGS = {
    "cross_entropy": CrossEntropySettings,
    "regression": RegressionSettings,
    "other_losses": OtherLossesSettings,
    "curve": CurveSettings,
    "constant": ConstantSettings,
    "mistakes": MistakeSettings,
}
ALIASES = {f"{old}.{name}": f"{new}.{name}" for old, new in OLD_VIEWS.items() for name in parameters(SETTINGS[new])}

controls = Controls("loss_functions", LossViewState, aliases=ALIASES, **SETTINGS)
controls.show_link_problems()
view = controls.show_views("view")
VIEWS[view].show(controls)
background("loss_functions", view)
