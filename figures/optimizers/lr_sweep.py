"""The losses of all optimizers against their learning rates; and a row for each optimizer, in a figure of its own."""

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
from figures.style import GREY, HEIGHT, axes, numbers
from figures.words import fmt, plural

DECADES_ABOVE = 3.0  # over the height at the start
LEAST_DECADES = 4.0
ROW, AROUND = 20, 70  # pixels of a row, and of the axis of lr with the margins
FADED = 0.65  # of the curves that are not followed
MOST_NAMED = 6  # curves in the legend; where they are more, the rows' colours name them


def lr_sweep_picture(sweep: LrSweep, follow: str, lr: float, frame: int) -> Picture:
    """The curves, one frame for each of the sweep's; the caption speaks of the frame at which the reader rests.

    Args:
        lr: the learning rate that is marked.
    """
    caption = (
        f"f after {plural(sweep.frame_steps[frame])} against lr; a curve has a gap where its run diverged. "
        f"{best_words(sweep, follow, frame)}"
    )
    alt = f"Curves of loss against learning rate, both on log scales, one for each optimizer. {caption}"
    return replace(_curves(sweep, follow, lr), caption=caption, alt=alt)


def lr_rows_picture(sweep: LrSweep, follow: str, lr: float, frame: int) -> Picture:
    """A row for each optimizer, with the same frames; the table speaks of the frame at which the reader rests."""
    return replace(_rows(sweep, follow, lr), table=table(sweep, frame))


@cached
def _curves(sweep: LrSweep, follow: str, lr: float) -> Picture:
    what = "f" if not sweep.lowest else "f above the lowest minimum"
    frames, figure = [_curves_frame(sweep, i) for i in range(len(sweep.frame_steps))], go.Figure()
    for curve, last in zip(sweep.curves, frames[-1], strict=True):
        its, followed = style(curve.name), curve.name == follow
        line = {"color": its.color, "dash": its.dash, "width": 4 if followed else 1.6}
        shown = {"opacity": 1.0 if followed else FADED, "showlegend": len(sweep.curves) <= MOST_NAMED}
        hover = f"{curve.name}, lr %{{x:.3g}}: {what} = %{{customdata:.3~g}}<extra></extra>"
        x = numbers(curve.lr)
        figure.add_scatter(x=x, **last, name=curve.name, mode="lines", line=line, hovertemplate=hover, **shown)
    bottom, top = _ends(sweep)
    line = {"color": GREY, "width": 2}
    figure.add_scatter(x=[lr, lr], y=[bottom, top], mode="lines", line=line, name="chosen lr", hoverinfo="name")
    axes(figure, "learning rate lr, log scale", title(sweep.lowest), hovermode="closest")
    figure.update_xaxes(_lr_axis())
    height_axis(figure, bottom, top, sweep.lowest)
    figure.update_layout(height=HEIGHT)
    changing = list(range(len(sweep.curves)))
    return Picture(figure, "", "", frames=[{"data": data, "traces": changing} for data in frames])


