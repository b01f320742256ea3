"""The matrix product in four readings, step by step; einsum with its index table."""

import itertools
from dataclasses import replace

import streamlit as st

from core.quote import literal
from core.tensors.einsum import Einsum, einsum
from core.tensors.matmul import Product, product
from core.tensors.program import matmul_program
from core.tensors.settings import MatmulSettings
from figures.tensors.matmul import (
    building,
    einsum_result,
    einsum_words,
    factor,
    fit_words,
    letters_table,
    step_words,
    unused_words,
)
from figures.words import plural
from pages.tensors.shared import computed, more_controls
from ui.controls import Controls
from ui.layout import Layout, show_beside, view_layout
from ui.program import program_panel
from ui.scrubber import scrubber

A, B, FIBONACCI = "[[1, 2, 3], [4, 5, 6]]", "[[7, 8], [9, 10], [11, 12]]", "[[1, 1], [1, 0]]"
SQUARE = "torch.arange(9).reshape(3, 3)"
BATCH, OTHER = "torch.arange(12).reshape(2, 2, 3)", "torch.arange(12).reshape(2, 3, 2)"
PRESETS = {
    label: (what, {"matmul.a": a, "matmul.b": b, "matmul.reading": reading, "matmul.equation": equation, "matmul.c": c})
    for label, a, b, reading, equation, c, what in (
        ("Dot products", A, B, "dot", "ij,jk->ik", "", "Each cell: a row meets a column."),
        ("Layers", A, B, "outer", "ij,jk->ik", "", "The product as a sum of outer products."),
        ("Row by row", A, B, "row", "ij,jk->ik", "", "Each row: a mixture of B's rows."),
        ("Column by column", A, B, "column", "ij,jk->ik", "", "Each column: a mixture of A's columns."),
        ("The course's matrix", FIBONACCI, FIBONACCI, "dot", "ij,jk->ik", "", "Times itself: Fibonacci's next step."),
        ("Does not fit", A, A, "dot", "ij,jk->ik", "", "PyTorch's refusal, explained."),
        ("einsum: product", A, B, "einsum", "ij,jk->ik", "", "The same product, written with letters."),
        ("einsum: trace", SQUARE, B, "einsum", "ii->", "", "One letter twice: the diagonal."),
        ("einsum: batch", BATCH, OTHER, "einsum", "bij,bjk->bik", "", "A product for each matrix of a batch."),
        ("einsum: dots", BATCH, B, "einsum", "...ij,jk->...ik", "", "The same, for any dimensions before the matrix."),
        ("einsum: three", "[1, 2]", A, "einsum", "i,ij,j->", "[1, 0, 2]", "A row, a matrix, a column: one number."),
        ("einsum: outer", "[1, 2, 3]", "[10, 20]", "einsum", "i,j->ij", "", "No letter is summed over."),
    )
}


def show(controls: Controls) -> None:
    st.markdown("**What does each number of a matrix product add up?**")
    layout = view_layout()
    with layout.side:
        controls.show("matmul.a", "matmul.b", "matmul.reading")
        if controls.values["matmul.reading"] == "einsum":
            controls.show("matmul.equation", "matmul.c")
        seed, asked = controls.values["seed"], controls.read(MatmulSettings)

        def compute(one: MatmulSettings) -> Product | Einsum:
            one = replace(one, step=asked.step)  # also where the other settings are those of an earlier moment
            return (einsum if one.reading == "einsum" else product)(one, seed)

        settings, found, refused = computed(controls, layout, asked, compute)
        more_controls(controls, PRESETS, MatmulSettings)
    run = f"{settings.a}|{settings.b}|{settings.c}|{settings.reading}|{settings.equation}|{seed}"
    with layout.stage:
        if isinstance(found, Einsum):
            _show_einsum(controls, layout, found, run)
        else:
            _show_product(controls, layout, found, settings.reading, run)
    program_panel(matmul_program(refused or settings, None if refused else found, seed))


def _show_product(controls: Controls, layout: Layout, found: Product, reading: str, run: str) -> None:
    labels = [f"Step {step} of {found.steps}" for step in range(1, found.steps + 1)]
    scrubber(controls, "matmul.step", list(range(found.steps)), labels, [], run, "Step of the product")
    layout.words.markdown(f"{step_words(found, reading)} {fit_words(found)}")
    a, b = factor("A", found.a, found.cells[0]), factor("B", found.b, found.cells[1])
    show_beside(layout, factor_a=a, factor_b=b, product=building(found))
    layout.below.markdown("**Find out.** In which reading is the first row of C finished first, and in which last?")


def _show_einsum(controls: Controls, layout: Layout, found: Einsum, run: str) -> None:
    labels = [f"result{list(index)}" for index in itertools.product(*map(range, found.result.shape))]
    if labels:
        scrubber(controls, "matmul.step", list(range(len(labels))), labels, [], run, "Element of the result")
    layout.words.markdown(einsum_words(found))
    taken = zip("ABC", found.operands, found.cells, found.parts, strict=False)
    pictures = {f"factor_{name.lower()}": factor(name, operand, lit) for name, operand, lit, _ in taken}
    show_beside(layout, **pictures, product=einsum_result(found))
    sums = f"; every element is a sum of {plural(len(found.terms), 'term')}" if labels else ""
    with layout.below:
        st.markdown(f"The letters of {literal(found.equation)}{sums}:{unused_words(found)}")
        st.table(letters_table(found))
        st.markdown("**Find out.** Which equation turns A on its side, and which adds up all of its cells?")
