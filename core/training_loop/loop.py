"""The lines of the loop, in the course's order and in the orders that are mistakes, and the optimizers it may use."""

from collections.abc import Callable, Iterable, Iterator

import torch
import torch.nn as nn
from torch import Tensor

LINES = {  # the order in which the lines of the loop are executed, by the name of the loop
    "course": ("forward", "loss", "backward", "step", "zero_grad"),
    "no_zero_grad": ("forward", "loss", "backward", "step"),
    "no_step": ("forward", "loss", "backward", "zero_grad"),
    "step_before_backward": ("forward", "loss", "step", "backward", "zero_grad"),
}


def execute(
    loop: str,
    model: Callable[[Tensor], Tensor],
    loss_function: Callable[[Tensor, Tensor], Tensor],
    optimizer: torch.optim.Optimizer,
    X: Tensor,
    y: Tensor,
    backward: Callable[[Tensor], None] = Tensor.backward,
) -> Iterator[tuple[str, Tensor]]:
    """One update, line by line: yields the name of each line after it ran, with the latest predictions or loss."""
    for line in LINES[loop]:
        if line == "forward":
            latest = predictions = model(X)
        elif line == "loss":
            latest = loss = loss_function(predictions, y)
        elif line == "backward":
            backward(loss)
        elif line == "step":
            optimizer.step()
        else:
            optimizer.zero_grad()
        yield line, latest


def make_optimizer(name: str, weights: Iterable[nn.Parameter], lr: float) -> torch.optim.Optimizer:
    """The `torch.optim` class behind an option of the settings, its hyperparameters at torch's defaults."""
    if name == "SGD_momentum":
        return torch.optim.SGD(weights, lr=lr, momentum=0.9)
    return getattr(torch.optim, name)(weights, lr=lr)
