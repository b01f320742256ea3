"""The losses of all optimizers against their learning rates, and under them which rates come down."""

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.gradient_descent.stability import limit
from core.optimizers.rates_curves import ARRIVED, AS_LOW, RateCurve, RateSweep
from core.optimizers.rows import rates
from core.optimizers.stability import nearest_minimum
from core.optimizers.surfaces import lowest_of
from figures.optimizers.heights import FLOOR, height_axis, scaled, title
from figures.optimizers.look import look
from figures.picture import Picture
from figures.style import GREY, KEPT_FIGURES, axes
from figures.words import counted, say

ROOM_ABOVE = 3.0  # powers of ten above the height at the start
ROW = 14  # pixels for an optimizer in the lower part
UPPER, GAP = 230, 16  # pixels
ABOVE, LINE = 10, 15  # pixels over the figure, and for each name of an upright line
FADED = 0.65  # of the curves that are not followed
NAMED = 6  # curves that have their name beside them, at most
APART = (0.9, 0.1)  # powers of ten of lr, and share of the height, between two names
EDGE = 2**0.25  # a bar reaches half way to the next rate
NEAR = f"{say(100 * AS_LOW)} %"
HIGHER = f"at most {NEAR} higher above the lowest minimum"
AS_LOW_IS = f"{HIGHER}, or higher by {say(ARRIVED)} of the first height"  # than the best, in words


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
    lines = _uprights(figure, sweep, follow, lr, bottom, top)
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
    return Picture(figure, "", "", None)


def _only_data(trace: go.Scatter) -> go.Scatter:
    """What changes from moment to moment."""
    if trace.mode == "text":
        return go.Scatter({"x": trace.x, "y": trace.y, "text": trace.text})
    kept = {"y": trace.y} if trace.yaxis != "y2" else {"x": trace.x}
    return go.Scatter(kept)


