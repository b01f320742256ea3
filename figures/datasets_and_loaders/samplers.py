"""When each sample came, epoch by epoch; and which classes are in the batches."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.datasets_and_loaders.samplers import Epochs, always_once, never, number_of_batches
from figures.picture import Picture
from figures.style import BLUE, GREY, VERMILLION, axes
from figures.words import fmt, plural

INK = "#16191d"
SCALE = ((0, "#d6e6f2"), (1, "#5f9fcb"))  # neither end is the colour of the page; black text can be read on both


def samples_by_epoch(found: Epochs) -> Picture:
    """A row an epoch, a column a sample: in which batch it first came, and how often if more than once."""
    first, counts, s = found.first.numpy(), found.counts.numpy(), found.settings
    drawn = np.where(first > 0, first, np.nan).astype(np.float32)
    words = [[str(count) if count > 1 else "" for count in row] for row in counts.tolist()]
    most = max(found.length, 1)
    bar = {"title": {"text": "batch", "side": "top"}, "thickness": 12, "len": 0.95}
    if most <= 6:
        bar |= {"tickvals": list(range(1, most + 1))}
    heat = go.Heatmap(
        z=drawn,
        x=list(range(s.n_samples)),
        y=list(range(1, s.num_epochs + 1)),
        zmin=1,
        zmax=max(most, 2),
        xgap=1,
        ygap=2,
    )
    heat.update(text=words, texttemplate="%{text}", textfont={"color": INK}, colorscale=SCALE, colorbar=bar)
    heat.update(hoverongaps=False, hovertemplate="sample %{x}, epoch %{y}: batch %{z}<extra></extra>")
    figure = axes(go.Figure(heat), "sample; right of the line: class 1", "epoch")
    border = s.n_samples - s.n_rare - 0.5
    figure.add_shape(
        type="line", x0=border, x1=border, yref="paper", y0=0, y1=1, line={"color": VERMILLION, "width": 3}
    )
    figure.update_xaxes(showgrid=False, zeroline=False, range=[-0.6, s.n_samples - 0.4])
    figure.update_yaxes(showgrid=False, zeroline=False, autorange="reversed", dtick=1)
    figure.update_layout(height=130 + 28 * s.num_epochs, margin={"t": 10})
    caption = (
        "Colour: the batch in which a sample came, pale for the first; a number: how often; empty: not at all. "
        f"{_said(found)}"
    )
    table = pd.DataFrame(counts, columns=[f"sample {i}" for i in range(s.n_samples)])
    table.insert(0, "epoch", range(1, s.num_epochs + 1))
    return Picture(figure, caption, f"Heat map, epochs by samples. {caption}", table)


def _said(found: Epochs) -> str:
    count, num_epochs = never(found), found.settings.num_epochs
    if always_once(found):
        return f"In {plural(num_epochs, 'epoch')}, every sample came exactly once an epoch."
    rest = f"{count} never did" if count else "all did"
    together = f"; in {num_epochs} epochs together, {rest}" * (num_epochs > 1)
    return f"In epoch 1, {int((found.counts[0] > 0).sum())} of {len(found.labels)} came{together}."


def class_mix(found: Epochs) -> Picture:
    """The share of class 1 in every batch, one after the other."""
    shares, s = found.shares.numpy(), found.settings
    place = np.arange(1, len(shares) + 1)
    figure = go.Figure(go.Bar(x=place, y=100 * shares, marker={"color": BLUE}, name="in a batch", hoverinfo="skip"))
    data = 100 * s.n_rare / s.n_samples
    line = {"color": GREY, "width": 3, "dash": "dash"}
    figure.add_scatter(x=[0.5, len(shares) + 0.5], y=[data, data], mode="lines", name="in the dataset", line=line)
    axes(figure, "batch, over all epochs", "samples of class 1, in %").update_layout(height=240)
    figure.update_yaxes(range=[0, 105])
    if len(shares):
        mean = found.labels[[i for epoch in found.batches for batch in epoch for i in batch]].double().mean().item()
        said = f"{fmt(100 * mean, 3)}% of all samples that came are of class 1, in the dataset {fmt(data, 3)}%."
    else:
        said = "No batch came: the data cannot fill one, and drop_last drops what is not full."
    caption = f"The class mix of every batch. {said}"
    table = pd.DataFrame({"batch": place, "share of class 1": shares})
    return Picture(figure, caption, f"Bar chart of the share of class 1, batch by batch. {caption}", table)


def by_hand(found: Epochs) -> str:
    """The number of batches, from the formula and from the loader."""
    s = found.settings
    how = "rounded down, as drop_last is on" if s.drop_last else "rounded up"
    n = number_of_batches(s.n_drawn, s.batch_size, s.drop_last)
    share, batches = fmt(s.n_drawn / s.batch_size), plural(n, "batch", "batches")
    return f"{s.n_drawn} / {s.batch_size} = {share}, {how}: {batches} an epoch; and `len(loader)` = **{found.length}**."


def why(found: Epochs) -> str:
    """What the first epoch showed, and what is to be expected of it."""
    seen, n, s = int((found.counts[0] > 0).sum()), len(found.labels), found.settings
    said = f"{seen} of {n} samples came in the first epoch"
    if s.sampler == "replacement":
        expected = 1 - (1 - 1 / n) ** n
        return (
            f"{said}. A sample is missed in all {n} draws with probability (1 − 1/{n})^{n}, so about {expected:.0%} "
            "come."
        )
    return f"{said}."
