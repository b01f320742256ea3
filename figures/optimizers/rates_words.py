"""The caption of the learning rates and their table: the best, the good and the lost."""

import math

import pandas as pd
import torch

from core.optimizers.rates_curves import RateCurve, RateSweep
from core.optimizers.rows import rates
from core.optimizers.surfaces import lowest_of
from figures.optimizers.heights import FLOOR
from figures.optimizers.rates_best import AS_LOW_IS, as_low_rates, span
from figures.optimizers.rates_limits import limits
from figures.optimizers.rates_rows import decades, good_rates
from figures.words import counted, say


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
    text += f"furthest left {low} ({span(rows[low])}), furthest right {high} ({span(rows[high])})."
    text += " Bars: rates that come down to 1/1000 of the height at the start"
    widths = {curve.name: decades(curve, moment) for curve in sweep.curves}
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
                "decades": decades(curve, moment) if good else None,
                "lost from": curve.lost_from(moment),
                "lost": int(curve.lost(moment).sum()),
                "rates": len(curve.lr),
            }
        )
    return pd.DataFrame(rows)
