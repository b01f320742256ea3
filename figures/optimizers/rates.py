"""The losses of all optimizers against their learning rates, and under them which rates are as good as the best."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.gradient_descent.stability import limit
from core.optimizers.rates import WITHIN, RateCurve, RateSweep
from core.optimizers.rows import rates
from core.optimizers.stability import nearest_minimum
from figures.optimizers.heights import FLOOR, height_axis, scaled, title
from figures.optimizers.look import look
from figures.picture import Picture
from figures.style import GREY, KEPT_FIGURES, VERMILLION, axes
from figures.words import counted, say

ROOM_ABOVE = 3.0  # powers of ten above the height at the start
ROW = 14  # pixels for an optimizer in the lower part
UPPER, GAP = 230, 16  # pixels


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


@lru_cache(maxsize=KEPT_FIGURES)
def _drawn(sweep: RateSweep, follow: str, lr: float) -> Picture:
    start = np.concatenate([scaled(curve.loss[0].numpy(), sweep.lowest) for curve in sweep.curves])
    seen = np.concatenate([scaled(curve.loss.numpy(), sweep.lowest).ravel() for curve in sweep.curves])
    top = (np.nanmax(start) if np.isfinite(start).any() else 0.0) + ROOM_ABOVE
    bottom = max(np.nanmin(seen), -60.0) if np.isfinite(seen).any() else top - 4
    bottom = min(bottom, top - 4) - 0.3
    figure = go.Figure(_traces(sweep, follow, len(sweep.moments) - 1))
    changing = list(range(len(figure.data)))
    figure.frames = [
        {"name": str(i), "data": [_only_data(trace) for trace in _traces(sweep, follow, i)], "traces": changing}
        for i in range(len(sweep.moments))
    ]
    _uprights(figure, sweep, lr, bottom, top)
    rows = len(sweep.curves) * ROW
    height = UPPER + GAP + rows + 80
    inside = height - 80
    axes(figure, "learning rate lr, log scale", title(sweep.lowest))
    low, high = np.log10(rates()[0].item()) - 0.1, np.log10(rates()[-1].item()) + 0.1
    figure.update_xaxes(type="log", range=[low, high], dtick=1, exponentformat="power", anchor="y2")
    height_axis(figure, float(bottom), float(top), sweep.lowest)
    names = [curve.name for curve in sweep.curves]
    figure.update_layout(
        height=height,
        showlegend=False,
        hovermode="closest",
        margin={"l": 10, "r": 10, "t": 26, "b": 10},
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
    return Picture(figure, "", "", None)


def _only_data(trace: go.Scatter) -> go.Scatter:
    """What changes from moment to moment."""
    kept = {"y": trace.y} if trace.yaxis != "y2" else {"x": trace.x}
    return go.Scatter(kept)


def _traces(sweep: RateSweep, follow: str, moment: int) -> list[go.Scatter]:
    """The curves, and in the lower part the good rates, the best ones and where rates are lost."""
    found = []
    order = sorted(sweep.curves, key=lambda curve: curve.name == follow)  # the followed one lies on top
    for curve in order:
        style, followed = look(curve.name), curve.name == follow
        found.append(
            go.Scatter(
                x=curve.lr.numpy().astype(np.float32),
                y=scaled(curve.loss[moment].numpy(), sweep.lowest).astype(np.float32),
                name=curve.name,
                mode="lines+markers" if followed else "lines",
                line={"color": style.color, "dash": style.dash, "width": 4 if followed else 1.6},
                marker={"symbol": style.marker, "size": 7, "color": style.color},
                hovertemplate=f"{curve.name}, lr %{{x:.3g}}<extra></extra>",
            )
        )
    for place, curve in enumerate(sweep.curves):
        style, best = look(curve.name), curve.best(moment)
        good = curve.good(sweep.lowest, moment) if sweep.lowest is not None else None
        found.append(
            go.Scatter(
                x=list(good) if good else [None, None],
                y=[place, place],
                yaxis="y2",
                mode="lines",
                line={"color": style.color, "width": 5},
                hoverinfo="skip",
            )
        )
        found.append(
            go.Scatter(
                x=[None if best is None else curve.lr[best].item(), curve.lost_from(moment)],
                y=[place, place],
                yaxis="y2",
                mode="markers",
                marker={
                    "symbol": [style.marker, "x-thin"],
                    "size": [12, 8],
                    "color": [style.color, GREY],
                    "line": {"width": [1, 2], "color": ["white", GREY]},
                },
                text=["best", "lost from here on"],
                hovertemplate=f"{curve.name}, lr %{{x:.4g}}: %{{text}}<extra></extra>",
            )
        )
    return found


def _uprights(figure: go.Figure, sweep: RateSweep, lr: float, bottom: float, top: float) -> None:
    """The chosen rate and theory's limits."""
    places = [("chosen lr", lr, GREY, "solid"), *[(name, at, VERMILLION, "dot") for name, at in limits(sweep).items()]]
    for i, (name, at, color, dash) in enumerate(places):
        if not rates()[0] <= at <= rates()[-1]:
            continue
        figure.add_scatter(
            x=[at, at],
            y=[bottom, top],
            mode="lines",
            line={"color": color, "dash": dash, "width": 2},
            name=name,
            hovertemplate=f"{name}: %{{x:.4g}}<extra></extra>",
        )
        figure.add_annotation(
            x=np.log10(at),
            y=top,
            yshift=8 if not i else -8 - 14 * (i - 1),
            text=name,
            showarrow=False,
            xanchor="left",
            font={"size": 11},
            xshift=4,
        )


