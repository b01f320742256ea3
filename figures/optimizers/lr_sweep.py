"""The losses of all optimizers against their learning rates, and below them a row for each optimizer."""

from dataclasses import replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.cache import cached
from core.optimizers.lr_sweep import LrCurve, LrSweep
from core.plane.lr_batch import learning_rates
from figures.optimizers.heights import height_axis, scaled, title
from figures.optimizers.optimizer_style import heads, style
from figures.picture import Picture
from figures.style import GREY, axes, numbers
from figures.words import fmt, plural

DECADES_ABOVE = 3.0  # over the height at the start
LEAST_DECADES = 4.0
UPPER, ROW = 200, 17  # pixels of the curves, and of a row
OVER, UNDER = 50, 54  # pixels of the legend, and of the axis of lr
FADED = 0.65  # of the curves that are not followed
MOST_NAMED = 6  # curves in the legend; where they are more, the rows name them


def lr_sweep_picture(sweep: LrSweep, follow: str, lr: float, frame: int) -> Picture:
    """The figure, one frame for each of the sweep's; caption and table speak of the frame at which the reader rests.

    Args:
        lr: the learning rate that is marked.
    """
    caption = _caption(sweep, follow, frame)
    alt = f"Curves of loss against learning rate, both on log scales, and a row for each optimizer. {caption}"
    return replace(_drawn(sweep, follow, lr), caption=caption, alt=alt, table=table(sweep, frame))


@cached
def _drawn(sweep: LrSweep, follow: str, lr: float) -> Picture:
    frames = [_frame(sweep, i) for i in range(len(sweep.frame_steps))]
    figure = go.Figure([first | last for first, last in zip(_looks(sweep, follow), frames[-1], strict=True)])
    changing = list(range(len(figure.data)))
    names = [curve.name for curve in sweep.curves]
    bottom, top = _ends(sweep)
    for name, at, color, dash in [("chosen lr", lr, GREY, "solid"), *_limits(sweep)]:
        line = {"color": color, "dash": dash, "width": 2}
        figure.add_scatter(x=[at, at], y=[bottom, top], mode="lines", line=line, name=name, hoverinfo="name")
    rows = len(names) * ROW
    axes(figure, "learning rate lr, log scale", title(sweep.lowest), hovermode="closest")
    low, high = np.log10(learning_rates()[[0, -1]].numpy()) + (-0.1, 0.1)
    figure.update_xaxes(type="log", range=[low, high], dtick=1, exponentformat="power", anchor="y2")
    height_axis(figure, bottom, top, sweep.lowest)
    figure.update_layout(
        height=OVER + UPPER + rows + UNDER,
        margin={"t": OVER},
        yaxis_domain=[(rows + ROW) / (UPPER + rows), 1],
        yaxis2={
            "domain": [0, rows / (UPPER + rows)],
            "tickvals": list(range(len(names))),
            "ticktext": [f"<b>{name}</b>" if name == follow else name for name in names],
            "tickfont": {"size": 10},
            "range": [len(names) - 0.4, -0.6],
            "zeroline": False,
        },
    )
    return Picture(figure, "", "", frames=[{"data": data, "traces": changing} for data in frames])


def _looks(sweep: LrSweep, follow: str) -> list[dict]:
    """How each trace looks at every moment: a curve and a bar for each optimizer, the best ones, the diverged ones."""
    what = "f" if not sweep.lowest else "f above the lowest minimum"
    curves, bars = [], []
    for curve in sweep.curves:
        its, followed, x = style(curve.name), curve.name == follow, numbers(curve.lr)
        line = {"color": its.color, "dash": its.dash, "width": 4 if followed else 1.6}
        shown = {"opacity": 1.0 if followed else FADED, "showlegend": len(sweep.curves) <= MOST_NAMED}
        hover = {"hovertemplate": f"{curve.name}, lr %{{x:.3g}}: {what} = %{{customdata:.3~g}}<extra></extra>"}
        curves.append({"x": x, "name": curve.name, "mode": "lines", "line": line} | shown | hover)
        bar = {"mode": "lines+markers", "marker": {"symbol": "square", "size": 5, "color": its.color}}
        bars.append({"x": x, "line": {"color": its.color, "width": 5}, "hoverinfo": "skip"} | bar)
    marks = heads([curve.name for curve in sweep.curves], follow, size=11)
    best = {"name": "best lr", "marker": marks, "hovertemplate": "best lr %{x:.4g}<extra></extra>"}
    cross = {"symbol": "x-thin", "size": 6, "line": {"width": 1.5, "color": GREY}}
    diverged = {"name": "diverged", "marker": cross, "hovertemplate": "diverged with lr %{x:.4g}<extra></extra>"}
    below = {"yaxis": "y2", "showlegend": False}
    return [*curves, *(bar | below for bar in bars), *({"mode": "markers"} | each | below for each in (best, diverged))]


