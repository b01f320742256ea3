"""What the map of starts shows, in sentences and shares."""

import pandas as pd
import torch

from core.optimizers.basins import BOUNCING, LEVEL, LOST, OUTSIDE, STAY, UNDER_WAY, Basins
from core.optimizers.race import Run
from figures.optimizers.basins_colors import ENDS, VALLEYS
from figures.words import fmt, plural


def share(found: Basins, state: int) -> str:
    """The share of the starts that ended so, as a sentence says it."""
    return _percent(found.count(state), found.state.numel())


def _percent(count: int, total: int) -> str:
    return "less than 0.1%" if 0 < count < total / 1000 else f"{count / total:.1%}"


def shares(found: Basins) -> pd.DataFrame:
    """How many starts ended where, and how many steps that took them on average."""
    places = [(number, f"minimum {number + 1}", point) for number, point in enumerate(found.minima)]
    rows = [(name, point.x, point.y, point.value, *_row(found, state)) for state, name, point in places]
    rows += [(name, None, None, None, *_row(found, state)) for state, (name, _) in ENDS.items() if found.count(state)]
    return pd.DataFrame(rows, columns=["where", "x", "y", "f", "starts", "share", "steps on average"])


def _row(found: Basins, state: int) -> tuple[int, float, float | None]:
    count = found.count(state)
    steps = found.mean_steps(state) if count and state not in (UNDER_WAY, LEVEL, BOUNCING) else None
    return count, round(count / found.state.numel(), 4), steps


def label(found: Basins, step: int) -> str:
    """What the scrubber says at a step."""
    then = found.since <= step
    total = found.state.numel()
    parts = [f"{_percent(int((then & (found.state >= 0)).sum()), total)} have arrived"]
    for end in (OUTSIDE, LOST):
        count = int((then & (found.state == end)).sum())
        parts += [f"{_percent(count, total)} are {ENDS[end][0]}"] if count else []
    return f"After {step} of {plural(found.steps)}: {', '.join(parts)}."


def limit_words(found: Basins) -> str:
    """Which minima cannot hold SGD at this lr, and what the map shows of it; empty for other optimizers."""
    hparams = found.hparams
    if hparams.name not in ("SGD", "Momentum") or hparams.nesterov or hparams.dampening:
        return ""
    room = 1 + hparams.momentum
    if not 1 <= len(found.minima) <= len(VALLEYS) or any(point.kind == "cusp" for point in found.minima):
        return ""
    limits = [room * point.limit for point in found.minima]
    said = ", ".join(f"{i + 1}: {fmt(limit, 3)}" for i, limit in enumerate(limits))
    kept = [i for i, limit in enumerate(limits) if hparams.lr < limit]
    thrown = [i for i in range(len(limits)) if i not in kept]
    formula = "2·(1 + b)/L" if hparams.momentum else "2/L"
    text = f"A minimum holds {hparams.name} only while lr is below {formula}, which is at minimum {said}."
    if thrown:
        ends = _percent(sum(found.count(i) for i in thrown), found.state.numel())
        text += f" With lr = {fmt(hparams.lr)}, {_listed(thrown)} cannot: {ends} of the starts end there."
    return text


def _listed(minima: list[int]) -> str:
    words = [str(i + 1) for i in minima]
    return "minimum " + words[0] if len(words) == 1 else f"minima {', '.join(words[:-1])} and {words[-1]}"


def start_words(found: Basins, run: Run) -> str:
    """What became of the chosen start."""
    x, y = run.path[0].tolist()
    end_x, end_y = run.path[-1].tolist()
    begun = f"**From ({fmt(x)}, {fmt(y)})** "
    if run.diverged_at is not None:
        return f"{begun}{run.name} is lost after {plural(run.diverged_at)}: {run.diverged}."
    for number, point in enumerate(found.minima):
        distance = (run.path - torch.tensor([point.x, point.y], dtype=torch.float64)).norm(dim=1)
        outside = (distance > found.radius).nonzero()
        needed = int(outside[-1]) + 1 if len(outside) else 0
        if needed <= max(run.steps - STAY, 0):
            return f"{begun}{run.name} comes to minimum {number + 1}, f = {fmt(point.value)}, in {plural(needed)}."
    return f"{begun}{run.name} is at ({fmt(end_x)}, {fmt(end_y)}) after {plural(run.steps)}, at no minimum."


def caption_of(found: Basins, color: str, named: bool) -> str:
    arrived = found.state >= 0
    total = found.state.numel()
    colors = (
        "The colour says how many steps a start needs: bright is quick, dark is slow"
        if color == "steps"
        else "The colour says which minimum a start reaches, and its shade how soon: light is quick, dark is slow"
        if named
        else "The colour says how low the minimum is that a start reaches: bright is low"
    )
    greys = "what has reached none is told above the map" if any(map(found.count, ENDS)) else "none is left over"
    text = (
        f"{total:,} starts of {found.hparams.name} with lr = {fmt(found.hparams.lr)}, {plural(found.steps)} each. "
        f"{colors}; {greys}. Arrived means within {fmt(found.radius)} of a minimum for {STAY} steps or more."
    )
    if arrived.any():
        needed = found.since[arrived].double().mean().item()
        text += f" {_percent(int(arrived.sum()), total)} of the starts arrive, after {fmt(needed, 3)} steps on average."
    else:
        text += " No start arrives."
    if named and len(found.minima) > 1:
        text += " To " + ", ".join(f"{i + 1}: {share(found, i)}" for i in range(len(found.minima))) + "."
    elif arrived.any() and len(found.minima) > 1:
        values = torch.tensor([point.value for point in found.minima], dtype=torch.float64)
        mean = values[found.state[arrived].long()].mean().item()
        text += (
            f" The minimum that they reach has f = {fmt(mean)} on average, "
            f"the lowest has {fmt(values[0].item())} and is reached by {share(found, 0)}."
        )
    others = [f"{share(found, end)} {name}" for end, (name, _) in ENDS.items() if found.count(end)]
    text += f" The rest: {', '.join(others)}." if others else ""
    if found.count(BOUNCING):
        text += " Bouncing: to and fro over the last 40 steps, which do not get clearly shorter."
    return text
