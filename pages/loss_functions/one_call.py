"""What the two calculators share: torch's answer, the bars, the steps, the program."""

import streamlit as st

from core.loss_functions.calculation import Calculation
from core.loss_functions.program import one_call_program, printed_by_one_call
from figures.loss_functions.one_call import arithmetic
from figures.loss_functions.words import as_torch_prints, say, trouble
from figures.picture import Picture
from ui.chart import chart
from ui.controls import Controls
from ui.program import program_panel


def returned(found: Calculation, picture: Picture) -> None:
    """The call, what torch returns, and the picture of it."""
    names = ", ".join(argument.name for argument in found.arguments)
    digits = ", ".join(say(v, 9) for v in found.value.flatten().tolist())
    st.code(
        f">>> {found.code}({names})\n{as_torch_prints(found.value)}   all digits: {digits} ({found.unit})",
        language=None,
        wrap_lines=True,
    )
    if trouble(found.value, found.each):
        st.warning(trouble(found.value, found.each))
    chart(picture, "losses_and_gradient")


def steps(controls: Controls, found: Calculation) -> None:
    """The arithmetic of the chosen sample."""
    row = min(controls.values["row"], len(found.each)) - 1
    st.subheader(f"Step by step: sample {row + 1}")
    st.markdown(arithmetic(found, row))


def program(found: Calculation, before: str = "") -> None:
    """The course's snippet around this call."""
    program_panel(
        one_call_program(found),
        "loss_functions_one_call",
        f"{before}The course's snippet with this loss and this table written in. Run by itself, it prints "
        f"`{printed_by_one_call(found)[0]}`.",
    )