@cached
def _rows(sweep: LrSweep, follow: str, lr: float) -> Picture:
    names = [curve.name for curve in sweep.curves]
    frames, figure = [_rows_frame(sweep, i) for i in range(len(sweep.frame_steps))], go.Figure()
    *bars, best, diverged = frames[-1]
    for curve, bar in zip(sweep.curves, bars, strict=True):
        color = style(curve.name).color
        marker, line = {"symbol": "square", "size": 5, "color": color}, {"color": color, "width": 5}
        look = {"mode": "lines+markers", "marker": marker, "line": line, "hoverinfo": "skip"}
        figure.add_scatter(x=numbers(curve.lr), **bar, name=curve.name, **look)
    look = {"name": "best lr", "marker": heads(names, follow, size=11), "mode": "markers"}
    figure.add_scatter(**best, **look, hovertemplate="best lr %{x:.4g}<extra></extra>")
    cross = {"symbol": "x-thin", "size": 6, "line": {"width": 1.5, "color": GREY}}
    look = {"name": "diverged", "marker": cross, "mode": "markers"}
    figure.add_scatter(**diverged, **look, hovertemplate="diverged with lr %{x:.4g}<extra></extra>")
    line, ends = {"color": GREY, "width": 2}, [len(names) - 0.4, -0.6]
    figure.add_scatter(x=[lr, lr], y=ends, mode="lines", line=line, name="chosen lr", hoverinfo="name")
    axes(figure, "learning rate lr, log scale", "optimizer", hovermode="closest", showlegend=False)
    figure.update_xaxes(_lr_axis())
    said = [f"<b>{name}</b>" if name == follow else name for name in names]
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=said, range=ends, zeroline=False)
    figure.update_layout(height=ROW * len(names) + AROUND)
    caption = (
        "A row for each optimizer: a big mark is its best lr, a bar those that came down to 1/1000 of the first "
        "height, thin crosses those that diverged. **Click one to choose it.**"
    )
    alt = f"Marks against learning rate, a row for each optimizer. {caption}"
    changing = list(range(len(names) + 2))
    return Picture(figure, caption, alt, frames=[{"data": data, "traces": changing} for data in frames])


def _lr_axis() -> dict[str, object]:
    low, high = np.log10(learning_rates()[[0, -1]].numpy()) + (-0.1, 0.1)
    return {"type": "log", "range": [low, high], "dtick": 1, "exponentformat": "power"}


def _curves_frame(sweep: LrSweep, frame: int) -> list[dict]:
    """The heights of each curve."""
    return [
        {
            "y": scaled(curve.loss[frame].numpy(), sweep.lowest).astype(np.float32),
            "customdata": numbers(curve.loss[frame] - (sweep.lowest or 0.0)),
        }
        for curve in sweep.curves
    ]


def _rows_frame(sweep: LrSweep, frame: int) -> list[dict]:
    """The bars, the best ones and the diverged ones."""
    bars, lost = [], [curve.lr[curve.diverged(frame)] for curve in sweep.curves]
    for row, curve in enumerate(sweep.curves):
        down = curve.came_down(sweep.lowest, frame).numpy()
        bars.append({"y": np.where(down, np.float32(row), np.float32(np.nan))})
    rows = np.repeat(np.arange(len(lost), dtype=np.uint8), [len(lr) for lr in lost])
    best = [_best(curve, frame)[0] if frame else None for curve in sweep.curves]  # at the start all are equal
    return [*bars, {"x": best, "y": list(range(len(best)))}, {"x": numbers(torch.cat(lost)), "y": rows}]


def _best(curve: LrCurve, frame: int) -> tuple[float, float] | tuple[None, None]:
    """The best learning rate and its loss; None if all have diverged."""
    best = curve.best(frame)
    return (None, None) if best is None else (curve.lr[best].item(), curve.loss[frame][best].item())


def _ends(sweep: LrSweep) -> tuple[float, float]:
    """The ends of the scale of heights: some decades over the start, and down to what is lowest."""
    seen = np.concatenate([scaled(curve.loss.numpy(), sweep.lowest).ravel() for curve in sweep.curves])
    seen = seen[np.isfinite(seen)]
    start = scaled(sweep.curves[0].loss[0].numpy(), sweep.lowest)[0]
    top = (start if np.isfinite(start) else 0.0) + DECADES_ABOVE
    return float(min(seen.min(initial=top), top - LEAST_DECADES)) - 0.3, float(top)


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


def spread_words(sweep: LrSweep) -> str:
    """From where to where the best learning rates go, of which there are at least two."""
    best = sweep.best()
    low, high = min(best, key=best.get), max(best, key=best.get)
    times = f"{fmt(best[high] / best[low], 3)} times as large"
    return f"They go from {fmt(best[low])} ({low}) to {fmt(best[high])} ({high}), which is {times}."


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
