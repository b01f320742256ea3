"""Make a tensor, take a part of it, and see what PyTorch says about both."""

import streamlit as st

from core.expression.errors import ExpressionError
from core.settings import defaults
from core.tensors.create import Created, create
from core.tensors.facts import facts, index_of, slot_of
from core.tensors.program import create_lines, create_program
from core.tensors.settings import CreateSettings
from figures.tensors.create import part_only, view_sentence, whole
from figures.tensors.shapes import facts_table
from figures.tensors.strip import strip
from pages.tensors.shared import may_be_typed, more_settings, printed, show_error
from ui.chart import chart
from ui.controls import Controls
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        controls.show("maker", "typed" if controls.values["maker"] == "typed" else "shape", "dtype", "part")
        more_settings(controls)
        _presets(controls)
        may_be_typed()
    with picture:
        settings = controls.read(CreateSettings)
        try:
            made = create(settings)
        except ExpressionError as error:
            show_error(error)
            st.info("Change a control or press **Reset**; the picture follows.")
            usual = CreateSettings()
            program_panel(create_program(usual, create(usual)), "tensors", "The program of the example.")
            return
        st.code(f"{made.name} = {made.code}\npart = {settings.part}", language="python")
        chart(whole(made, f"`{settings.part}`"), "whole")
        one, two = st.columns([1, 1])
        with one:
            st.markdown(f"**The part:** `{settings.part}`")
            chart(part_only(made, f"`{settings.part}`"), "part")
        with two:
            st.markdown("**What PyTorch says about both**")
            st.table(facts_table(**{made.name: made.tensor, "part": made.part}).set_index("fact"))
        st.markdown(f"**The storage of** `{settings.part}`")
        chart(strip(made.part, f"`{settings.part}`"), "storage")
    _check_and_guess(made, settings)
    program_panel(create_program(settings, made), "tensors")


def _check_and_guess(made: Created, settings: CreateSettings) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        _by_hand(made, settings.part)
        printed(create_lines(made))
    with right:
        _guess(made, settings.part)
        st.markdown(
            "**Find out by moving the controls.** Which parts of a tensor are views and which are copies: try "
            "`images[1]`, `images[:, 3]`, `images[[1]]` and `images[images > 0.5]`. Which dtype makes the same "
            "tensor eight times smaller than float64? What is `stride()` of a part that takes every second row?"
        )


def _by_hand(made: Created, part: str) -> None:
    known = facts(made.part)
    if not known.elements:
        return
    if not known.shape:
        worked_step(
            f"Where is `{part}`? It has no dimension, so there is no index to multiply: its slot is its offset, "
            f"**{known.offset:,}**. In bytes, that is {known.offset:,} · {known.itemsize} = "
            f"**{known.offset * known.itemsize:,}** after the beginning of the storage."
        )
        return
    index = index_of(known.elements * 2 // 3, known.shape)
    written, slot = slot_of(made.part, index)
    place = ", ".join(map(str, index))
    worked_step(
        f"Where is element [{place}] of `{part}`? Begin at its offset and take, in each dimension, "
        f"index times stride: {written} = slot **{slot:,}**. In bytes, that is {slot:,} · {known.itemsize} = "
        f"**{slot * known.itemsize:,}** after the beginning of the storage."
    )


def _guess(made: Created, part: str) -> None:
    elements, every = made.part.numel(), made.tensor.numel()
    options = list(dict.fromkeys(["None", f"{elements:,}, the part", f"{every:,}, the whole tensor"]))
    prediction(
        f"`{part}` holds {elements:,} of {every:,} numbers. How many numbers does PyTorch copy to make it?",
        options,
        lambda _: view_sentence(made, f"`{part}`"),
        "tensors",
    )


def _presets(controls: Controls) -> None:
    usual = defaults(CreateSettings)
    typed = usual | {"maker": "typed", "part": "x[0]"}
    with st.container(horizontal=True):
        controls.preset("The course's images", "torch.rand((4, 28, 28)), and images[1].", **usual)
        controls.preset(
            "Scalar", "A single number: no dimension, one element.", **typed | {"typed": "3.14", "part": "x"}
        )
        controls.preset("Vector", "A row of numbers: one dimension.", **typed | {"typed": "[1, 2, 3, 4]"})
        controls.preset("Matrix", "The course's matrix of two rows.", **typed | {"typed": "[[1, 1], [1, 0]]"})
        controls.preset(
            "A mask copies",
            "Truth values pick in any order, so the result is a copy.",
            **usual | {"part": "images[images > 0.9]"},
        )
        controls.preset(
            "Bytes",
            "The same shape in uint8: a quarter of the memory.",
            **usual | {"maker": "randint", "dtype": "uint8"},
        )
