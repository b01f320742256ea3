"""Signals forward and errors back through a deep network, and the map of the errors that arrive."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.activation_functions.depth import DEPTHS, FEW, N_SAMPLES, SCALE_OF, SCALES, DepthRun, GradientMap
from figures.axis import drawn, log_axis
from figures.picture import Picture
from figures.style import BLUE, DIVERGING, HERE, VERMILLION, axes
from figures.words import fmt

DECADES = 8  # the colours reach so far up and down from 1
NAMES = {"default": "PyTorch", "xavier": "Xavier", "kaiming": "Kaiming"}  # of the lines on the map
ERRORS = {  # what core.activation_functions.depth.fate says
    "lost": "no error reaches layer 1: its gradient is exactly 0",
    "vanishes": "the gradient vanishes: less than a thousandth of the error reaches layer 1",
    "explodes": "the gradient explodes: layer 1 gets more than a thousand times the error",
    "arrives": "a usable part of the error reaches layer 1",
}
SIGNALS = {
    "lost": "all samples give exactly the same outputs",
    "vanishes": "the signal vanishes: the outputs hardly differ from sample to sample",
    "explodes": "the signal explodes: the outputs differ more than a thousand times as much as the inputs",
    "arrives": "the outputs still tell the samples apart",
}


def signals_and_errors(run: DepthRun, errors: bool = True) -> Picture:
    """The spread of each layer's outputs, and the error that comes back to it.

    Args:
        errors: whether the second line is drawn, which a guess is about.
    """
    figure, layers = go.Figure(), np.arange(len(run.spreads), dtype=np.int32)
    spreads, back = drawn(run.spreads.numpy()), drawn(run.errors.numpy())
    line = {"color": BLUE, "width": 3}
    figure.add_scatter(x=layers, y=spreads, name="signal (forward)", mode="lines+markers", line=line)
    if errors:
        line = {"color": VERMILLION, "width": 3, "dash": "dash"}
        name = "error (back: read from the right)"
        figure.add_scatter(x=layers[1:], y=back, name=name, mode="lines+markers", line=line, marker_symbol="x")
    axes(figure, "layer (0: the inputs)", "size, log scale").update_layout(height=440)
    log_axis(figure, np.concatenate([spreads, back]) if errors else spreads)
    gap = "; points are missing where a line is exactly 0" if run.errors[0] == 0 or run.spreads[-1] == 0 else ""
    caption = (
        "Signal: how much the outputs differ from sample to sample. Error: dL/dz, sent back from the last layer with "
        f"size 1; {fmt(run.errors[0].item(), 3)} reaches layer 1{gap}."
    )
    table = pd.DataFrame(
        {
            "layer": layers,
            "signal (std over samples)": run.spreads.numpy(),
            "std of all outputs": run.stds.numpy(),
            "error (root mean square of dL/dz)": np.append(np.nan, run.errors.numpy()),
            "length of dL/dW": np.append(np.nan, run.weight_gradients.numpy()),
            "share of dead units": np.append(np.nan, run.dead.numpy()),
        }
    )
    return Picture(figure, caption, f"Lines over the layers of a network. {caption}", table)


def error_map(found: GradientMap, run: DepthRun) -> Picture:
    """The error that reaches layer 1, over depth and scale of the weights, with the reader's network."""
    errors = found.errors.numpy()
    powers = np.log10(np.where(errors == 0, 1e-300, drawn(errors))).astype(np.float32)  # 0: the darkest blue
    words = [
        [f"scale {s:.3g}, {d} layers: {fmt(e, 3)}" for s, e in zip(SCALES, row, strict=True)]
        for d, row in zip(DEPTHS, errors, strict=True)
    ]
    marks = list(range(-DECADES, DECADES + 1, 4))
    bar = {"title": {"text": "error at<br>layer 1"}, "thickness": 12, "tickvals": marks}
    figure = go.Figure(
        go.Heatmap(
            x=np.log2(SCALES).astype(np.float32),
            y=np.array(DEPTHS, dtype=np.int32),
            z=powers,
            zmin=-DECADES,
            zmax=DECADES,
            colorscale=DIVERGING,
            colorbar=bar | {"ticktext": [f"10<sup>{mark}</sup>".replace("-", "−") for mark in marks]},
            text=words,
            hovertemplate="%{text}<extra></extra>",
        )
    )
    for name, scale in SCALE_OF.items():
        x = float(np.log2(scale))
        figure.add_vline(x=x, line={"color": "black", "width": 1.5, "dash": "dot"})
        name_it = {"yref": "paper", "yanchor": "top", "xanchor": "right", "textangle": -90, "showarrow": False}
        colors = {"bgcolor": "#fdfcf9", "font": {"color": "black", "size": 11}}
        figure.add_annotation(x=x, y=0.98, text=NAMES[name], **name_it, **colors)
    at = {"x": [float(np.log2(run.scale))], "y": [run.settings.depth]}
    figure.add_scatter(**at, mode="markers", marker=HERE, name="your network", showlegend=False)
    axes(figure, "scale of the weights (std · √width)", "depth (layers)").update_layout(height=440, margin={"t": 15})
    ticks = [0.25, 0.5, 1, 2, 4]
    figure.update_xaxes(tickvals=np.log2(ticks), ticktext=[fmt(tick) for tick in ticks], showgrid=False)
    usable = ((errors >= FEW) & (errors <= 1 / FEW)).sum()
    caption = (
        f"Each cell is a network with normal weights: blue, the error vanishes on its way to layer 1; orange, it "
        f"explodes. In {usable} of {errors.size} a usable part arrives; ◇ is yours."
    )
    table = pd.DataFrame(errors, columns=[f"scale {scale:.3g}" for scale in SCALES])
    table.insert(0, "depth", DEPTHS)
    return Picture(figure, caption, f"Map of {errors.size} networks. {caption}", table)


