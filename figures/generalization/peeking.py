"""Peeking: your own openings of the holdout set, and what 200 repeats say they cost."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch
from torch import Tensor

from core.cache import cached
from core.generalization.peeking import GUESSED, N_NEW, N_REPEATS, Peeks
from core.generalization.settings import MOST_OPENINGS
from figures.band import add_band
from figures.picture import Picture
from figures.style import GREEN, HOLDOUT, VERMILLION, axes, numbers
from figures.words import fmt, plural

HEIGHT = 400
CHANCE = 0.01  # a mean gap below it may be chance
NEW = {"color": GREEN, "dash": "dot"}


def _share_axis(figure: go.Figure, shares: Tensor) -> None:
    """From 30% to 95% as long as all shares are in between, so that runs can be compared."""
    low, high = min(0.3, shares.min().item() - 0.03), max(0.95, shares.max().item() + 0.03)
    figure.update_yaxes(range=[low, high], tickformat=".0%")


@cached
def openings(peeks: Peeks, count: int) -> Picture:
    """Each model that was tried, on the holdout set; the best so far, there and on new people."""
    figure, k = go.Figure(), np.arange(1, count + 1, dtype=np.int32)
    tried, seen, fresh = (t[0, :count] for t in (peeks.holdout, peeks.seen, peeks.fresh))
    cross = {"color": VERMILLION, "symbol": "x", "size": 8}
    figure.add_scatter(x=k, y=numbers(tried), mode="markers", name="a model, holdout", marker=cross)
    step = {"mode": "lines+markers", "marker": {"size": 6}}
    figure.add_scatter(x=k, y=numbers(seen), name="best so far, holdout", line=HOLDOUT | {"shape": "hv"}, **step)
    figure.add_scatter(x=k, y=numbers(fresh), name="that model, new people", line=NEW | {"shape": "hv"}, **step)
    axes(figure, "opening of the holdout set", "share of right answers").update_layout(height=HEIGHT)
    figure.update_xaxes(range=[0.5, max(count, 10) + 0.5])
    _share_axis(figure, torch.cat([tried, seen, fresh]))
    which = "only" if count == 1 else "best"
    caption = (
        f"After {plural(count, 'opening')} the {which} model is right about {seen[-1]:.1%} of the {peeks.n_holdout} "
        f"holdout people; of {N_NEW} new people it gets {fresh[-1]:.1%} right."
    )
    table = pd.DataFrame({"opening": k, "this model": tried, "best so far": seen, "on new people": fresh})
    return Picture(figure, caption, f"Models tried on the holdout set, one after the other. {caption}", table)


@cached
def cost_curve(peeks: Peeks) -> Picture:
    """The mean of 200 repeats: what the holdout set says, and what is true."""
    figure, k = go.Figure(), np.arange(1, MOST_OPENINGS + 1, dtype=np.int32)
    for runs, name, line in ((peeks.seen, "best so far, holdout", HOLDOUT), (peeks.fresh, "new people", NEW)):
        add_band(figure, k, runs.T, name, line, runs.mean(dim=0))
    for trace in figure.data:
        trace.mode = "lines"
    axes(figure, "openings of the holdout set", "share of right answers").update_layout(height=HEIGHT)
    _share_axis(figure, torch.cat([torch.quantile(peeks.seen, 0.9, dim=0), torch.quantile(peeks.fresh, 0.1, dim=0)]))
    points = [fmt(100 * peeks.optimism[count - 1].item(), decimals=1) for count in (1, 10, MOST_OPENINGS)]
    caption = (
        f"Means of {N_REPEATS} repeats with data of their own, and where eight of ten lie. The gap, in percentage "
        f"points: {points[0]} after 1 opening, {points[1]} after 10, {points[2]} after {MOST_OPENINGS}."
    )
    table = pd.DataFrame({"openings": k, "holdout": peeks.seen.mean(dim=0), "new people": peeks.fresh.mean(dim=0)})
    table["gap in points"] = 100 * peeks.optimism.numpy()
    return Picture(figure, caption, f"Two lines with bands against the number of openings. {caption}", table)


def caught(peeks: Peeks, count: int) -> str:
    """What the reader's own openings have cost."""
    gap = 100 * (peeks.seen[0, count - 1] - peeks.fresh[0, count - 1]).item()
    if count == 1:
        return "**Opened once.** So far it is an honest test: nothing was chosen by it."
    usual = f"the mean of {N_REPEATS} repeats is {fmt(100 * peeks.optimism[count - 1].item(), decimals=1)}"
    if gap <= 0:
        return f"**Opened {count} times.** You were lucky: it does not flatter you this time; {usual} points too much."
    return f"**Caught: opened {count} times.** It flatters your best model by **{gap:.1f} percentage points**; {usual}."


def guess_words(peeks: Peeks) -> str:
    """The gap after fifty openings."""
    seen, fresh = (t[:, GUESSED - 1].mean().item() for t in (peeks.seen, peeks.fresh))
    why = ": the model was chosen for its luck with these people" if seen - fresh > CHANCE else ""
    return f"On average over {N_REPEATS} repeats the holdout set says {seen:.1%}, and new people {fresh:.1%}{why}."


def by_hand(peeks: Peeks, count: int) -> str:
    """The share of the best model so far."""
    right, n = round(peeks.seen[0, count - 1].item() * peeks.n_holdout), peeks.n_holdout
    new = round(peeks.fresh[0, count - 1].item() * N_NEW)
    gap = 100 * (right / n - new / N_NEW)
    return (
        f"The {'only model' if count == 1 else f'best of {count} models'} is right about {right} of {n} holdout "
        f"people: {right} / {n} = **{right / n:.4g}**. Of {N_NEW} new people it gets {new} right: {new} / {N_NEW} = "
        f"**{new / N_NEW:.4g}**. The difference is {fmt(gap, decimals=1)} percentage points."
    )
