"""Where the three optimizers of the map of weight decay are, in words and as a table."""

import pandas as pd

from core.optimizers.weight_decay import Decayed, way_of_minimum
from figures.words import fmt, plural


def label(found: Decayed, step: int) -> str:
    """What the scrubber says at a step."""
    parts = []
    for hparams, path, lost in zip(found.all_hparams, found.paths, found.diverged, strict=True):
        x, y = path[min(step, len(path) - 1)].tolist()
        gone = lost and step >= len(path) - 1
        parts.append(f"{hparams.name} " + ("lost" if gone else f"({fmt(x, 3)}, {fmt(y, 3)})"))
    return f"After {step:,} of {plural(found.steps)}: {', '.join(parts)}."


def describe(found: Decayed) -> str:
    """Where the three end, and where the minimum is without and with weight decay."""
    hparams = found.all_hparams[0]
    text = f"Three runs with lr = {fmt(hparams.lr)} and λ = {fmt(found.weight_decay)}, {plural(found.steps)} each. "
    for runner, path, lost in zip(found.all_hparams, found.paths, found.diverged, strict=True):
        x, y = path[-1].tolist()
        if lost:
            text += f"{runner.name} is lost after {plural(len(path) - 1)}: {lost}. "
        else:
            text += f"{runner.name} ends at ({fmt(x)}, {fmt(y)}). "
    if found.minimum is None:
        return text + "f has no minimum in the picture."
    x, y = way_of_minimum(found)[-1].tolist()
    text += f"White circle: f's minimum ({fmt(found.minimum.x)}, {fmt(found.minimum.y)}). "
    if x != x:
        return text + "Weight decay has filled that valley: f + λ/2·|p|² has no minimum there any more."
    return text + f"White line and square: the minimum of f + λ/2·|p|² as λ grows, now ({fmt(x)}, {fmt(y)})."


def table(found: Decayed) -> pd.DataFrame:
    """The same places with f there."""
    rows = []
    for hparams, path in zip(found.all_hparams, found.paths, strict=True):
        x, y = path[-1].tolist()
        rows.append((hparams.name, x, y, found.function(path[-1, 0], path[-1, 1]).item()))
    if found.minimum is not None:
        rows.append(("minimum of f", found.minimum.x, found.minimum.y, found.minimum.value))
        p = way_of_minimum(found)[-1]
        rows.append(("minimum of f + λ/2·|p|²", *p.tolist(), found.function(p[0], p[1]).item()))
    return pd.DataFrame(rows, columns=["where", "x", "y", "f"])