def _traces(sweep: RateSweep, follow: str, moment: int) -> list[go.Scatter]:
    """The curves, some with their names; in the lower part the good rates, those as low as the best, it, the lost."""
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
                opacity=1.0 if followed else FADED,
                line={"color": style.color, "dash": style.dash, "width": 4 if followed else 1.6},
                marker={"symbol": style.marker, "size": 7, "color": style.color},
                hovertemplate=f"{curve.name}, lr %{{x:.3g}}<extra></extra>",
            )
        )
    found.append(_names(sweep, follow, moment))
    for place, curve in enumerate(sweep.curves):
        style, best = look(curve.name), _best(curve, moment)
        good, low = good_rates(curve, moment), as_low_rates(curve, moment) if best is not None else None
        found.append(
            go.Scatter(
                x=[good[0] / EDGE, good[1] * EDGE] if good else [None, None],
                y=[place, place],
                yaxis="y2",
                mode="lines",
                line={"color": style.color, "width": 5, "dash": style.dash},
                hoverinfo="skip",
            )
        )
        found.append(
            go.Scatter(
                x=low or [None, None],
                y=[place, place],
                yaxis="y2",
                mode="lines+markers",
                line={"color": style.color, "width": 2},
                marker={"symbol": "line-ns", "size": 11, "line": {"color": style.color, "width": 2}},
                hovertemplate=f"{curve.name}, lr %{{x:.4g}}: as low up to here<extra></extra>",
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


def _best(curve: RateCurve, moment: int) -> int | None:
    """The place of the best rate; None at the start, where all are alike, and where no minimum can be reached."""
    return curve.best(moment) if curve.lowest is not None and moment != 0 else None


def good_rates(curve: RateCurve, moment: int) -> tuple[float, float] | None:
    """The lowest and the highest of the rates in the longest row that came down; None if none did."""
    good = curve.good(moment)
    return (curve.lr[good[0]].item(), curve.lr[good[1]].item()) if good else None


def as_low_rates(curve: RateCurve, moment: int) -> tuple[float, float] | None:
    """The lowest and the highest of the rates around the best that end as low; None if it is alone or all are lost."""
    row = curve.as_low(moment)
    return (curve.lr[row[0]].item(), curve.lr[row[1]].item()) if row and row[0] < row[1] else None


def _names(sweep: RateSweep, follow: str, moment: int) -> go.Scatter:
    """Names under the lowest places of some curves, the followed one first, as many as do not cover each other."""
    taken: list[tuple[float, float, str]] = []
    seen = np.concatenate([scaled(curve.loss[moment].numpy(), sweep.lowest) for curve in sweep.curves])
    start = scaled(sweep.curves[0].loss[0][:1].numpy(), sweep.lowest)[0] + ROOM_ABOVE
    wide = max(start - np.nanmin(seen), 4.0) if np.isfinite(seen).any() and np.isfinite(start) else 4.0
    for curve in sorted(sweep.curves, key=lambda curve: curve.name != follow):
        best = _best(curve, moment)
        if best is None or len(taken) >= NAMED:
            continue
        x, y = np.log10(curve.lr[best].item()), scaled(curve.loss[moment][best : best + 1].numpy(), sweep.lowest)[0]
        if all(abs(x - a) > APART[0] or abs(y - b) > APART[1] * wide for a, b, _ in taken):
            taken.append((x, y, f"<b>{curve.name}</b>" if curve.name == follow else curve.name))
    return go.Scatter(
        x=[10**x for x, _, _ in taken],
        y=[y for _, y, _ in taken],
        text=[name for _, _, name in taken],
        mode="text",
        name="names",
        textposition="bottom center",
        textfont={"size": 12},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _uprights(figure: go.Figure, sweep: RateSweep, follow: str, lr: float, bottom: float, top: float) -> int:
    """The chosen rate and theory's limits, each in its owner's colour, named over the figure; returns how many."""
    owned = [(name, at, look(name.partition(":")[0]).color, "dot") for name, at in limits(sweep).items()]
    places = [place for place in (("chosen lr", lr, GREY, "solid"), *owned) if rates()[0] <= place[1] <= rates()[-1]]
    for i, (name, at, color, dash) in enumerate(places):
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
            yshift=LINE * i + LINE / 2,
            text=name,
            showarrow=False,
            xanchor="right" if at > rates()[-1] / 30 else "left",
            font={"size": 11},
        )
    return len(places)


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
    """The bests, who forgives most, who is lost, and theory's limit."""
    k = sweep.moments[moment]
    head = f"{sweep.runs} runs after {counted(k)}; one line an optimizer."
    if not any(bool(torch.isfinite(curve.loss[moment]).any()) for curve in sweep.curves):
        return f"{head} None has a finite loss: at the start or on the way from there, f has no value."
    if not k:
        return f"{head} All stand at the start, where f = {say(sweep.curves[0].loss[0][0].item())}."
    text = f"{head} {_bests(sweep, moment)}" if sweep.lowest is not None else f"{head} {_no_lowest(sweep)}"
    text += _lost(sweep, moment)
    spoken = [f"{name} = {say(at)}" for name, at in limits(sweep).items()]
    if spoken:
        text += f" Dotted: theory's limit at the minimum nearest to the start, {', '.join(spoken)}."
    if sweep.lowest is not None and any(bool((c.loss[moment] - sweep.lowest < FLOOR).any()) for c in sweep.curves):
        text += f" What is below {say(FLOOR)} is drawn at the lower edge."
    return text


def _bests(sweep: RateSweep, moment: int) -> str:
    """Where the best rates lie, how wide the good ones are, and the one that serves most optimizers."""
    rows = {curve.name: _best_rates(curve, moment) for curve in sweep.curves if curve.best(moment) is not None}
    low, high = (which(rows, key=lambda name: math.prod(rows[name])) for which in (min, max))
    text = f"Big marks: the rate that ends lowest. The line through it: all beside it that end {AS_LOW_IS}; "
    text += f"furthest left {low} ({_span(rows[low])}), furthest right {high} ({_span(rows[high])})."
    text += " Bars: rates that come down to 1/1000 of the height at the start"
    widths = {curve.name: _decades(curve, moment) for curve in sweep.curves}
    none = [name for name, wide in widths.items() if not wide]
    if len(none) == len(widths):
        return f"{text}; no optimizer has one."
    wide = max(widths, key=widths.get)
    text += f"; {wide} has most, {say(widths[wide], 2)} decades"
    if none:
        who = ", ".join(none) if len(none) < 5 else f"{len(none)} optimizers"
        text += f"; {who} {'has' if len(none) == 1 else 'have'} none."
    else:
        text += "; every optimizer has some."
    lr, names = _shared(sweep, moment)
    return f"{text} lr = {say(lr, 3)} is good for {len(names)} of {len(widths)}." if len(names) > 1 else text


def _best_rates(curve: RateCurve, moment: int) -> tuple[float, float]:
    """The lowest and the highest rate that end as low as the best; twice the best if no other does."""
    return as_low_rates(curve, moment) or (curve.lr[curve.best(moment)].item(),) * 2


def _span(row: tuple[float, float]) -> str:
    return say(row[0], 3) if row[0] == row[1] else f"{say(row[0], 3)} to {say(row[1], 3)}"


def _shared(sweep: RateSweep, moment: int) -> tuple[float, list[str]]:
    """The rate that is good for most optimizers, the lowest of equals, and their names."""
    served: dict[float, list[str]] = {lr: [] for lr in rates().tolist()}
    for curve in sweep.curves:
        for lr in curve.lr[curve.came_down(moment)].tolist():
            served.setdefault(lr, []).append(curve.name)
    return max(served.items(), key=lambda pair: len(pair[1]))


def _no_lowest(sweep: RateSweep) -> str:
    """Why no rate is called the best."""
    known = lowest_of(sweep.surface.surface, sweep.surface.text)
    return (
        "Some runs got below the lowest minimum of the picture, so no rate is called the best."
        if known
        else "The picture holds no minimum to arrive at, so no rate is called the best."
    )


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


def _decades(curve: RateCurve, moment: int) -> float:
    """How wide the bar of an optimizer is, in powers of ten."""
    good = good_rates(curve, moment)
    return float(np.log10(good[1] / good[0] * EDGE**2)) if good else 0.0


def table(sweep: RateSweep, moment: int) -> pd.DataFrame:
    """For each optimizer the rate with the lowest loss, the loss there, the rates as low, the good and the lost."""
    rows = []
    for curve in sweep.curves:
        best, good, low = curve.best(moment), good_rates(curve, moment), as_low_rates(curve, moment)
        rows.append(
            {
                "optimizer": curve.name,
                "lr of the lowest f": None if best is None else curve.lr[best].item(),
                "f there": None if best is None else curve.loss[moment][best].item(),
                "as low from lr": low[0] if low else None,
                "as low to lr": low[1] if low else None,
                "1/1000 from lr": good[0] if good else None,
                "1/1000 to lr": good[1] if good else None,
                "decades": _decades(curve, moment) if good else None,
                "lost from": curve.lost_from(moment),
                "lost": int(curve.lost(moment).sum()),
                "rates": len(curve.lr),
            }
        )
    return pd.DataFrame(rows)


def insight(sweep: RateSweep, follow: str, moment: int) -> str:
    """What the followed optimizer's rates do: those as low as the best, or what half and twice of it would do."""
    curve = sweep.of(follow)
    if curve is None:
        return f"{follow} does not take part; choose it among the optimizers to follow it."
    if curve.best(moment) is None:
        return f"**{follow}** has no learning rate with a finite loss."
    if not sweep.moments[moment]:
        return f"**{follow}** has not moved yet."
    text = _best_of_it(curve, moment) if as_low_rates(curve, moment) else _best_alone(curve, moment)
    further = curve.as_low_elsewhere(moment)
    ends = "rate ends" if further == 1 else "rates end"
    return text + (f" Further off, {further} more {ends} as low." if further else "")


def _best_of_it(curve: RateCurve, moment: int) -> str:
    """The rates that end as low, of which there are some."""
    best, row, known = curve.best(moment), curve.as_low(moment), curve.lowest is not None
    lr, f, does = (
        say(curve.lr[best].item(), 3),
        say(curve.loss[moment][best].item()),
        "does best" if known else "is lowest",
    )
    head = f"**{curve.name}** {does} with every lr from {_span(as_low_rates(curve, moment))}: f = {f}"
    if row == curve.equals(moment):
        return f"{head}, but for {say(ARRIVED)} of {'the first height' if known else 'the way down'}."
    return f"{head} with lr = {lr}; the others end {HIGHER}."


def _best_alone(curve: RateCurve, moment: int) -> str:
    """The best rate, beside which none ends as low, and what half and twice of it would do."""
    best, does = curve.best(moment), "does best" if curve.lowest is not None else "is lowest"
    text = (
        f"**{curve.name}** {does} with lr = {say(curve.lr[best].item())}, f = {say(curve.loss[moment][best].item())}."
    )
    for factor, word in ((0.5, "Half of it"), (2.0, "Twice as much")):
        other = int((curve.lr - factor * curve.lr[best]).abs().argmin())
        if abs(curve.lr[other].item() / (factor * curve.lr[best].item()) - 1) < 1e-9:
            loss = curve.loss[moment][other].item()
            text += f" {word} " + ("is lost." if loss != loss else f"ends at {say(loss)}.")
    return text


def short(sweep: RateSweep, follow: str, moment: int) -> str:
    """What the scrubber says of a moment."""
    curve = sweep.of(follow) or sweep.curves[0]
    best, low = curve.best(moment), as_low_rates(curve, moment)
    if best is None:
        return f"{curve.name} is lost with every lr."
    if not sweep.moments[moment]:
        return f"all at f = {say(curve.loss[moment][best].item())}."
    if low is None:
        return f"{curve.name} is lowest with lr = {say(curve.lr[best].item(), 3)}."
    near = "" if curve.as_low(moment) == curve.equals(moment) else f", within {NEAR},"
    return f"{curve.name} is lowest{near} with any lr from {_span(low)}."


def best_rates_words(sweep: RateSweep) -> str:
    """With which rates they race if each has its best, of how many, and who could have others as well."""
    if not sweep.curves:
        return "No search came to its end, so each has the learning rate of its own."
    tried: dict[int, list[str]] = {}
    for curve in sweep.curves:
        tried.setdefault(len(curve.lr), []).append(curve.name)
    usual, *fewer = sorted(tried, reverse=True)
    also = "".join(f", for {' and '.join(tried[count])} {count}" for count in fewer)
    text = f"Each has the learning rate with which it ends lowest after {counted(sweep.steps)}, of {usual} tried{also}."
    rows = {curve.name: low for curve in sweep.curves if (low := as_low_rates(curve, -1))}
    if rows:
        wide = max(rows, key=lambda name: rows[name][1] / rows[name][0])
        low = f"end {AS_LOW_IS}" if sweep.lowest is not None else "end as low"
        text += f" For {len(rows)} of {len(sweep.curves)}, rates beside it {low}; "
        text += f"for {wide} all do from {_span(rows[wide])}."
    lost = [curve.name for curve in sweep.curves if curve.best() is None]
    if lost:
        text += f" Lost with each, and so with the lr of {'its' if len(lost) == 1 else 'their'} own: {', '.join(lost)}."
    return f"{text} After a few steps more or less the lowest may be another."
