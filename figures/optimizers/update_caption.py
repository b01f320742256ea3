"""The steps that are drawn as arrows, in words and as a table."""

import pandas as pd

from core.optimizers.update import StepTrace
from figures.words import fmt, plural


def arrows_of(run: StepTrace) -> tuple[tuple[str, str], ...]:
    """Kind and name of each arrow of the chain; the moves of L-BFGS share one."""
    return (("move", "moves"),) if run.optimizer == "LBFGS" else run.names


def label(run: StepTrace, at: int) -> str:
    """What the scrubber says at a step."""
    (x, y), (dx, dy) = run.path[at].tolist(), (run.path[at + 1] - run.path[at]).tolist()
    return (
        f"Step {at + 1} of {run.steps:,}, from ({fmt(x)}, {fmt(y)}): by ({fmt(dx, 3)}, {fmt(dy, 3)}), f from "
        f"{fmt(run.loss[at].item())} to {fmt(run.loss[at + 1].item())}."
    )


def describe(run: StepTrace) -> str:
    """What the arrows are, and the longest and the shortest of the steps."""
    names = {"moves": "the moves within the step, one after the other"}
    parts = ", then ".join(names.get(name, name) for _, name in arrows_of(run))
    lost = f" After {plural(run.diverged_at)} {run.diverged}: the run ends." if run.diverged_at is not None else ""
    if not run.steps:
        return f"No step: {run.diverged} at the start, after {plural(0)}."
    lengths = (run.path[1:] - run.path[:-1]).norm(dim=1)
    return (
        f"The place is at (0, 0), and the arrows lead to the next one, head to tail: {parts}. Together they are the "
        f"grey arrow, the step. Thin lines join places of equal height; the picture is as large as the step needs. The "
        f"longest of {plural(run.steps)} is {fmt(lengths.max().item(), 3)}, the shortest "
        f"{fmt(lengths.min().item(), 3)}.{lost}"
    )


def table(run: StepTrace) -> pd.DataFrame:
    """Place, gradient and terms of every step, and what they come to."""
    steps = run.path[1:] - run.path[:-1]
    columns = {
        "step": range(1, run.steps + 1),
        "x": run.path[:-1, 0].tolist(),
        "y": run.path[:-1, 1].tolist(),
        "df/dx": run.gradient[: run.steps, 0].tolist(),
        "df/dy": run.gradient[: run.steps, 1].tolist(),
    }
    if run.optimizer != "LBFGS":
        for i, (_, name) in enumerate(run.names):
            columns |= {f"{name}, {axis}": [t[i, k].item() for t in run.terms] for k, axis in enumerate("xy")}
    return pd.DataFrame(columns | {"change of x": steps[:, 0].tolist(), "change of y": steps[:, 1].tolist()})
