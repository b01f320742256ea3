"""Mistakes with modules, each really made, beside the right way."""

import streamlit as st

from core.neural_networks.mistakes import try_mistake
from core.neural_networks.program import mistakes_program
from core.neural_networks.settings import MistakeSettings
from core.tried import effect
from figures.neural_networks.mistakes import by_hand, two_bars
from ui.controls import Controls
from ui.layout import view_layout
from ui.mistake import guess_effect, show_mistake
from ui.program import program_panel
from ui.worked_step import worked_step

MISTAKES = {  # mistake -> its controls, its lines of code, the right lines, why
    "plain_list": (
        ("n_layers",),
        "layers = [nn.Linear(8, 8) for _ in range({n_layers})]\nself.hidden_layers = layers\n"
        "self.output_layer = nn.Linear(8, 1)",
        "layers = [nn.Linear(8, 8) for _ in range({n_layers})]\nself.hidden_layers = nn.ModuleList(layers)\n"
        "self.output_layer = nn.Linear(8, 1)",
        "A module looks for modules and parameters among its attributes, but not inside lists. The layers of the list "
        "compute, yet no optimizer gets them, `state_dict()` does not save them, and `.to(device)` leaves them behind. "
        "`nn.ModuleList` is a list that the module can see into.",
    ),
    "no_super": (
        (),
        "def __init__(self):\n    self.hidden_layer = nn.Linear(10, 64)",
        "def __init__(self):\n    super().__init__()\n    self.hidden_layer = nn.Linear(10, 64)",
        "`nn.Module.__init__` makes the empty dictionaries in which a module keeps its layers. Before it has run, "
        "there is no place for a layer, and PyTorch says so.",
    ),
    "forward": (
        ("calls",),
        "model.register_forward_hook(count)\nmodel.forward(x)",
        "model.register_forward_hook(count)\nmodel(x)",
        "`model(x)` runs the hooks and calls `forward`. `model.forward(x)`, as in the course notes, gives the same "
        "numbers but skips the hooks, and tools that count, prune or watch a model by hooks see nothing.",
    ),
    "no_eval": (
        ("p", "calls"),
        "# the model has an nn.Dropout({p}), and is still in train()\nanswer = model(x)",
        "model.eval()\nanswer = model(x)",
        "A new module is in `train()`. There dropout draws again at every call, so the same input gets another answer "
        "each time. Batch norm uses the statistics of whatever batch it is given. `model.eval()` ends both.",
    ),
    "in_features": (
        ("in_features",),
        "nn.Linear(10, 64), nn.ReLU(), nn.Linear({in_features}, 2)",
        "nn.Linear(10, 64), nn.ReLU(), nn.Linear(64, 2)",
        "Making the layer raises no error: a layer does not know what comes before it. Only the first call finds out. "
        "In torch's text, the first pair is the input, the second the layer's own weights.",
    ),
}


def show(controls: Controls) -> None:
    st.markdown("**What goes wrong with modules, and does PyTorch tell you?** Each mistake is really made.")
    layout = view_layout()
    with layout.side:
        controls.show("mistakes.mistake")
        settings = controls.read(MistakeSettings)
        names, wrong, right, why = MISTAKES[settings.mistake]
        controls.show(*(f"mistakes.{name}" for name in names))
        controls.reset_button()
    tried = try_mistake(settings)
    guessed = guess_effect(controls, layout, tried, effect(tried))
    wrong, right = (lines.format(**vars(settings)) for lines in (wrong, right))
    show_mistake(layout, guessed, two_bars, tried, wrong, right)
    if not guessed:
        return
    with layout.words:
        if step := by_hand(tried):
            worked_step(step)
        st.markdown(why)
        st.markdown("**Find out.** Which of the five mistakes would you notice only by a bad result?")
    program_panel(mistakes_program(settings))
