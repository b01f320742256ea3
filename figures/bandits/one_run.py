"""One run: what a strategy thinks of each arm, and which it pulls when."""

from math import log

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.bandits.one_run import OneRun, most_pulled, never_pulled, rank
from core.bandits.settings import ARMS, N_ARMS
from core.cache import cached
from figures.bandits.style import arms_named, enough, true_mean
from figures.picture import Picture
from figures.style import BLUE, GREY, VERMILLION, axes, numbers
from figures.words import fmt, plural

PLACES = np.arange(N_ARMS, dtype=np.int32)
RANKS = ("best", "second best", "third best")


@cached
def estimates(run: OneRun) -> Picture:
    """The estimates beside the true means, or the chances of a gradient strategy; one frame for each moment."""
    figure, bars = go.Figure(), numbers(run.spreads)
    shown, name = (run.chances, "chance") if run.has_preferences else (run.values, "estimate")
    figure.add_scatter(
        x=PLACES,
        y=numbers(shown[0]),
        error_y={"array": bars[0], "thickness": 2, "width": 5},
        mode="markers",
        name=name,
        marker={"color": BLUE, "size": 11},
    )
    if not run.has_preferences:
        figure.add_scatter(x=PLACES, y=numbers(run.means), mode="markers", name="true mean", marker=true_mean(24))
    axes(figure, "arm (★ has the highest true mean)", "chance" if run.has_preferences else "reward")
    figure.update_xaxes(tickvals=PLACES, ticktext=starred(run))
    every = [numbers(shown)]
    if not run.has_preferences:
        every += [every[0] - bars, every[0] + bars, numbers(run.means)[None]]
    low, high = float(np.nanmin(np.concatenate(every))), float(np.nanmax(np.concatenate(every)))
    figure.update_yaxes(range=[low - 0.05 * (high - low) - 0.02, high + 0.05 * (high - low) + 0.02])
    moments = zip(every[0], bars, strict=True)
    frames = [{"traces": [0], "data": [{"y": y, "error_y": {"array": bar}}]} for y, bar in moments]
    caption = f"{how_to_read(run)} {most_words(run)}"
    table = pd.DataFrame({"arm": list(ARMS), "true mean": run.means.numpy(), "pulls": run.counts[-1].int().numpy()})
    table["preference" if run.has_preferences else "estimate"] = run.values[-1].numpy()
    return Picture(figure, caption, f"Chart of what is thought of each arm. {caption}", table, frames)


def starred(run: OneRun) -> list[str]:
    """The names of the arms, the best with a star."""
    return [ARMS[arm] + "★" * (rank(run, arm) == 1) for arm in range(N_ARMS)]


def how_to_read(run: OneRun) -> str:
    """What the marks are."""
    if run.has_preferences:
        return "Dots are the chances of the arms."
    bars = {
        "thompson": ", with bars of one standard deviation of what it still thinks possible",
        "optimistic": "",
    }.get(run.settings.strategy, ", with bars of 1/√n after n pulls")
    return f"Green bars are the true means, dots the estimates{bars}."


def most_words(run: OneRun) -> str:
    """Which arm was pulled most, and how good it is."""
    arms, never = most_pulled(run), never_pulled(run)
    untried = f"; {plural(never, 'arm')} it never tried" if never else ""
    pulls = f"{plural(int(run.counts[-1].max()), 'time')} of {len(run.arms):,}"
    if len(arms) > 1:
        return f"It pulled {arms_named(arms)} most, {pulls} each{untried}."
    place = rank(run, arms[0])
    said = RANKS[place - 1] if place <= len(RANKS) else f"number {place}"
    return f"It pulled {arms_named(arms)} most, {pulls}: the {said} of ten{untried}."


