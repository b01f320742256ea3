"""One run of `torch.optim.SGD` with every step kept."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from core.finite import not_finite


class Record(NamedTuple):
    """What a run leaves behind: one hparams a step, the start included.

    `diverged_at` is the first step at which a number is not finite, `lost` says which one; None and "" if all are.
    """

    path: Tensor
    losses: Tensor
    gradients: Tensor
    diverged_at: int | None
    diverged: str


def record(
    f: Callable[[Tensor], Tensor], start: object, steps: int, names: tuple[str, str, str], **hyperparameters: float
) -> Record:
    """Runs the optimizer until the last step or until a number is no longer finite.

    Args:
        names: what to call the place, the loss and the gradient in `lost`.
        hyperparameters: of `torch.optim.SGD`.
    """
    x = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([x], **hyperparameters)
    path, losses, gradients, diverged_at, lost = [], [], [], None, ""
    for step in range(steps + 1):
        optimizer.zero_grad()
        loss = f(x)
        loss.backward()
        path.append(x.detach().clone())
        losses.append(loss.detach().clone())
        gradients.append(x.grad.clone())
        lost = not_finite(x.detach(), loss.detach(), x.grad, names=names)
        if lost:
            diverged_at = step
            break
        if step < steps:
            optimizer.step()
    return Record(torch.stack(path), torch.stack(losses), torch.stack(gradients), diverged_at, lost)
