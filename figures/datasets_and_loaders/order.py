"""Accuracy over the epochs in three orders, and what the network that saw sorted digits says."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.datasets_and_loaders.order import CLASSES, ORDERS, OrderRun, last_said
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, VERMILLION, axes

STYLES = {"shuffled": (BLUE, "solid"), "once": (GREEN, "dot"), "sorted": (VERMILLION, "dash")}
SAID = 1  # the trace of the bars that move


def accuracies(run: OrderRun) -> Picture:
    """One line an order, and where the reader is."""
    figure, epochs = go.Figure(), list(range(run.settings.num_epochs + 1))
    lines = {order: [100 * share for share in run.accuracy(order)] for order in ORDERS}
    for order, name in ORDERS.items():
        color, dash = STYLES[order]
        line = {"color": color, "dash": dash, "width": 4}
        figure.add_scatter(x=epochs, y=lines[order], mode="lines", name=name, line=line)
    marker = {"size": [19, 13, 13], "symbol": "diamond", "color": [STYLES[order][0] for order in ORDERS]}
    marker["line"] = {"color": "white", "width": 2}
    frames = [
        {"data": [{"x": [epoch] * 3, "y": [line[epoch] for line in lines.values()]}], "traces": [3]} for epoch in epochs
    ]
    figure.add_scatter(**frames[-1]["data"][0], mode="markers", name="you are here", marker=marker, showlegend=False)
    axes(figure, "epoch", "right on the holdout, in %").update_layout(height=330)
    figure.update_yaxes(range=[0, 102])
    ends = [f"{run.accuracy(order)[-1]:.1%} {name}" for order, name in ORDERS.items()]
    caption = (
        f"One network, three orders of the same digits; measured on {len(run.truth)} digits that it never trained on. "
        f"At the end: {', '.join(ends)}."
    )
    table = pd.DataFrame({"epoch": epochs} | {name: run.accuracy(order) for order, name in ORDERS.items()})
    return Picture(figure, caption, f"Line chart of accuracy over the epochs. {caption}", table, frames)


def what_it_says(run: OrderRun) -> Picture:
    """How often the network that saw sorted digits says each digit, beside how often it is right to."""
    digits, counts = list(range(CLASSES)), run.counts("sorted").numpy().astype(np.int32)
    truth = torch.bincount(run.truth, minlength=CLASSES).numpy().astype(np.int32)
    figure = go.Figure()
    figure.add_bar(x=digits, y=truth, name="in the holdout", marker={"color": GREY})
    marks = {"color": VERMILLION, "pattern": {"shape": "/"}}
    figure.add_bar(x=digits, y=counts[-1], name="said after sorted epochs", marker=marks)
    axes(figure, "digit", "images").update_layout(height=280, barmode="group")
    figure.update_xaxes(dtick=1)
    figure.update_yaxes(range=[0, int(max(counts.max(), truth.max())) * 1.05])
    share, real = last_said(run, -1)
    caption = (
        "What the network says that gets 0s first and 9s last in every epoch. At the end it says 7, 8 or 9 for "
        f"{share:.0%} of the images; {real:.0%} are."
    )
    table = pd.DataFrame(counts, columns=[f"says {digit}" for digit in digits])
    table.insert(0, "epoch", range(len(counts)))
    frames = [{"data": [{"y": row}], "traces": [SAID]} for row in counts]
    return Picture(figure, caption, f"Bars for the ten digits. {caption}", table, frames)


def labels(run: OrderRun) -> list[str]:
    """What to say after each epoch."""
    lines = {order: run.accuracy(order) for order in ORDERS}
    return [
        f"After epoch {epoch}: "
        + ", ".join(f"{name} {lines[order][epoch]:.1%}" for order, name in ORDERS.items())
        + "."
        for epoch in range(run.settings.num_epochs + 1)
    ]


def by_hand(run: OrderRun, epoch: int) -> str:
    """An accuracy from its counts."""
    said, n = run.said["sorted"][epoch], len(run.truth)
    right = int((said == run.truth).sum())
    return f"After epoch {epoch}, sorted: {right} right answers of {n}, {right} / {n} = **{right / n:.4f}**."


def why(run: OrderRun) -> str:
    """Both accuracies at the end."""
    shuffled, in_order = (run.accuracy(order)[-1] for order in ("shuffled", "sorted"))
    return f"Shuffled, the network ends at {shuffled:.1%}; sorted by class, at {in_order:.1%}."