@cached
def pulled(run: OneRun) -> Picture:
    """The arm of each step, and whether it explored."""
    figure, explored = go.Figure(), run.explored.numpy()
    t = np.arange(1, len(explored) + 1, dtype=np.int32)
    for name, which, color, symbol in (
        ("exploits", ~explored, BLUE, "circle"),
        ("explores", explored, VERMILLION, "x"),
    ):
        marker = {"color": color, "symbol": symbol, "size": 6}
        figure.add_scattergl(x=t[which], y=numbers(run.arms)[which], mode="markers", name=name, marker=marker)
    line = {"color": GREY, "dash": "dot", "width": 2}
    figure.add_scatter(x=[0, 0], y=[-0.5, N_ARMS - 0.5], mode="lines", name="you are here", line=line)
    frames = [{"traces": [2], "data": [{"x": [step, step]}]} for step in (0, *t.tolist())]
    axes(figure, "step", "arm that is pulled")
    figure.update_yaxes(tickvals=PLACES, ticktext=starred(run), range=[N_ARMS - 0.5, -0.5])
    figure.update_xaxes(range=[-0.02 * len(t), 1.02 * len(t)])
    caption = (
        "To exploit is to pull an arm that looks best so far, to explore is to pull another. "
        f"This run explored in {int(explored.sum()):,} of {plural(len(t))}."
    )
    table = pd.DataFrame({"step": t, "arm": [ARMS[arm] for arm in run.arms], "reward": run.rewards.numpy()})
    table["explores"] = explored
    return Picture(figure, caption, f"Chart of the arm that each step pulls. {caption}", table, frames)


def labels(run: OneRun) -> list[str]:
    """What happened at each moment."""
    said = ["Before the first step: nothing is known of any arm."]
    what = "preference" if run.has_preferences else "estimate"
    old, new = (values.gather(1, run.arms[:, None])[:, 0] for values in (run.values[:-1], run.values[1:]))
    steps = zip(run.arms.tolist(), run.explored.tolist(), torch.stack([run.rewards, old, new]).T.tolist(), strict=True)
    for step, (arm, explored, amounts) in enumerate(steps, start=1):
        kind, (paid, old, new) = "explored" if explored else "exploited", (fmt(x, decimals=2) for x in amounts)
        said.append(f"Step {step:,} {kind}: arm {ARMS[arm]} paid {paid}; its {what} went from {old} to {new}.")
    return said


def by_hand(run: OneRun, step: int) -> str:
    """The update of a step, which is counted from 1."""
    arm = int(run.arms[step - 1])
    old, reward, n = run.values[step - 1, arm].item(), run.rewards[step - 1].item(), int(run.counts[step, arm])
    begin = f"Step {step:,}, arm {ARMS[arm]}, pull {n:,} of it:"
    if run.has_preferences:
        chance, base = run.chances[step - 1, arm].item(), run.baseline(step)
        h, r, b, p, a, new = enough(
            lambda h, r, b, p, a: h + a * (r - b) * (1 - p), old, reward, base, chance, run.value
        )
        return (
            f"{begin} a reward R above the baseline b makes it more likely. With its chance π and the step size α: "
            f"H + α (R − b)(1 − π) = {h} + {a} · ({r} − {b}) · (1 − {p}) = **{new}**"
        )
    if run.settings.strategy == "optimistic":
        divisor, name = 10.0, "10"
    elif run.settings.strategy == "thompson":
        divisor, name = n + 1 / run.value**2, "(n + 1/σ²)"
    else:
        divisor, name = float(n), "n"
    q, r, d, new = enough(lambda q, r, d: q + (r - q) / d, old, reward, divisor)
    said = f"{begin} Q + (R − Q) / {name} = {q} + ({r} − {q}) / {d} = **{new}**"
    if run.settings.strategy != "ucb" or n == 1:
        return said
    q, c, t, n, score = enough(lambda q, c, t, n: q + c * (log(t) / n) ** 0.5, old, run.value, step, n - 1)
    return f"{said}. It was pulled for its Q + c √(ln t / n) = {q} + {c} · √(ln {t} / {n}) = **{score}**, the highest."
