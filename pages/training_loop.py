"""The training loop: a small network learns to add two numbers."""

from ui.page import begin

begin(
    "How does a network learn, one epoch at a time?",
    "This small network is shown two numbers and has to say their sum. At first it knows nothing. "
    "It looks at a few pairs, is told how wrong it was, changes itself a little, and goes on to the next few. "
    "That circle is the training loop. Press Play.",
)

from core.training_loop.own_data import OwnDataSettings
from core.training_loop.settings import TrainingLoopLook, TrainingLoopSettings
from core.training_loop.sweep import SweepSettings
from pages.training_loop import addition, background, mistakes, own_table, sweep, update, watch
from ui.controls import Controls

controls = Controls("training_loop", TrainingLoopLook, TrainingLoopSettings, map=SweepSettings, own=OwnDataSettings)
controls.show_link_problems()
view = controls.show_views("view")

if view == "watch":
    watch.show(controls)
elif view == "update":
    update.show(controls)
elif view == "mistakes":
    mistakes.show(controls)
elif view == "addition":
    addition.show(controls)
elif view == "map":
    sweep.show(controls)
else:
    own_table.show(controls)

background.show()
