"""Does the network know addition? Its answers and errors inside and far outside of what it has seen."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.nn import Weights, predict
from core.training_loop.run import Run


def answer(weights: Weights, a: float, b: float) -> float:
    """What the network says a + b is."""
    return predict(weights, torch.tensor([[a, b]], dtype=torch.float32)).item()


def closeness(run: Run, number: float) -> str:
    """How near the last answer to number + number is: "close" (within 1), "rough" (10), "far" or "no number"."""
    off = abs(answer(run.weights, number, number) - 2 * number)
    return "close" if off <= 1 else "rough" if off <= 10 else "far" if off < float("inf") else "no number"


def error_map(weights: Weights, data_range: tuple[int, int], n: int = 61) -> tuple[Tensor, Tensor, Tensor]:
    """Answer minus true sum over the training square and one such width beyond it on every side.

    Returns:
        numbers: the grid along both axes, shape (n,); errors, shape (n, n): errors[i, j] belongs to first number
        `numbers[j]` and second number `numbers[i]`; inside: which pairs lie in the training range, shape (n, n).
    """
    numbers, covered = _numbers_around(data_range, n)
    second, first = torch.meshgrid(numbers, numbers, indexing="ij")
    pairs = torch.stack([first.flatten(), second.flatten()], dim=1)
    errors = (predict(weights, pairs)[:, 0] - pairs.sum(1)).reshape(n, n)
    return numbers, errors, covered[:, None] & covered[None, :]


def sums_along_the_diagonal(run: Run, n: int = 41) -> tuple[Tensor, Tensor, Tensor]:
    """What the network answers at every snapshot, for pairs of equal numbers from inside and outside.

    Returns:
        true sums, shape (n,); whether they lie in the training range, shape (n,); answers, shape (snapshots, n).
    """
    numbers, covered = _numbers_around(run.settings.data_range, n)
    pairs = torch.stack([numbers, numbers], dim=1)
    answers = torch.stack([predict(snapshot.weights, pairs)[:, 0] for snapshot in run.snapshots])
    return 2 * numbers, covered, answers


def _numbers_around(data_range: tuple[int, int], n: int) -> tuple[Tensor, Tensor]:
    """Numbers from one width below the training range to one above it, and which of them lie within it."""
    low, high = data_range[0], data_range[1] - 1
    numbers = torch.linspace(low - (high - low), high + (high - low), n)
    return numbers, (numbers >= low) & (numbers <= high)


@dataclass(frozen=True)
class LocalPlane:
    r"""The network near one pair: ReLU makes it exactly $s_1 a + s_2 b + c$ there. Addition is 1, 1, 0.

    Attributes:
        slopes: $s_1$ and $s_2$, shape (2,); intercept: $c$.
        active: which hidden units are switched on at the pair, shape (hidden,).
        contributions: what each hidden unit adds to the answer, shape (hidden,).
    """

    slopes: Tensor
    intercept: float
    active: Tensor
    contributions: Tensor


def local_plane(weights: Weights, a: float, b: float) -> LocalPlane:
    """Reads the plane off the weights: the sum over active units of output weight times input weights."""
    pair = torch.tensor([a, b], dtype=torch.float32)
    sums = weights["hidden_layer.weight"] @ pair + weights["hidden_layer.bias"]
    active = sums > 0
    out = weights["output_layer.weight"][0]
    slopes = (out * active) @ weights["hidden_layer.weight"]
    intercept = (out * active) @ weights["hidden_layer.bias"] + weights["output_layer.bias"][0]
    return LocalPlane(slopes, intercept.item(), active, out * sums.relu())
