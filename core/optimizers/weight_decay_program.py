"""The complete program for the three runs with weight decay, and the lines that it prints."""

import torch

from core.optimizers.program import with_surface
from core.optimizers.weight_decay import Decayed, way_of_minimum
from core.program import source, with_constants


def _minimum(found: Decayed) -> list[float]:
    """f's minimum, empty if there is none or if weight decay fills its valley."""
    if found.minimum is None or not torch.isfinite(way_of_minimum(found)[-1]).all():
        return []
    return [found.minimum.x, found.minimum.y]


def decay_program(found: Decayed) -> str:
    """The three runs, and the way of the minimum."""
    hyperparameters = {
        hparams.name.upper(): hparams.changed | {"weight_decay": hparams.weight_decay} for hparams in found.all_hparams
    }
    start = [found.surface.x, found.surface.y]
    constants = {"START": start, "STEPS": found.steps, "MINIMUM": _minimum(found)} | hyperparameters
    return with_surface(with_constants(source("optimizers_weight_decay"), constants), found.function)


def decay_lines(found: Decayed) -> list[str]:
    """What `decay_program` prints."""
    lines = []
    for hparams, path, lost in zip(found.all_hparams, found.paths, found.diverged, strict=True):
        said = f"after {found.steps} steps (x, y) = {path[-1].tolist()}"
        lines.append(f"{hparams.name}: " + (f"lost after {len(path) - 1} steps" if lost else said))
    minimum = _minimum(found)
    if not minimum:
        return lines
    moved = [round(value, 6) + 0.0 for value in way_of_minimum(found)[-1].tolist()]
    return [*lines, f"the minimum of f: {minimum}", f"with weight decay through the gradient: {moved}"]
