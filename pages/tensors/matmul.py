"""The matrix product in four readings, step by step; einsum with its index table."""

import streamlit as st

from core.expression.errors import ExpressionError
from core.tensors.einsum import Einsum, einsum
from core.tensors.facts import index_of
from core.tensors.matmul import Product, product
from core.tensors.program import matmul_program
from core.tensors.settings import MatmulSettings
from figures.tensors.matmul import (
    building,
    einsum_result,
    einsum_words,
    factor,
    letters_table,
    rule_words,
    step_words,
)
from pages.tensors.shared import more_controls, show_error, usable
from ui.chart import chart
from ui.controls import Controls
from ui.program import program_panel
from ui.scrubber import scrubber

PRESETS = {
    "Dot products": ("Each cell: a row meets a column.", {}),
    "Layers": ("The product as a sum of outer products.", {"matmul.reading": "outer"}),
    "Row by row": ("Each row: a mixture of B's rows.", {"matmul.reading": "row"}),
    "Column by column": ("Each column: a mixture of A's columns.", {"matmul.reading": "column"}),
    "The course's matrix": (
        "[[1, 1], [1, 0]] times itself: Fibonacci's next step.",
        {"matmul.a": "[[1, 1], [1, 0]]", "matmul.b": "[[1, 1], [1, 0]]"},
    ),
    "Does not fit": ("PyTorch's refusal, explained.", {"matmul.b": "[[1, 2, 3], [4, 5, 6]]"}),
    "einsum: product": ("The same product, written with letters.", {"matmul.reading": "einsum"}),
    "einsum: trace": (
        "One letter twice: the diagonal.",
        {"matmul.a": "torch.arange(9).reshape(3, 3)", "matmul.reading": "einsum", "matmul.equation": "ii->"},
    ),
    "einsum: batch": (
        "A product for each matrix of a batch.",
        {
            "matmul.a": "torch.arange(12).reshape(2, 2, 3)",
            "matmul.b": "torch.arange(12).reshape(2, 3, 2)",
            "matmul.reading": "einsum",
            "matmul.equation": "bij,bjk->bik",
        },
    ),
    "einsum: outer": (
        "No letter is summed over.",
        {
            "matmul.a": "[1, 2, 3]",
            "matmul.b": "[10, 20]",
            "matmul.reading": "einsum",
            "matmul.equation": "i,j->ij",
        },
    ),
}


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("matmul.a", "matmul.b", "matmul.reading")
        if controls.values["matmul.reading"] == "einsum":
            controls.show("matmul.equation")
        more_controls(controls, PRESETS, MatmulSettings)
    settings, seed = controls.read(MatmulSettings), controls.values["seed"]
    run = f"{settings.a}|{settings.b}|{settings.reading}|{settings.equation}|{seed}"
    with picture:
        st.markdown("**What does a matrix product add up, and in which order can one read it?**")
        try:
            if settings.reading == "einsum":
                found = einsum(settings, seed)
                _show_einsum(controls, found, run)
            else:
                found = product(settings, seed)
                _show_product(controls, found, settings.reading, run)
        except ExpressionError as error:
            show_error(error)
            program_panel(matmul_program(usable(settings, error), None, seed))
            return
    program_panel(matmul_program(settings, found, seed))


def _show_product(controls: Controls, found: Product, reading: str, run: str) -> None:
    labels = [f"Step {step} of {found.steps}" for step in range(1, found.steps + 1)]
    scrubber(controls, "matmul.step", list(range(found.steps)), labels, [], run, "Step of the product")
    st.markdown(step_words(found, reading))
    left, middle, right = st.columns(3)
    a, b, _ = found.cells
    with left:
        chart(factor("A", found.a, a), "factor_a")
    with middle:
        chart(factor("B", found.b, b), "factor_b")
    with right:
        chart(building(found), "product")
    st.markdown("**Find out.** In which reading is the first row of C finished first, and in which last?")


def _show_einsum(controls: Controls, found: Einsum, run: str) -> None:
    count, shape = found.c.numel(), tuple(found.c.shape)
    if count:
        labels = [f"result{list(index_of(place, shape))}" for place in range(count)]
        scrubber(controls, "matmul.step", list(range(count)), labels, [], run, "Element of the result")
    st.markdown(einsum_words(found))
    left, middle, right = st.columns(3)
    with left:
        chart(factor("A", found.a, found.a_cells), "factor_a")
    with middle:
        if "," in found.equation:
            chart(factor("B", found.b, found.b_cells), "factor_b")
    with right:
        chart(einsum_result(found), "product")
    st.markdown(f"The letters of `{found.equation}`. {rule_words(found)}")
    st.table(letters_table(found).set_index("letter"))
    st.markdown("**Find out.** Which equation turns A on its side, and which adds up all of its cells?")