def cell_at(x: float, depth: float) -> tuple[float, int] | None:
    """Scale and depth of the cell at a place of the map; None outside of it."""
    if not (np.log2(SCALES[0]) - 0.2 <= x <= np.log2(SCALES[-1]) + 0.2 and 0 <= depth <= DEPTHS[-1] + 1.5):
        return None
    column = int(np.abs(np.log2(SCALES) - x).argmin())
    return SCALES[column], int(DEPTHS[np.abs(np.array(DEPTHS) - depth).argmin()])


def fate_words(run: DepthRun) -> str:
    """What became of the error and of the signal, and the dead units of the last layer."""
    error, dead = ERRORS[run.error_fate], run.dead[-1].item()
    told = f"{error[0].upper()}{error[1:]} ({fmt(run.errors[0].item(), 3)}), and {SIGNALS[run.signal_fate]}."
    if dead == 0:
        return told
    return f"{told} In the last layer {dead:.0%} of the units are dead: slope 0 for each of the {N_SAMPLES} samples."


def by_hand(run: DepthRun) -> str:
    """One step of the error on its way back."""
    if run.settings.depth == 1:
        slope, arrived = run.slopes[0].item(), run.errors[0].item()
        step = f"There is one layer: the error 1 is multiplied by the slopes, 1 · {fmt(slope)} = **{fmt(slope)}**."
        return f"{step} {_chance('the errors sent back are', slope, arrived)}"
    error, slope, arrived = run.errors[1].item(), run.slopes[0].item(), run.errors[0].item()
    if error == 0:
        return "No error reaches layer 2, so there is no error to multiply: layer 1 gets **0**."
    factors = [float(f"{value:.6g}") for value in (error, run.scale, slope)]
    product = factors[0] * factors[1] * factors[2]
    return (
        "From layer 2 to layer 1 the error is multiplied by the scale of the weights and by the slopes (root mean "
        f"square): {' · '.join(fmt(factor, 6) for factor in factors)} = **{fmt(product)}**. "
        f"{_chance('weights and slopes are', product, arrived)}"
    )


def _chance(what: str, by_hand: float, arrived: float) -> str:
    """What the run has, and why it differs, if it does."""
    if fmt(arrived) == fmt(by_hand):
        return "The run has that, too."
    return f"The run has {fmt(arrived)}: {what} random, so the two differ by chance."
