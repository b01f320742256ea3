"""Who is where at a moment, in rank, and what became of each in a few words."""

import math
from typing import NamedTuple

import pandas as pd
import torch

from core.optimizers.measures import distances, gradient_norms, reference
from core.optimizers.outcome import Outcome, Reason, changes_curvature, outcome, reason, stays_on_line
from core.optimizers.race import Race, Run
from core.optimizers.time_axis import TimeAxis
from core.plane.stability import limit_formula
from figures.words import apart, fmt, listed, plural, point

HEADER = ("rank", "optimizer", "what happened", "lr", "f", "gradient", "distance", "gradients taken")
NAMES = {"minimum": "minimum", "cusp": "lowest point", "saddle": "saddle", "maximum": "maximum", "flat": "flat point"}
EQUAL = 1e-9  # of a height: smaller differences are rounding
GUESSED = ("SGD", "Momentum", "Adam")  # about whom it is asked first


class Rank(NamedTuple):
    """One optimizer at a moment."""

    run: Run
    at: int
    outcome: Outcome


def ranking(race: Race, time: TimeAxis, count: int) -> list[Rank]:
    """Every run at a moment, the lowest first, those that have diverged last."""
    found = [
        Rank(run, at, outcome(run, at, race.surface.shape))
        for run, at in ((run, time.index(run, count)) for run in race.runs)
    ]
    return sorted(found, key=lambda one: (one.outcome.kind == "diverged", _height(one)))


def _height(one: Rank) -> float:
    value = one.run.loss[one.at]
    return value.item() if torch.isfinite(value) else float("inf")


def ranking_table(race: Race, found: list[Rank], follow: str) -> pd.DataFrame:
    """The ranking; the followed one is bold."""
    minima, rows = reference(race).minima, []
    for one in found:
        run, at = one.run, one.at
        row = (
            rank_of(one, found),
            run.name,
            what_happened(one),
            fmt(run.hparams.lr),
            fmt(run.loss[at].item()),
            fmt(gradient_norms(run)[at].item(), 3),
            fmt(distances(run, minima)[at].item(), 3) if minima else "none",
            f"{int(run.gradients_taken[at]):,}",
        )
        rows.append([f"**{cell}**" for cell in row] if run.name == follow else row)
    return pd.DataFrame(rows, columns=HEADER)


def rank_of(one: Rank, found: list[Rank]) -> str:
    """One more than how many are lower, so that equal ones share a rank; a dash for one that has diverged."""
    if one.outcome.kind == "diverged":
        return "–"
    own, others = _height(one), [_height(other) for other in found if other.outcome.kind != "diverged"]
    return str(1 + sum(height < own and not math.isclose(height, own, rel_tol=EQUAL) for height in others))


def what_happened(one: Rank) -> str:
    """The outcome in a few words."""
    kind, level = one.outcome.kind, one.outcome.point
    if kind == "diverged":
        return f"diverged at step {one.run.diverged_at}: {one.run.diverged}"
    if level is not None:
        verb = "converged to" if kind == "converged" else "at"
        return f"{verb} the {NAMES[level.kind]} {point((level.x, level.y))}"
    if one.at == 0:
        return "at the start"
    length = (one.run.path[one.at] - one.run.path[one.at - 1]).norm().item()
    return f"still moving, last step {fmt(length, 2)} long" if length else "not moving"


def explanations(race: Race, found: list[Rank]) -> list[str]:
    """Why those that have diverged did, why others are higher than at the start, and who stays on a line."""
    surface, sentences = race.surface.shape, []
    for one in found:
        why = reason(one.run, one.at, surface)
        if why is not None and one.at:
            what = "diverges" if one.outcome.kind == "diverged" else "is higher than at the start"
            sentences.append(f"**{one.run.name}** {what}. {why_in_words(one.run, why)}")
    for letter, value in (("x", race.surface.x), ("y", race.surface.y)):
        these = [one.run.name for one in found if stays_on_line(one.run, one.at, surface.function) == letter]
        if these:
            sentences.append(
                f"**{listed(these)}** never left the line {letter} = {fmt(value)}: there ∂f/∂{letter} is "
                "exactly 0, so no step leads away from it."
            )
    return sentences


def why_in_words(run: Run, why: Reason) -> str:
    """A reason with its numbers."""
    here = point(run.path[why.step].tolist())
    where = f"at {here}, after {plural(why.step)}" if why.step else f"at the start, {here}"
    if why.kind == "limit":
        formula = limit_formula(run.hparams.nesterov) if getattr(run.hparams, "momentum", 0.0) else "2/L"
        lr, most = apart(run.hparams.lr, why.limit, digits=3)
        what = "with weight decay and dampening as set" if changes_curvature(run.hparams) else "there"
        return (
            f"Its lr = {lr} is above {formula} = {most} {where}, and at every later point, too "
            f"(L is the largest curvature {what})."
        )
    if why.kind == "unbounded":
        lowest = run.loss.nan_to_num(nan=0.0, posinf=0.0, neginf=-torch.inf).min().item()
        return f"It fell to f = {fmt(lowest, 3)}: f has no lower bound here."
    return f"All its numbers were finite {where}, where f = {fmt(run.loss[why.step].item())}."


def candidates(race: Race) -> tuple[str, ...]:
    """Whom to guess about: at most three of those who race, the best known first."""
    racing = [run.name for run in race.runs]
    return tuple(sorted(racing, key=lambda name: GUESSED.index(name) if name in GUESSED else len(GUESSED))[:3])


def ends_words(race: Race, names: tuple[str, ...]) -> str:
    """How some optimizers end."""
    heights = apart(*(race.of(name).loss[-1].item() for name in names))
    return "; ".join(f"{name} {_end(race.of(name), height)}" for name, height in zip(names, heights, strict=True)) + "."


def _end(run: Run, height: str) -> str:
    if run.diverged_at is not None:
        return f"diverges at step {run.diverged_at}"
    return f"ends at f = {height}"
