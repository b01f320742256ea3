"""Weight space: how many samples each pair of weights answers wrongly."""

import numpy as np
import torch
from torch import Tensor

from core.perceptron.learn import PerceptronRun

CELLS = 61
MOST_FRAMES = 50


def weight_steps(run: PerceptronRun) -> list[int]:
    """The updates at which weight space is mapped: a map a frame, so fewer than elsewhere."""
    steps = run.frame_steps
    if len(steps) <= MOST_FRAMES:
        return steps
    return [steps[i] for i in torch.linspace(0, len(steps) - 1, MOST_FRAMES).round().int().tolist()]


def weight_window(run: PerceptronRun) -> tuple[Tensor, Tensor]:
    """The weights w1 and w2 that are mapped, shape (CELLS,) each: the whole path and the origin, with room around."""
    path = run.weights[:, :2]
    low, high = path.amin(0).clamp(max=0), path.amax(0).clamp(min=0)
    half = max(0.9 * (high - low).max().item(), run.settings.lr)
    steps = torch.linspace(-half, half, CELLS, dtype=torch.float64)
    return (low + high)[0] / 2 + steps, (low + high)[1] / 2 + steps


def wrong_maps(run: PerceptronRun, w1: Tensor, w2: Tensor, steps: list[int]) -> np.ndarray:
    """Samples answered wrongly at each (w1, w2), for the bias at each of some steps.

    A sample of class 1 is wrong where w1 x1 + w2 x2 <= -b, one of class 0 where -(w1 x1 + w2 x2) < b. The left sides
    do not change over time, so they are sorted once, and each bias is looked up in them.

    Returns:
        shape (steps, len(w2), len(w1)), unsigned.
    """
    samples = run.samples
    second, first = torch.meshgrid(w2, w1, indexing="ij")
    sums = torch.stack([first.flatten(), second.flatten()], dim=1) @ samples.signed_inputs[:, :2].T
    bias = run.weights[steps, 2] if samples.bias else torch.zeros(len(steps), dtype=torch.float64)
    count = torch.zeros(len(sums), len(steps), dtype=torch.int64)
    for label, sign in ((0, 1.0), (1, -1.0)):
        ordered = sums[:, samples.y == label].sort(dim=1).values
        count += torch.searchsorted(ordered, (sign * bias).expand(len(sums), -1).contiguous(), right=label == 1)
    kind = np.uint8 if len(samples) < 256 else np.uint16
    return count.T.reshape(len(steps), len(w2), len(w1)).numpy().astype(kind)
