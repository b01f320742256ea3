"""The matrix product in four readings, step by step; einsum with its index table."""

import streamlit as st

from core.expression.errors import ExpressionError, TorchError
from core.tensors.einsum import Einsum, einsum
from core.tensors.products import product
from core.tensors.program import einsum_lines, matmul_lines, matmul_program
from core.tensors.settings import MatmulSettings
from figures.tensors.products import building, einsum_result, einsum_sentence, factor, letters_table, rule_sentence
from pages.tensors.shared import may_be_typed, more_settings, printed, show_error, stepper
from ui.chart import chart
from ui.controls import Controls
from ui.program import program_panel

EXAMPLES = {  # label: what it shows, and what it sets
    "Dot products": ("Each cell: a row meets a column.", {}),
    "Layers": ("The product as a sum of outer products.", {"reading": "outer"}),
    "Row by row": ("Each row: a mixture of B's rows.", {"reading": "row"}),
    "Column by column": ("Each column: a mixture of A's columns.", {"reading": "column"}),
    "The course's matrix": (
        "[[1, 1], [1, 0]] times itself: Fibonacci's next step.",
        {"a": "[[1, 1], [1, 0]]", "b": "[[1, 1], [1, 0]]"},
    ),
    "Does not fit": ("PyTorch's refusal, explained.", {"b": "[[1, 2, 3], [4, 5, 6]]"}),
    "einsum: product": ("The same product, written with letters.", {"reading": "einsum"}),
    "einsum: trace": (
        "One letter twice: the diagonal.",
        {"a": "torch.arange(9).reshape(3, 3)", "reading": "einsum", "equation": "ii->"},
    ),
    "einsum: batch": (
        "A product for each matrix of a batch.",
        {
            "a": "torch.arange(12).reshape(2, 2, 3)",
            "b": "torch.arange(12).reshape(2, 3, 2)",
            "reading": "einsum",
            "equation": "bij,bjk->bik",
        },
    ),
    "einsum: outer": (
        "No letter is summed over.",
        {"a": "[1, 2, 3]", "b": "[10, 20]", "reading": "einsum", "equation": "i,j->ij"},
    ),
}


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("matmul.a", "matmul.b", "matmul.reading")
        if controls.values["matmul.reading"] == "einsum":
            controls.show("matmul.equation")
        more_settings(controls)
        _presets(controls)
        may_be_typed()
    settings, seed = controls.read(MatmulSettings), controls.values["seed"]
    with picture:
        try:
            lines = (
                _einsum(controls, settings, seed)
                if settings.reading == "einsum"
                else _product(controls, settings, seed)
            )
        except ExpressionError as error:
            show_error(error)
            _questions()
            _program_beside(settings, seed, error)
            return
        printed(lines)
        _questions()
    program_panel(matmul_program(settings, seed), "tensors_matmul")


def _product(controls: Controls, settings: MatmulSettings, seed: int) -> list[str]:
    found = product(settings, seed)
    stepper(controls, "matmul.step", found.steps, "Step")
    st.markdown(found.step.words + ".")
    one, two, three = st.columns(3)
    with one:
        st.markdown("**A**")
        chart(factor("A", found.a, found.step.a), "factor_a")
    with two:
        st.markdown("**B**")
        chart(factor("B", found.b, found.step.b), "factor_b")
    with three:
        st.markdown("**C = A @ B**")
        chart(building(found, settings.reading), "product")
    return matmul_lines(found.a, found.b, found.c)


def _einsum(controls: Controls, settings: MatmulSettings, seed: int) -> list[str]:
    found = einsum(settings, seed)
    if found.c.numel():
        stepper(controls, "matmul.step", found.c.numel(), "Element of the result")
    st.markdown(einsum_sentence(found))
    columns = st.columns(3 if _uses_b(found) else 2)
    with columns[0]:
        st.markdown("**A**")
        chart(factor("A", found.a, found.a_cells), "factor_a")
    if _uses_b(found):
        with columns[1]:
            st.markdown("**B**")
            chart(factor("B", found.b, found.b_cells), "factor_b")
    with columns[-1]:
        st.markdown("**Result**")
        chart(einsum_result(found), "product")
    st.markdown(f"**The letters of** `{found.equation}`. {rule_sentence(found)}")
    st.table(letters_table(found).set_index("letter"))
    return einsum_lines(found.equation, found.a, found.b, found.c)


def _uses_b(found: Einsum) -> bool:
    return "," in found.equation


def _program_beside(settings: MatmulSettings, seed: int, error: ExpressionError) -> None:
    if isinstance(error, TorchError):
        program_panel(matmul_program(settings, seed), "tensors_matmul", "It ends with that error.")
    else:
        program_panel(matmul_program(MatmulSettings(), seed), "tensors_matmul", "The program of the example.")


def _questions() -> None:
    st.markdown(
        "**Find out by stepping.** In which reading is the first row of C finished first, and in which last? What "
        "must B be so that C is A with its columns swapped? Which einsum turns A on its side, and which adds up all "
        "of its cells?"
    )


def _presets(controls: Controls) -> None:
    usual = controls.defaults_of("matmul")
    with st.container(horizontal=True):
        for label, (what, values) in EXAMPLES.items():
            controls.preset(label, what, **usual | {f"matmul.{name}": value for name, value in values.items()})
