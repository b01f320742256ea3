"""The losses of all optimizers against their learning rates, and under them which rates come down."""

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go

from core.cache import cached
from core.optimizers.lr_curves import RateSweep
from core.plane.lr_batch import rates
from figures.optimizers.heights import height_axis, scaled, title
from figures.optimizers.optimizer_style import look
from figures.optimizers.rates_limits import LINE, arrival_line, uprights
from figures.optimizers.rates_rows import best_place, row
from figures.optimizers.rates_words import describe, table
from figures.picture import Picture
from figures.style import axes

ROOM_ABOVE = 3.0  # powers of ten above the height at the start
ROW = 16  # pixels for an optimizer in the lower part
UPPER, GAP = 230, 16  # pixels
ABOVE = 10  # pixels over the figure
FADED = 0.65  # of the curves that are not followed
NAMED = 6  # curves that have their name beside them, at most
APART = (0.9, 0.1)  # powers of ten of lr, and share of the height, between two names


def rate_picture(sweep: RateSweep, follow: str, lr: float, moment: int) -> Picture:
    """The figure with a frame for each moment, and what there is to say of one of them.

    Args:
        lr: the rate that is marked.
        moment: the index of the moment at which the reader rests.
    """
    picture = _drawn(sweep, follow, lr)
    caption = describe(sweep, follow, moment)
    alt = f"Curves of loss against learning rate, both on log scales, and a row for each optimizer. {caption}"
    return replace(picture, caption=caption, alt=alt, table=table(sweep, moment))


@cached
def _drawn(sweep: RateSweep, follow: str, lr: float) -> Picture:
    start = np.concatenate([scaled(curve.loss[0].numpy(), sweep.lowest) for curve in sweep.curves])
    seen = np.concatenate([scaled(curve.loss.numpy(), sweep.lowest).ravel() for curve in sweep.curves])
    top = (np.nanmax(start) if np.isfinite(start).any() else 0.0) + ROOM_ABOVE
    bottom = max(np.nanmin(seen), -60.0) if np.isfinite(seen).any() else top - 4
    bottom = min(bottom, top - 4) - 0.3
    figure = go.Figure(_traces(sweep, follow, len(sweep.moments) - 1))
    changing = list(range(len(figure.data)))
    frames = [
        {"data": [_only_data(trace) for trace in _traces(sweep, follow, i)], "traces": changing}
        for i in range(len(sweep.moments))
    ]
    arrival_line(figure, sweep, bottom)
    lines = uprights(figure, sweep, follow, lr, bottom, top)
    rows = len(sweep.curves) * ROW
    over = ABOVE + LINE * lines
    height = UPPER + GAP + rows + 54 + over
    inside = height - 54 - over
    axes(figure, "learning rate lr, log scale", title(sweep.lowest))
    low, high = np.log10(rates()[0].item()) - 0.1, np.log10(rates()[-1].item()) + 0.1
    figure.update_xaxes(type="log", range=[low, high], dtick=1, exponentformat="power", anchor="y2")
    height_axis(figure, float(bottom), float(top), sweep.lowest)
    names = [curve.name for curve in sweep.curves]
    figure.update_layout(
        height=height,
        showlegend=False,
        hovermode="closest",
        margin={"l": 10, "r": 10, "t": over, "b": 10},
        yaxis_domain=[(rows + GAP) / inside, 1],
        yaxis2={
            "domain": [0, rows / inside],
            "tickvals": list(range(len(names))),
            "ticktext": [f"<b>{name}</b>" if name == follow else name for name in names],
            "tickfont": {"size": 10},
            "range": [len(names) - 0.4, -0.6],
            "zeroline": False,
        },
    )
    return Picture(figure, "", "", frames=frames)


def _only_data(trace: dict) -> dict:
    """What changes from moment to moment."""
    if trace["mode"] == "text":
        return {name: trace[name] for name in ("x", "y", "text")}
    if "yaxis" in trace:
        return {name: trace[name] for name in ("x", "text" if trace["mode"] == "markers" else "hovertemplate")}
    return {"y": trace["y"], "customdata": trace["customdata"]}


def _traces(sweep: RateSweep, follow: str, moment: int) -> list[dict]:
    """The curves, some with their names, and a row of the lower part for each."""
    found = []
    ends = "%{customdata:.3~g} above the lowest minimum" if sweep.lowest else "f = %{customdata:.3~g}"
    order = sorted(sweep.curves, key=lambda curve: curve.name == follow)  # the followed one lies on top
    for curve in order:
        style, followed = look(curve.name), curve.name == follow
        found.append(
            {
                "x": curve.lr.numpy().astype(np.float32),
                "y": scaled(curve.loss[moment].numpy(), sweep.lowest).astype(np.float32),
                "name": curve.name,
                "mode": "lines+markers" if followed else "lines",
                "opacity": 1.0 if followed else FADED,
                "line": {"color": style.color, "dash": style.dash, "width": 4 if followed else 1.6},
                "marker": {"symbol": style.marker, "size": 7, "color": style.color},
                "customdata": _counted(curve.loss[moment].numpy(), sweep.lowest),
                "hovertemplate": f"{curve.name}, lr %{{x:.3g}}, {ends}<extra></extra>",
            }
        )
    found.append(_names(sweep, follow, moment))
    for place, curve in enumerate(sweep.curves):
        found += row(curve, place, moment)
    return found


def _counted(loss: np.ndarray, lowest: float | None) -> np.ndarray:
    """The numbers that the axis counts, as they are, in single precision where that holds them."""
    with np.errstate(all="ignore"):
        height = loss - (lowest or 0.0)
        single = height.astype(np.float32)
        fits = np.isfinite(single) & (np.abs(single) >= np.finfo(np.float32).tiny)
    return single if bool((fits | (height == 0) | np.isnan(height)).all()) else height


def _names(sweep: RateSweep, follow: str, moment: int) -> dict:
    """Names under the lowest places of some curves, the followed one first, as many as do not cover each other."""
    taken: list[tuple[float, float, str]] = []
    seen = np.concatenate([scaled(curve.loss[moment].numpy(), sweep.lowest) for curve in sweep.curves])
    start = scaled(sweep.curves[0].loss[0][:1].numpy(), sweep.lowest)[0] + ROOM_ABOVE
    wide = max(start - np.nanmin(seen), 4.0) if np.isfinite(seen).any() and np.isfinite(start) else 4.0
    for curve in sorted(sweep.curves, key=lambda curve: curve.name != follow):
        best = best_place(curve, moment)
        if best is None or len(taken) >= NAMED:
            continue
        x, y = np.log10(curve.lr[best].item()), scaled(curve.loss[moment][best : best + 1].numpy(), sweep.lowest)[0]
        if all(abs(x - a) > APART[0] or abs(y - b) > APART[1] * wide for a, b, _ in taken):
            taken.append((x, y, f"<b>{curve.name}</b>" if curve.name == follow else curve.name))
    return {
        "x": [10**x for x, _, _ in taken],
        "y": [y for _, y, _ in taken],
        "text": [name for _, _, name in taken],
        "mode": "text",
        "name": "names",
        "textposition": "bottom center",
        "textfont": {"size": 12},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