def _frame(sweep: LrSweep, frame: int) -> list[dict]:
    """What changes of the same traces from frame to frame."""
    curves, bars = [], []
    for row, curve in enumerate(sweep.curves):
        loss = curve.loss[frame]
        height = numbers(loss - (sweep.lowest or 0.0))
        curves.append({"y": scaled(loss.numpy(), sweep.lowest).astype(np.float32), "customdata": height})
        down = curve.came_down(sweep.lowest, frame)
        bars.append({"y": np.where(down.numpy(), np.float32(row), np.float32(np.nan))})
    lost = [curve.lr[curve.diverged(frame)] for curve in sweep.curves]
    rows = np.repeat(np.arange(len(lost), dtype=np.uint8), [len(lr) for lr in lost])
    best = [_best(curve, frame)[0] if frame else None for curve in sweep.curves]  # at the start all are equal
    return [*curves, *bars, {"x": best, "y": list(range(len(best)))}, {"x": numbers(torch.cat(lost)), "y": rows}]


def _best(curve: LrCurve, frame: int) -> tuple[float, float] | tuple[None, None]:
    """The best learning rate and its loss; None if all have diverged."""
    best = curve.best(frame)
    return (None, None) if best is None else (curve.lr[best].item(), curve.loss[frame][best].item())


def _limits(sweep: LrSweep) -> list[tuple[str, float, str, str]]:
    """Name, place, colour and dash of theory's limits, as far as they are among the learning rates."""
    tried = learning_rates()
    within = {name: at for name, at in sweep.limits().items() if tried[0] <= at <= tried[-1]}
    pairs = zip(within.items(), ("dot", "dash", "dashdot"), strict=False)  # SGD, Momentum and Nesterov share a colour
    return [(f"limit of {name}", at, style(name).color, dash) for (name, at), dash in pairs]


def _ends(sweep: LrSweep) -> tuple[float, float]:
    """The ends of the scale of heights: some decades over the start, and down to what is lowest."""
    seen = np.concatenate([scaled(curve.loss.numpy(), sweep.lowest).ravel() for curve in sweep.curves])
    seen = seen[np.isfinite(seen)]
    start = scaled(sweep.curves[0].loss[0].numpy(), sweep.lowest)[0]
    top = (start if np.isfinite(start) else 0.0) + DECADES_ABOVE
    return float(min(seen.min(initial=top), top - LEAST_DECADES)) - 0.3, float(top)


def _caption(sweep: LrSweep, follow: str, frame: int) -> str:
    k = sweep.frame_steps[frame]
    text = f"Loss after {plural(k)} against lr; below, big marks are the best lr, bars those that "
    text += "came down to 1/1000 of the first height, thin crosses those that diverged. "
    return text + best_words(sweep, follow, frame)


def best_words(sweep: LrSweep, follow: str, frame: int) -> str:
    """The best learning rate of one optimizer at a frame."""
    curve = sweep.of(follow)
    if curve is None:
        return f"{follow} has no run yet."
    lr, loss = _best(curve, frame)
    if lr is None:
        return f"{follow} diverged with every lr."
    if not sweep.frame_steps[frame]:
        return f"All start at f = {fmt(loss)}."
    if (n := curve.n_best(frame)) > 1:
        return f"{follow}: {n} of {len(curve.lr)} lr end equally low, f = {fmt(loss)}; the first is {fmt(lr)}."
    return f"{follow}'s best is lr = {fmt(lr)} with f = {fmt(loss)}."


def table(sweep: LrSweep, frame: int) -> pd.DataFrame:
    """For each optimizer the best learning rate, those that came down, and those that diverged."""
    rows = []
    for curve in sweep.curves:
        (lr, loss), down = _best(curve, frame), curve.lr[curve.came_down(sweep.lowest, frame)].tolist()
        rows.append(
            {
                "optimizer": curve.name,
                "best lr": lr,
                "f there": loss,
                "came down to 1/1000": len(down),
                "lowest of these": down[0] if down else None,
                "highest of these": down[-1] if down else None,
                "diverged": int(curve.diverged(frame).sum()),
                "all diverge from": curve.diverges_from(frame),
                "learning rates": len(curve.lr),
            }
        )
    return pd.DataFrame(rows)
