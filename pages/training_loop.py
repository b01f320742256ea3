"""The training loop: a small network learns to add two numbers."""

from ui.page import begin, show_page

begin(
    "How does a network learn, one epoch at a time?",
    "This small network is shown two numbers and has to say their sum. At first it knows nothing. "
    "It looks at a few pairs, is told how wrong it was, changes itself a little, and goes on to the next few. "
    "That circle is the training loop.",
)

from core.training_loop import settings
from pages.training_loop import addition, map, mistakes, own, update, watch
from ui.controls import Controls

VIEWS = {"watch": watch, "update": update, "mistakes": mistakes, "addition": addition, "map": map, "own": own}

controls = Controls(
    "training_loop",
    settings.TrainingLoopViewState,
    settings.TrainingLoopSettings,
    aliases={"pins": "pinned", "map_at": "addition.at", "a": "addition.a", "b": "addition.b"},
    addition=settings.AdditionViewState,
    map=settings.MapSettings,
    mistakes=settings.MistakesViewState,
    own=settings.OwnSettings,
    update=settings.UpdateViewState,
)
show_page(controls, VIEWS)
