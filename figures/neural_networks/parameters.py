"""The tensors of a state_dict as bars, and the first values of one of them as a histogram."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.neural_networks.parameters import Entry, Parameters, attributes
from figures.picture import Picture
from figures.style import BLUE, GREY, PURPLE, VERMILLION, axes, numbers
from figures.words import fmt, listed, plural

KINDS = {"learned": (BLUE, ""), "frozen": (GREY, "/"), "buffer": (PURPLE, ".")}  # colour and hatching
BINS = 30
BARS = 0  # the place of the histogram's bars among its traces


def tensor_bars(found: Parameters, chosen: int) -> Picture:
    """One bar a tensor, as long as the number of its elements on a logarithmic scale."""
    figure, names = go.Figure(), [entry.name for entry in found.entries]
    for kind, (color, hatching) in KINDS.items():
        entries = [entry for entry in found.entries if entry.kind == kind]
        if entries:
            marker = {"color": color, "pattern": {"shape": hatching}}
            counts = [entry.values.numel() for entry in entries]
            figure.add_bar(
                x=counts,
                y=[entry.name for entry in entries],
                orientation="h",
                name=kind,
                marker=marker,
                text=[f"{count:,}" for count in counts],
                hoverinfo="none",  # "skip" would also skip clicks
                textposition="outside",
                cliponaxis=False,
            )
    axes(figure, "numbers (log scale)", "tensor of the state_dict").update_layout(height=120 + 44 * len(names))
    most = max(entry.values.numel() for entry in found.entries)
    figure.update_xaxes(type="log", range=[-0.3, float(np.log10(most)) + 0.7], dtick=1)
    marked = [f"<b>▸ {name}</b>" if name == names[chosen] else name for name in names]
    figure.update_yaxes(categoryorder="array", categoryarray=names, autorange="reversed")
    figure.update_yaxes(tickvals=names, ticktext=marked)
    figure.update_layout(showlegend=True, barmode="overlay", bargap=0.25)
    said = {"learned": "are learned", "frozen": "are frozen", "buffer": "lie in buffers, which no optimizer sees"}
    parts = [f"{found.count(kind):,} {what}" for kind, what in said.items() if found.count(kind)]
    caption = f"Each bar is a tensor that the model saves. Of its numbers, {listed(parts)}; bold: {names[chosen]}."
    return Picture(figure, caption, f"Bar chart of the tensors of the state_dict. {caption}", state_table(found))


def state_table(found: Parameters) -> pd.DataFrame:
    """The state_dict, one row a tensor."""
    return pd.DataFrame(
        {
            "name": [entry.name for entry in found.entries],
            "shape": [f"{tuple(entry.values.shape)}" for entry in found.entries],
            "count": [entry.values.numel() for entry in found.entries],
            "dtype": [str(entry.values.dtype) for entry in found.entries],
            "requires_grad": [str(entry.kind == "learned") for entry in found.entries],
            "kind": [entry.kind for entry in found.entries],
        }
    )


def histogram(entry: Entry) -> Picture:
    """How often values of each size occur, with the bounds between which they were drawn."""
    values = entry.values.double().flatten()
    low, high = values.min().item(), values.max().item()
    edge = entry.bound or max(abs(low), abs(high), 1.0)
    counts, edges = np.histogram(numbers(values), bins=BINS, range=(-edge * 1.001, edge * 1.001))
    middles = (edges[1:] + edges[:-1]) / 2
    figure = go.Figure()
    figure.add_bar(x=middles, y=counts, marker={"color": BLUE}, name="numbers", hoverinfo="skip")
    if entry.bound:
        for side in (-entry.bound, entry.bound):
            figure.add_vline(x=side, line={"color": VERMILLION, "dash": "dash", "width": 3})
    axes(figure, f"first values of {entry.name}", "how many").update_layout(height=330, showlegend=False, bargap=0.05)
    figure.update_xaxes(range=[-1.1 * edge, 1.1 * edge]).update_yaxes(range=[0, 1.1 * counts.max()])
    if low == high:
        reach = f"{entry.name} begins with {plural(len(values), 'number')} of one size, {fmt(low)}."
    else:
        reach = f"The {len(values):,} numbers of {entry.name} lie between {fmt(low)} and {fmt(high)}."
    bound = f" Dashed: ±1/√fan_in = ±{fmt(entry.bound)}." if entry.bound else ""
    columns = {"from": edges[:-1], "to": edges[1:], "count": counts}
    return Picture(figure, f"{reach}{bound}", f"Histogram of first values. {reach}{bound}", pd.DataFrame(columns))


def bound_by_hand(entry: Entry) -> str:
    """The bound from the shape."""
    if entry.bound is None:
        return f"`{entry.name}` is not drawn at random: each new model begins with the same numbers."
    fan_in = round(1 / entry.bound**2)
    return (
        f"One unit of this layer has {plural(fan_in, 'input')} (fan_in), so `{entry.name}` begins between ±1/√{fan_in} "
        f"= ±**{fmt(entry.bound, decimals=4)}**."
    )


def container_table(found: Parameters) -> pd.DataFrame:
    """What named_parameters() finds, by container."""
    rows = {
        container: [f"{sum(sizes.values()):,}", f"{len(sizes)}", f"`{next(iter(sizes))}`" if sizes else "none"]
        for container, sizes in found.containers.items()
    }
    return pd.DataFrame(rows, index=["numbers found", "tensors", "the first one's name"]).T


def attribute_table() -> pd.DataFrame:
    """What becomes of a tensor, by the way in which a module keeps it."""
    yes = {True: "yes", False: "no"}
    rows = {how: [yes[learned], yes[saved], dtype] for how, (learned, saved, dtype) in attributes().items()}
    return pd.DataFrame(rows, index=["in parameters()", "in state_dict()", "after model.double()"]).T
