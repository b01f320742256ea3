"""Gradient descent: how big a step?"""

from ui.page import begin, show_page

begin(
    "How big a step leads to the lowest point?",
    "A ball stands on a hillside and cannot see the valley. It feels only how steep the ground is under it, and takes "
    "a step downhill: the steeper, the longer. One number, the learning rate, decides how long the steps are.",
)

from core.gradient_descent.settings import (
    BowlSettings,
    CompareSettings,
    DescentSettings,
    DescentViewState,
    LrSweepSettings,
    MomentumSettings,
    RegressionSettings,
)
from core.settings import parameters
from pages.gradient_descent import bowl, compare, curve, lr_sweep, momentum, regression
from ui.controls import Controls

VIEWS = {
    "curve": curve,
    "bowl": bowl,
    "compare": compare,
    "lr_sweep": lr_sweep,
    "momentum": momentum,
    "regression": regression,
}
ALIASES = {"rates.steps": "lr_sweep.steps"} | {
    f"map.{name}": f"momentum.{name}" for name in parameters(MomentumSettings)
}

controls = Controls(
    "gradient_descent",
    DescentViewState,
    DescentSettings,
    aliases=ALIASES,
    bowl=BowlSettings,
    compare=CompareSettings,
    lr_sweep=LrSweepSettings,
    momentum=MomentumSettings,
    regression=RegressionSettings,
)
show_page(controls, VIEWS)
