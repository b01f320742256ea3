"""The caption of the learning rates and their table: who arrives, the best, the good and the lost."""

import pandas as pd
import torch

from core.optimizers.lr_curves import RateSweep
from core.plane.lr_batch import rates
from core.plane.surfaces import lowest_of
from figures.optimizers.heights import FLOOR
from figures.optimizers.rates_best import LEVEL, bracket, near
from figures.optimizers.rates_limits import limits
from figures.optimizers.rates_rows import decades, good_rates, kind
from figures.words import fmt, listed, plural

CLICK = "A click chooses a learning rate, and in a row the optimizer to follow as well."


def describe(sweep: RateSweep, follow: str, moment: int) -> str:
    """The bests, who forgives most, who is lost, and theory's limit."""
    k = sweep.moments[moment]
    head = f"{sweep.runs} runs after {plural(k)}; one line an optimizer. {CLICK}"
    if not any(bool(torch.isfinite(curve.loss[moment]).any()) for curve in sweep.curves):
        return f"{head} None has a finite loss: at the start or on the way from there, f has no value."
    if not k:
        return f"{head} All stand at the start, where f = {fmt(sweep.curves[0].loss[0][0].item())}."
    text = f"{head} {_bests(sweep, moment)}" if sweep.lowest is not None else f"{head} {_no_lowest(sweep)}"
    text += _lost(sweep, moment)
    spoken = [f"{name} = {fmt(at)}" for name, at in limits(sweep).items()]
    if spoken:
        text += f" Dotted: theory's limit at the minimum nearest to the start, {', '.join(spoken)}."
    if sweep.lowest is not None and any(bool((c.loss[moment] - sweep.lowest < FLOOR).any()) for c in sweep.curves):
        text += f" What is below {fmt(FLOOR)} is drawn at the lower edge."
    return text


def _bests(sweep: RateSweep, moment: int) -> str:
    """Where the best rates lie, how wide the good ones are, and the one that serves most optimizers."""
    text = f"{_marks(sweep, moment)} {_ends(sweep, moment)}"
    text += " Bars: rates that come down to 1/1000 of the height at the start"
    widths = {curve.name: decades(curve, moment) for curve in sweep.curves}
    none = [name for name, wide in widths.items() if not wide]
    if len(none) == len(widths):
        return f"{text}; no optimizer has one."
    wide = max(widths, key=widths.get)
    text += f"; {wide} has most, {fmt(widths[wide], 2)} decades"
    if none:
        who = ", ".join(none) if len(none) < 5 else f"{len(none)} optimizers"
        text += f"; {who} {'has' if len(none) == 1 else 'have'} none."
    else:
        text += "; every optimizer has some."
    lr, names = _shared(sweep, moment)
    return f"{text} lr = {fmt(lr, 3)} is good for {len(names)} of {len(widths)}." if len(names) > 1 else text


def _marks(sweep: RateSweep, moment: int) -> str:
    """Who arrives, and what big marks and brackets are."""
    arriving = [curve.name for curve in sweep.curves if curve.arrives(moment)]
    others = [curve for curve in sweep.curves if curve.best(moment) is not None and not curve.arrives(moment)]
    if not arriving:
        text = f"No optimizer arrives, that is, comes down to {LEVEL}. Big marks: the rate that ends lowest."
        return f"{text} Brackets: the rates beside it that end {near(sweep.curves[0])}."
    arrive = "arrives" if len(arriving) == 1 else "arrive"
    text = f"At {LEVEL}, a run has arrived. With some rates, {listed(arriving)} {arrive}: "
    text += "the bracket is the longest row of these, the big mark its middle."
    if others:
        text += " For the others, the mark is the rate that ends lowest, the bracket the rates beside it that end "
        text += f"{near(others[0])}."
    return text


def _ends(sweep: RateSweep, moment: int) -> str:
    """Whose mark is furthest left, and whose right."""
    at: dict[float, list[str]] = {}
    for curve in sweep.curves:
        best = curve.best(moment)
        if best is not None:
            at.setdefault(curve.lr[best].item(), []).append(curve.name)
    if len(at) == 1:
        return f"All marks are at lr = {fmt(min(at), 3)}."
    left, right = (f"{listed(at[lr])} (lr = {fmt(lr, 3)})" for lr in (min(at), max(at)))
    return f"Furthest left are the marks of {left}, furthest right those of {right}."


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
        f"{curve.name} {f'from {fmt(at, 3)} on' if at else 'in between'} ({int(curve.lost(moment).sum())} of "
        f"{len(curve.lr)})"
        for curve, at in lost
    ]
    return f" Lost, with a number that is no longer finite (thin crosses): {', '.join(spoken)}."


def table(sweep: RateSweep, moment: int) -> pd.DataFrame:
    """For each optimizer its mark and what the mark is, its bracket, the good rates and the lost."""
    rows = []
    for curve in sweep.curves:
        best, good, beside = curve.best(moment), good_rates(curve, moment), bracket(curve, moment)
        rows.append(
            {
                "optimizer": curve.name,
                "rates that arrive": None if sweep.lowest is None else int(curve.arrived(moment).sum()),
                "mark": None if best is None else kind(curve, moment),
                "lr of the mark": None if best is None else curve.lr[best].item(),
                "f there": None if best is None else curve.loss[moment][best].item(),
                "bracket from lr": beside[0] if beside else None,
                "bracket to lr": beside[1] if beside else None,
                "1/1000 from lr": good[0] if good else None,
                "1/1000 to lr": good[1] if good else None,
                "decades": decades(curve, moment) if good else None,
                "lost from": curve.lost_from(moment),
                "lost": int(curve.lost(moment).sum()),
                "rates": len(curve.lr),
            }
        )
    return pd.DataFrame(rows)
