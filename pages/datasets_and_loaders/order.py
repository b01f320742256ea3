"""Digits sorted by class against shuffled ones: the same network, really trained."""

import streamlit as st

from core.datasets_and_loaders.order import OrderRun, OrderTask, sorted_falls
from core.datasets_and_loaders.program import order_program
from core.datasets_and_loaders.settings import OrderSettings
from figures.datasets_and_loaders.order import accuracies, by_hand, labels, what_it_says, why
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.long_work import results
from ui.prediction import prediction
from ui.program import program_panel
from ui.scrubber import scrubber
from ui.worked_step import worked_step

PRESETS = {
    "10 epochs": ("The run that this view opens with.", {}),
    "Larger steps": ("lr 0.5: the sorted digits do worse still.", {"order.lr": 0.5}),
    "Small steps": ("lr 0.01: every order is slow, and the sorted one falls less far behind.", {"order.lr": 0.01}),
    "All digits in one batch": ("Then no order can matter.", {"order.batch_size": 1437, "order.lr": 1.0}),
}
FALLS = {
    "above": "Better than shuffled",
    "same": "About the same",
    "below": "A little worse (by at most 10 of 100 digits)",
    "far": "Much worse",
}


def show(controls: Controls) -> None:
    st.markdown(
        "**What do data that come sorted by class do to training?** In every pass (epoch) all 0s, then all 1s, up to "
        "the 9s."
    )
    layout = view_layout()
    with layout.side:
        controls.show("order.lr", "order.batch_size", "order.num_epochs")
        controls.show_more("order.hidden", "order.seed")
        controls.show_presets(PRESETS, OrderSettings)
    settings = controls.read(OrderSettings)
    with layout.stage:
        found = results([OrderTask(settings)], "datasets_and_loaders-order", run_label=None, place=layout.run)
        if found is None or found[0] is None:
            return
        run = found[0]
        if not _guess(controls, layout, run):
            held_chart(accuracies(run), "accuracies", layout.words, hidden=[2, 3])
            return
        steps = list(range(len(labels(run))))
        epoch = scrubber(controls, "epoch", steps, labels(run), ["accuracies", "said"], f"{settings}", "Epoch")
        chart(accuracies(run), "accuracies", layout.words)
    with layout.beside:
        chart(what_it_says(run), "said")
    with layout.below:
        worked_step(by_hand(run, epoch))
        st.markdown(
            "**Find out.** Is it enough to shuffle once, or must every epoch have a new order? And which batch size "
            "makes the order harmless?"
        )
    program_panel(order_program(run))


def _guess(controls: Controls, layout: Layout, run: OrderRun) -> bool:
    question = (
        f"The same network sees the same digits for {run.settings.num_epochs} epochs, but sorted: 0s first, 9s last. "
        "How does it end, compared to shuffled ones?"
    )
    return prediction(
        controls, layout, question, list(FALLS.values())[1:], [FALLS[sorted_falls(run)]], why(run), run.settings
    )