def limits(sweep: RateSweep) -> dict[str, float]:
    """Theory's largest lr at the minimum nearest to the start, for those optimizers that theory knows."""
    minimum, found = nearest_minimum(sweep.surface), {}
    if minimum is None:
        return found
    for name in ("SGD", "Momentum", "Nesterov"):
        curve = sweep.of(name)
        if curve is not None and not curve.entry.weight_decay and not curve.entry.dampening:
            b = curve.entry.momentum
            words = (
                f"{name}: 2/L"
                if not b
                else f"{name}: (2+2b)/((1+2b)L)"
                if curve.entry.nesterov
                else (f"{name}: 2(1+b)/L")
            )
            found[words] = limit(minimum.bends[1], b, curve.entry.nesterov)
    return found


def describe(sweep: RateSweep, follow: str, moment: int) -> str:
    """The bests, the widest and the narrowest, who is lost, and theory's limit."""
    bests = {curve.name: curve.lr[place].item() for curve in sweep.curves if (place := curve.best(moment)) is not None}
    k = sweep.moments[moment]
    head = f"{sweep.runs} runs after {counted(k)}; one line an optimizer."
    if not bests:
        return f"{head} None has a finite loss: at the start or on the way from there, f has no value."
    if not k:
        return f"{head} All stand at the start, where f = {say(sweep.curves[0].loss[0][0].item())}."
    low, high = min(bests, key=bests.get), max(bests, key=bests.get)
    text = (
        f"{head} The best rates lie from {say(bests[low], 3)} ({low}) to {say(bests[high], 3)} ({high}), "
        f"{say(np.log10(bests[high] / bests[low]), 2)} decades apart."
    )
    widths = {curve.name: _decades(curve, sweep, moment) for curve in sweep.curves if curve.name in bests}
    if sweep.lowest is not None:
        wide, narrow = max(widths, key=widths.get), min(widths, key=widths.get)
        text += (
            f" Bars: rates that end within {WITHIN:g} times the best height; {wide} has {say(widths[wide], 2)} decades "
            f"of them, {narrow} {say(widths[narrow], 2)}."
        )
    text += _lost(sweep, moment)
    spoken = [f"{name} = {say(at)}" for name, at in limits(sweep).items()]
    if spoken:
        text += f" Dotted: theory's limit at the minimum nearest to the start, {', '.join(spoken)}."
    if sweep.lowest is not None and any(bool((c.loss[moment] - sweep.lowest < FLOOR).any()) for c in sweep.curves):
        text += f" What is below {say(FLOOR)} is drawn at the lower edge."
    return text


def _lost(sweep: RateSweep, moment: int) -> str:
    lost = [(curve, curve.lost_from(moment)) for curve in sweep.curves if bool(curve.lost(moment).any())]
    if not lost:
        return " No run is lost."
    spoken = [
        f"{curve.name} {f'from {say(at, 3)} on' if at else 'in between'} ({int(curve.lost(moment).sum())} of "
        f"{len(curve.lr)})"
        for curve, at in lost
    ]
    return f" Lost, with a number that is no longer finite (thin crosses): {', '.join(spoken)}."


def _decades(curve: RateCurve, sweep: RateSweep, moment: int) -> float:
    good = curve.good(sweep.lowest, moment) if sweep.lowest is not None else None
    return float(np.log10(good[1] / good[0])) if good else 0.0


def table(sweep: RateSweep, moment: int) -> pd.DataFrame:
    """For each optimizer its best rate, the loss there, the rates that are as good, and where rates are lost."""
    rows = []
    for curve in sweep.curves:
        best = curve.best(moment)
        good = curve.good(sweep.lowest, moment) if sweep.lowest is not None else None
        rows.append(
            {
                "optimizer": curve.name,
                "best lr": None if best is None else curve.lr[best].item(),
                "f there": None if best is None else curve.loss[moment][best].item(),
                "as good from": good[0] if good else None,
                "as good to": good[1] if good else None,
                "decades": _decades(curve, sweep, moment) if good else None,
                "lost from": curve.lost_from(moment),
                "lost": int(curve.lost(moment).sum()),
                "rates": len(curve.lr),
            }
        )
    return pd.DataFrame(rows)


def insight(sweep: RateSweep, follow: str, moment: int) -> str:
    """One sentence on the followed optimizer: its best, and what half and twice of it would do."""
    curve = sweep.of(follow)
    if curve is None:
        return f"{follow} does not take part; choose it among the optimizers to follow it."
    best = curve.best(moment)
    if best is None:
        return f"**{follow}** has no learning rate with a finite loss."
    text = f"**{follow}** does best with lr = {say(curve.lr[best].item())}, f = {say(curve.loss[moment][best].item())}."
    for factor, word in ((0.5, "Half of it"), (2.0, "Twice as much")):
        other = int((curve.lr - factor * curve.lr[best]).abs().argmin())
        if abs(curve.lr[other].item() / (factor * curve.lr[best].item()) - 1) < 1e-9:
            loss = curve.loss[moment][other].item()
            text += f" {word} " + ("is lost." if loss != loss else f"ends at {say(loss)}.")
    return text
