"""Gradient descent: how big a step?"""

from ui.page import begin

begin(
    "How big a step leads to the lowest point?",
    "A ball stands on a hillside and cannot see the valley. It feels only how steep the ground is under it, and takes "
    "a "
    "step downhill: the steeper, the longer. One number decides how long the steps are. Press Play, then make it "
    "larger.",
)

from core.gradient_descent.settings import (
    BowlSettings,
    CompareSettings,
    DescentLook,
    DescentSettings,
    MapSettings,
    RateSettings,
    RegressionSettings,
)
from pages.gradient_descent import background, bowl, compare, curve, momentum_map, rates, regression
from ui.controls import Controls

controls = Controls(
    "gradient_descent",
    DescentLook,
    DescentSettings,
    bowl=BowlSettings,
    compare=CompareSettings,
    rates=RateSettings,
    map=MapSettings,
    regression=RegressionSettings,
)
controls.show_link_problems()
view = controls.show_views("view")

if view == "curve":
    curve.show(controls)
elif view == "bowl":
    bowl.show(controls)
elif view == "compare":
    compare.show(controls)
elif view == "rates":
    rates.show(controls)
elif view == "map":
    momentum_map.show(controls)
else:
    regression.show(controls)

background.show()
