"""Mistakes with autograd, each really made, beside the right way."""

import streamlit as st

from core.backpropagation.mistakes import try_mistake
from core.backpropagation.program import mistakes_program
from core.backpropagation.settings import MistakeSettings
from core.tried import effect
from figures.backpropagation.mistakes import by_hand, said, two_bars
from ui.controls import Controls
from ui.layout import view_layout
from ui.mistake import guess_effect, show_mistake
from ui.program import program_panel
from ui.worked_step import worked_step

MISTAKES = {  # mistake -> its controls, its lines of code, the right lines, why
    "no_zero_grad": (
        ("passes",),
        "for _ in range({passes}):\n    loss = (w * x - 1) ** 2\n    loss.backward()",
        "for _ in range({passes}):\n    optimizer.zero_grad()\n    loss = (w * x - 1) ** 2\n    loss.backward()",
        "`backward()` adds to what stands in `w.grad`, as messages add up at a fork; it never replaces it. Without "
        "`zero_grad()` the step uses the sum of all passes so far, and no error is raised.",
    ),
    "in_place": (
        (),
        "y = torch.sigmoid(w * x)\ny -= 1  # in place\n(y ** 2).backward()",
        "y = torch.sigmoid(w * x)\ny = y - 1  # a new tensor\n(y ** 2).backward()",
        "On the way back, the sigmoid needs its own output, y (1 − y). `y -= 1` overwrites it. Every tensor counts its "
        "changes, so autograd notices: the *version* of the output is 1, and it should still be 0.",
    ),
    "leaf_in_place": (
        (),
        "loss.backward()\nw -= 0.1 * w.grad",
        "loss.backward()\nwith torch.no_grad():\n    w -= 0.1 * w.grad",
        "A *leaf* is where the graph begins. Changed by a recorded operation, w would be no beginning any more, so "
        "autograd refuses. The update is no part of the calculation: `torch.no_grad()` leaves it unrecorded. An "
        "optimizer's `step()` does that for you.",
    ),
    "detach": (
        (),
        "hidden = (w * x).detach()\nloss = (v * hidden - 1) ** 2  # v = 1\nloss.backward()",
        "hidden = w * x\nloss = (v * hidden - 1) ** 2  # v = 1\nloss.backward()",
        "`detach()` gives the same numbers without their history, so the way back ends there. v still learns, w never "
        "does, and no error is raised. `.item()`, `.data` and `torch.tensor(hidden)` cut the graph as well.",
    ),
    "no_requires_grad": (
        (),
        "w = torch.tensor(w0)\nloss = (w * x - 1) ** 2\nloss.backward()",
        "w = torch.tensor(w0, requires_grad=True)\nloss = (w * x - 1) ** 2\nloss.backward()",
        "A plain tensor asks for no gradient, so nothing is recorded: the result has no `grad_fn`, which is the way "
        "back. *Element 0 of tensors* is the loss. The parameters of an `nn.Module` ask by themselves.",
    ),
    "twice": (
        (),
        "loss.backward()\nloss.backward()",
        "loss.backward()",
        "The graph keeps values that its way back needs, and the first `backward()` frees them to save memory. Compute "
        "the loss again for each pass; `retain_graph=True` keeps the values, and then the gradients add up.",
    ),
}
PRESETS = {
    "Three passes": ("Without zero_grad() the gradients add up.", {}),
    "A cut": ("detach(): the weight never learns.", {"mistakes.mistake": "detach"}),
    "A plain tensor": ("Nothing asks for a gradient.", {"mistakes.mistake": "no_requires_grad"}),
}


def show(controls: Controls) -> None:
    st.markdown("**What goes wrong with gradients, and does PyTorch tell you?** Each mistake is really made.")
    layout = view_layout()
    with layout.side:
        controls.show("mistakes.mistake")
        names, wrong, right, why = MISTAKES[controls.values["mistakes.mistake"]]
        controls.show(*(f"mistakes.{name}" for name in names), "mistakes.w", "mistakes.x")
        controls.show_presets(PRESETS, MistakeSettings)
    settings = controls.read(MistakeSettings)
    tried = try_mistake(settings)
    guessed = guess_effect(controls, layout, tried, effect(tried), said)
    wrong, right = (lines.format(**vars(settings)) for lines in (wrong, right))
    show_mistake(layout, guessed, two_bars, tried, wrong, right)
    if not guessed:
        return
    with layout.words:
        st.markdown(why)
        worked_step(by_hand(tried))
        st.markdown("**Find out.** Which two of the six mistakes raise no error, and how would you notice them?")
    program_panel(mistakes_program(settings))
