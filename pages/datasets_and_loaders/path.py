"""The course's dataset and loader: every sample of an epoch on its way, one step at a time."""

import math

import streamlit as st

from core.datasets_and_loaders.path import COURSE_ORDER, Path, moments, run_path, stacks_fields
from core.datasets_and_loaders.program import path_program
from core.datasets_and_loaders.settings import COURSE_SEED, PathSettings
from figures.datasets_and_loaders.path import by_hand, cards, labels, printed
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber
from ui.worked_step import worked_step

COURSE = {"count": 5, "low": 0, "batch_size": 3, "shuffle": True, "drop_last": False, "seed": COURSE_SEED}
PRESETS = {
    "The course's batches": ("The two batches that the course prints.", COURSE),
    "The course's dataset[3]": (
        "data_range (0, 11), unshuffled: index 3 is ((3, 4), 12).",
        {"count": 11, "shuffle": False},
    ),
    "A batch beyond the data": ("A batch size of 12 for 5 numbers: one batch of 5.", {"batch_size": 12}),
    "No batch at all": ("The same with drop_last.", {"batch_size": 12, "drop_last": True}),
}
STACKED = "Three: all first numbers, all second ones, all products"
OPTIONS = [STACKED, "One tensor for each sample", "One tensor with everything"]


def show(controls: Controls) -> None:
    st.markdown("**Which way does a sample take from its index to the training loop?**")
    layout = view_layout()
    with layout.side:
        controls.show("count", "batch_size", "shuffle", "drop_last", "seed")
        controls.show_more("low")
        controls.show_presets(PRESETS, PathSettings)
    path = run_path(controls.read(PathSettings))
    picture, steps = cards(path), list(range(len(moments(path))))
    with layout.stage:
        if not _guess(controls, layout, path):
            held_chart(cards(path, opening=0), "cards", layout.words)
            return
        at = scrubber(controls, "step", steps, labels(path), ["cards"], f"{path.settings}", "Step of the epoch")
        chart(picture, "cards", layout.words)
    with layout.below:
        worked_step(by_hand(path, at))
        if path.settings.shuffle:
            st.markdown(_order(path))
        st.markdown(
            "**Find out.** Which batch sizes leave a last batch of a single sample? And with `drop_last` and a batch "
            "size of 2: does another seed leave out another sample?"
        )
    program_panel(path_program(path))


def _order(path: Path) -> str:
    """How many orders there are, and whether this one gives what the course prints."""
    count, s, course = len(path.items), path.settings, ""
    if (s.count, s.low, s.batch_size, s.drop_last) == (5, 0, 3, False):
        same = "Its batches are the course's" if path.order == COURSE_ORDER else "The course prints another one"
        course = f" {same}; the smallest seed that gives those is {COURSE_SEED}."
    return f"This is one of {count}! = {math.factorial(count):,} orders, as seed {s.seed} gives it.{course}"


def _guess(controls: Controls, layout: Layout, path: Path) -> bool:
    if not stacks_fields(path):
        return True
    (first, second), product = path.items[path.batches[0][0]]
    sample = f"(({first}, {second}), {product})".replace("-", "−")
    size = len(path.batches[0])
    return prediction(
        controls,
        layout,
        f"A sample is a pair and its product, such as {sample}. Which tensors does a batch of {size} become?",
        OPTIONS,
        [STACKED],
        f"The first batch is `{printed(path, 0)}`: the collate function stacks each part of the samples by itself.",
        path.settings,
    )
