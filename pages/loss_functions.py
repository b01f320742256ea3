"""Loss functions: how wrong is a prediction?"""

from ui.page import begin

begin(
    "How wrong is a prediction?",
    "A network looks at a picture and gives every answer a score. One answer is right. A loss turns the scores into "
    "one number: small if the right answer is far ahead, large if it is not. Change a score in the table and watch.",
)

from core.loss_functions.settings import (
    ClassSettings,
    ConstantSettings,
    CurveSettings,
    LossLook,
    MistakeSettings,
    MoreSettings,
    NumberSettings,
)
from pages.loss_functions import background, classes, constant, curve, mistakes, more, numbers
from ui.controls import Controls

controls = Controls(
    "loss_functions",
    LossLook,
    classes=ClassSettings,
    numbers=NumberSettings,
    more=MoreSettings,
    curve=CurveSettings,
    constant=ConstantSettings,
    mistakes=MistakeSettings,
)
controls.show_link_problems()
view = controls.show_views("view")

if view == "classes":
    classes.show(controls)
elif view == "numbers":
    numbers.show(controls)
elif view == "more":
    more.show(controls)
elif view == "curve":
    curve.show(controls)
elif view == "constant":
    constant.show(controls)
else:
    mistakes.show(controls)

background.show()
