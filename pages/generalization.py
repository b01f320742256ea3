"""Generalization: how a model does on data that it has not seen."""

from ui.page import begin, show_page

begin(
    "Does it also work on data it has never seen?",
    "A model can learn its examples by heart and still be useless. So some of the data are kept out of the training: "
    "the holdout set. Only there can you see what has been understood.",
)

from core.generalization.settings import (
    CurveSettings,
    DegreeSettings,
    DoubleSettings,
    GeneralizationViewState,
    HiddenSettings,
    LeakageSettings,
    PeekingSettings,
    SplitSettings,
    TrainingSettings,
    WidthSettings,
)
from pages.generalization import (
    bias_variance,
    digits,
    double_descent,
    fit,
    leakage,
    learning_curve,
    peeking,
    training,
    width,
)
from ui.controls import Controls

VIEWS = {
    "fit": fit,
    "bias_variance": bias_variance,
    "double_descent": double_descent,
    "learning_curve": learning_curve,
    "training": training,
    "width": width,
    "digits": digits,
    "peeking": peeking,
    "leakage": leakage,
}

controls = Controls(
    "generalization",
    GeneralizationViewState,
    CurveSettings,
    DegreeSettings,
    HiddenSettings,
    double_descent=DoubleSettings,
    training=TrainingSettings,
    width=WidthSettings,
    split=SplitSettings,
    peeking=PeekingSettings,
    leakage=LeakageSettings,
)
show_page(controls, VIEWS)
