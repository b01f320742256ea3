"""What a comparison of optimizers on a network says: who is ahead by steps, who by time, and whether seeds agree."""

import math
from collections.abc import Callable

import pandas as pd

from core.optimizers.network import RATES, Comparison, Learned, middle
from figures.optimizers.network import milliseconds
from figures.words import fmt, plural

MOST_NAMED = 6  # runs that diverged
Order = list[tuple[str, list[float]]]  # optimizers with a value for each seed


def label(found: Comparison, moment: int, follow: str) -> str:
    """What the scrubber says at a moment."""
    run = found.of(follow)
    loss, right = run.typical[moment].item(), 100 * run.accuracy[:, moment].median().item()
    return (
        f"After {found.moments[moment]} of {plural(found.moments[-1])}: {run.name} has a training loss of "
        f"{fmt(loss, 3)} and {right:.0f} % of the validation samples right (medians)."
    )


def ahead(found: Comparison) -> str:
    """Who gets first to the loss that is plural, by steps and by time."""
    target = found.target
    if len(found.runs) == 1 or target is None:
        return _ends_only(found)
    by_steps, by_time = _orders(found)
    alone = found.settings.seeds == 1
    return (
        f"To a training loss of {fmt(target)}: **by steps {_verdict(by_steps, 'steps', alone)}. "
        f"**By time {_verdict(by_time, 'ms', alone)}."
    )


def claim(found: Comparison) -> str:
    """What the ranges over the seeds allow to be said of the first two; empty where nothing is compared."""
    n = found.settings.seeds
    if len(found.runs) == 1 or found.target is None:
        return ""
    if n == 1:
        return "One seed cannot tell whether that is luck."
    apart, close = [], []
    for order, what in zip(_orders(found), ("steps", "time"), strict=True):
        (first, one), (second, other) = order[:2]
        (close if overlap(one, other) else apart).append(f"{first} and {second} by {what}")
    text = ""
    if close:
        text = f"The ranges of the {n} seeds overlap for {' and for '.join(close)}: no difference can be claimed."
    if apart:
        text += (
            f" The ranges of the {n} seeds do not overlap for {' and for '.join(apart)}. Two that are alike and chosen "
            f"beforehand stay apart in {fmt(100 * separate_by_chance(n), 2)} % of such comparisons"
        )
        text += "; the first two of several are chosen afterwards, by the result." if len(found.runs) > 2 else "."
    return text.strip()


def _orders(found: Comparison) -> tuple[Order, Order]:
    """By steps and by milliseconds."""
    target = found.target
    by_steps = _order(found, lambda run: found.steps_to(run, target))
    return by_steps, _order(found, lambda run: [1000 * seconds for seconds in found.seconds_to(run, target)])


def _order(found: Comparison, measure: Callable[[Learned], list[float]]) -> Order:
    """Those that arrive with every seed, by their median."""
    arrived = found.arrived(found.target)
    return sorted(((run.name, measure(run)) for run in arrived), key=lambda pair: middle(pair[1]))


def _span(values: list[float], unit: str) -> str:
    low, high = f"{min(values):.0f}", f"{max(values):.0f}"
    return f"{low} {unit}" if low == high else f"{low} to {high} {unit}"


def _verdict(order: Order, unit: str, alone: bool) -> str:
    """Who is ahead of whom, or that the seeds do not tell; the bold words end within."""
    (first, one), (second, other) = order[:2]
    if alone or not overlap(one, other):
        return f"{first} is ahead** of {second}, {_span(one, unit)} against {_span(other, unit)}"
    return f"{first} and {second} cannot be told apart**, {_span(one, unit)} and {_span(other, unit)}"


def overlap(one: list[float], other: list[float]) -> bool:
    """Whether the ranges of two optimizers' seeds have a value in common."""
    return max(min(one), min(other)) <= min(max(one), max(other))


def separate_by_chance(n: int) -> float:
    """How often the ranges of n and n values from one distribution do not overlap: 2 / (2n choose n)."""
    return 2 / math.comb(2 * n, n)


def _ends_only(found: Comparison) -> str:
    best = min(found.runs, key=lambda run: run.end)
    if not math.isfinite(best.end):
        return "**Every optimizer diverged**: choose smaller learning rates."
    if len(found.runs) == 1:
        return f"{best.name} ends at a training loss of **{fmt(best.end, 3)}**. One optimizer: nothing is compared."
    return (
        f"Fewer than two bring their loss down with every seed. Lowest at the end: **{best.name}**, training loss "
        f"{fmt(best.end, 3)}."
    )


def trouble(found: Comparison) -> str:
    """Who diverged, with step and reason; empty if nobody did."""
    lost = [
        f"{run.name} (lr {fmt(run.hparams.lr)}, seed {seed}) after {plural(step)}: {reason}"
        for run in found.runs
        for seed, step, reason in zip(found.settings.all_seeds, run.diverged_at, run.diverged, strict=True)
        if step is not None
    ]
    if not lost:
        return ""
    more = f" and {len(lost) - MOST_NAMED} more" if len(lost) > MOST_NAMED else ""
    named = "; ".join(lost[:MOST_NAMED])
    return f"**Diverged**, the loss being no finite number any more (NaN: not a number): {named}{more}."


def at_the_edge(found: Comparison) -> str:
    """Whose best learning rate is the first or the last that was tried; empty if nobody's is."""
    edge = [
        f"{run.name} ({fmt(run.hparams.lr)})"
        for run in found.runs
        if run.tried and run.hparams.lr in (RATES[0], RATES[-1])
    ]
    if not edge:
        return ""
    return f"At an end of the seven rates, so that a better one may lie beyond: {', '.join(edge)}."


def summary(found: Comparison) -> pd.DataFrame:
    """One row a optimizer, the lowest loss first."""
    target = found.target
    rows = []
    for run in sorted(found.runs, key=lambda run: run.end):
        last, right = run.loss[:, -1].tolist(), run.accuracy[:, -1]
        row = {
            "optimizer": run.name,
            "lr": fmt(run.hparams.lr),
            "training loss": fmt(run.end, 3),
            "over the seeds": f"{fmt(min(last), 3)} to {fmt(max(last), 3)}",
            "validation": f"{100 * right.median().item():.1f} %",
            "ms a step": f"{milliseconds(found, run):.2f}",
        }
        if target is not None:
            steps = middle(found.steps_to(run, target))
            row[f"steps to {fmt(target)}"] = f"{steps:.0f}" if math.isfinite(steps) else "not reached"
        rows.append(row)
    return pd.DataFrame(rows)


def tried(found: Comparison) -> pd.DataFrame:
    """The last loss of each rate that was tried, one row a optimizer."""
    return pd.DataFrame(
        [
            {"optimizer": run.name}
            | {f"lr {rate:g}": fmt(loss, 3) for rate, loss in zip(RATES, run.tried, strict=True)}
            for run in found.runs
        ]
    )
