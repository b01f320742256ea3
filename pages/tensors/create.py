"""Make a tensor, take a part of it, and see what PyTorch says about both."""

import streamlit as st

from core.quote import literal
from core.tensors.create import constructor, create, name_of
from core.tensors.facts import copied
from core.tensors.index import Picked
from core.tensors.program import create_program
from core.tensors.settings import CreateSettings
from figures.tensors.create import copied_words, worked_slot
from figures.tensors.facts import facts_table
from figures.tensors.index import part, whole
from figures.tensors.storage import storage_lines
from pages.tensors.shared import computed, more_controls
from ui.chart import chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

TYPED = {"maker": "typed", "part": "x[0]"}
PRESETS = {
    "The course's images": ("torch.rand((4, 28, 28)), and images[1].", {"shape": "4, 28, 28"}),
    "Scalar": ("A single number: no dimension, one element.", TYPED | {"typed": "3.14", "part": "x"}),
    "Vector": ("A row of numbers: one dimension.", TYPED | {"typed": "[1, 2, 3, 4]"}),
    "Matrix": ("The course's matrix of two rows.", TYPED),
    "A mask copies": ("Truth values pick in any order: a copy.", {"part": "images[images > 0.9]"}),
    "Bytes": ("The same shape in uint8: a quarter of the memory.", {"maker": "randint", "dtype": "uint8"}),
}


def show(controls: Controls) -> None:
    st.markdown("**What does a tensor hold, and is a part of it a tensor of its own?**")
    layout = view_layout()
    with layout.side:
        controls.show("maker", "typed" if controls.values["maker"] == "typed" else "shape", "dtype", "part")
        settings, found, refused = computed(controls, layout, controls.read(CreateSettings), create)
        more_controls(controls, PRESETS, CreateSettings)
    with layout.stage:
        name = name_of(settings)
        said = f"{name} = {constructor(settings)}\npart = {settings.part}"
        layout.words.code(said, language="python")
        guessed = bool(refused) or _guess(controls, layout, settings, found)
        chart(whole(found, name, settings.part), "whole", layout.words)
    lies, of = (found.part, literal(settings.part)) if guessed else (found.whole, name)
    with layout.beside:
        chart(storage_lines(lies, of, found.whole), "storage")
    if not guessed:
        return
    with layout.below:
        left, right = st.columns(2)
        with left:
            chart(part(found, name, settings.part, "part"), "part")
        with right:
            st.table(facts_table(**{name: found.whole, "part": found.part}))
        if step := worked_slot(found.part, settings.part):
            worked_step(step)
        st.markdown("**Find out.** Which are copies: `images[:, 3]`, `images[[1]]`, `images[images > 0.5]`?")
    program_panel(create_program(refused or settings, None if refused else found))


def _guess(controls: Controls, layout: Layout, settings: CreateSettings, found: Picked) -> bool:
    part, every = found.part.numel(), found.whole.numel()
    options = {every: f"{every:,}, the whole tensor", part: f"{part:,}, the part", 0: "None"}  # count -> what to say
    question = f"{literal(settings.part)} holds {part:,} of {every:,} numbers. How many does PyTorch copy to make it?"
    right, why = [options[copied(found.part, found.whole)]], copied_words(found, name_of(settings), settings.part)
    return (
        found.part is found.whole
        or len(options) < 2
        or prediction(controls, layout, question, list(options.values())[::-1], right, why, settings)
    )
