"""The calculation of one step as tables, and its direction in words."""

import pandas as pd
import torch
from torch import Tensor

from core.optimizers.explain.derivation import NAME, Explanation, Quantity, Term, Value, plain
from core.optimizers.update import StepTrace, angle_to_downhill, explained
from figures.words import bracketed, fmt, plural

COLUMNS = ["formula", "in numbers, for x", "x", "y"]


def calculation(trace: StepTrace, at: int) -> pd.DataFrame:
    """Every quantity of a step: symbol, meaning, formula, the formula with its numbers for x, and both values."""
    shown = explained(trace, at)
    rows = [(f"**{line.symbol}**", _meaning(line), *_numbers(line, shown)) for line in shown.quantities]
    return pd.DataFrame(rows, columns=["symbol", "meaning", *COLUMNS])


def sum_of_terms(trace: StepTrace, at: int) -> pd.DataFrame:
    """The terms of a step, their sum, and the step that the real class took."""
    shown = explained(trace, at)
    rows = [(term.name, *_numbers(term, shown)) for term in shown.terms]
    for name, value in (
        ("together", torch.stack([term.value for term in shown.terms]).sum(dim=0) if shown.terms else None),
        (f"torch.optim.{trace.optimizer} moved by", trace.step(at)),
    ):
        if value is not None:
            rows.append((f"**{name}**", "", "", f"**{number(value, 0)}**", f"**{number(value, 1)}**"))
    return pd.DataFrame(rows, columns=["term", *COLUMNS])


def _meaning(line: Quantity) -> str:
    return f"{line.meaning} (kept as `{line.kept}`)" if line.kept else line.meaning


def _numbers(line: Quantity | Term, shown: Explanation) -> tuple[str, str, str, str]:
    """Formula, the formula with its numbers for x, and both values."""
    return plain(line.formula), with_numbers(line.formula, shown, 0), number(line.value, 0), number(line.value, 1)


def with_numbers(formula: str, shown: Explanation, axis: int) -> str:
    """A formula with its numbers put in for one coordinate; empty where it has none to put in."""
    if "{" not in formula:
        return ""
    return NAME.sub(lambda found: bracketed(_part(shown[found[1]], axis), 7), formula)


def number(value: Value, axis: int) -> str:
    """One coordinate of a value."""
    return fmt(_part(value, axis), 5)


def _part(value: Value, axis: int) -> float:
    return 0.0 + (value[axis].item() if isinstance(value, Tensor) and value.ndim else float(value))  # no minus zero


def direction(trace: StepTrace, at: int) -> str:
    """Where a step leads, against the way straight down."""
    if not torch.isfinite(trace.run.path[at + 1]).all():
        return f"This step leads to a point that is no longer finite, and the run ends: {trace.run.diverged}."
    if not trace.step(at).any():
        return "It does not move in this step."
    angle = angle_to_downhill(trace, at)
    if angle is None:
        return "The gradient is 0 here, so no direction is downhill."
    moves = len(trace.within[at]) - 1
    taken = int(trace.run.gradients_taken[at + 1] - trace.run.gradients_taken[at])
    more = f" It makes {plural(moves, 'move')} and takes {plural(taken, 'gradient')}." if taken > 1 else ""
    return f"Its angle to the way straight down is {angle:.0f}°; more than 90° is uphill.{more}"


def step_question(trace: StepTrace, at: int) -> tuple[str, dict[str, str], str]:
    """What is asked of a step before it is shown, the answers of `follows_steepness`, and what the step is."""
    (gx, gy), (dx, dy) = trace.run.gradient[at].abs().tolist(), trace.step(at).abs().tolist()
    steep, flat = ("y", "x") if gy > gx else ("x", "y")
    times = f"{fmt(max(gx, gy) / min(gx, gy), 3)} times as large in {steep}"
    question = f"In step {at + 1}, the gradient is {times} as in {flat}. And the step of {trace.run.name}?"
    options = {"even": "About as large in both", "like": f"{times}, too", "neither": "Neither"}
    return question, options, f"The step is {fmt(dx, 3)} long in x and {fmt(dy, 3)} in y."
