"""One run of `torch.optim.SGD` with every step kept."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from core.finite import not_finite


@dataclass(frozen=True, eq=False)
class Run:
    """What a run leaves behind.

    Attributes:
        path: the points before each step and at the end, shape (steps done + 1,) or (steps done + 1, 2), float64.
        losses: f there, shape (steps done + 1,). gradients: shape of `path`.
        diverged_at: the first step after which a number is not finite; None if all are.
        diverged: which number that is and what it has become, such as "f is infinite"; empty if all are finite.
    """

    path: Tensor
    losses: Tensor
    gradients: Tensor
    diverged_at: int | None
    diverged: str

    @property
    def steps(self) -> int:
        """Steps that were done."""
        return len(self.path) - 1


def record(
    f: Callable[[Tensor], Tensor],
    start: object,
    steps: int,
    names: tuple[str, str, str] = ("a coordinate", "f", "the gradient"),
    **hyperparameters: float,
) -> Run:
    """Runs the optimizer until the last step or until a number is no longer finite.

    Args:
        f: from a point, of the shape of `start`, to a number.
        names: what to call the point, the loss and the gradient in `diverged`.
        hyperparameters: of `torch.optim.SGD`.
    """
    x = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([x], **hyperparameters)
    path, losses, gradients, diverged_at = [], [], [], None
    for step in range(steps + 1):
        optimizer.zero_grad()
        loss = f(x)
        loss.backward()
        path.append(x.detach().clone())
        losses.append(loss.detach().clone())
        gradients.append(x.grad.clone())
        diverged = not_finite(x.detach(), loss.detach(), x.grad, names=names)
        if diverged:
            diverged_at = step
            break
        if step < steps:
            optimizer.step()
    return Run(torch.stack(path), torch.stack(losses), torch.stack(gradients), diverged_at, diverged)


def refuse_start(f: Callable[..., Tensor], **start: float) -> None:
    """Refuses a start from which no step can be made.

    Args:
        f: of as many arguments as `start` has coordinates, such as x=1.0.

    Raises:
        ValueError: if f or its gradient is not finite there.
    """
    point = torch.tensor(list(start.values()), dtype=torch.float64, requires_grad=True)
    value = f(*point)
    (gradient,) = torch.autograd.grad(value, point)
    if not torch.isfinite(torch.stack([value, *gradient])).all():
        what = "value" if not torch.isfinite(value) else "slope" if len(point) == 1 else "gradient"
        place = ", ".join(f"{name} = {at:g}" for name, at in start.items()).replace("-", "−")
        raise ValueError(f"f has no {what} at {place}; choose another start")
