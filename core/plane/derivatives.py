"""Gradients and second derivatives of a function over the plane, at many places at once, by autograd."""

from collections.abc import Callable

import torch
from torch import Tensor

PlaneFunction = Callable[[Tensor, Tensor], Tensor]  # f(x, y), elementwise


def value_and_gradient(f: PlaneFunction, p: Tensor) -> tuple[Tensor, Tensor]:
    """f and its gradient at places p of shape (n, 2); shapes (n,) and (n, 2), both detached.

    Each row is what a single place would give, bit for bit: every operation of f is elementwise.
    """
    p = p.detach().requires_grad_()
    value = f(p[:, 0], p[:, 1])
    (gradient,) = torch.autograd.grad(value.sum(), p)
    return value.detach(), gradient


def hessians(f: PlaneFunction, p: Tensor) -> Tensor:
    """Second derivatives at each of n places, shape (n, 2, 2)."""
    p = p.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(f(p[:, 0], p[:, 1]).sum(), p, create_graph=True)
    rows = []
    for i in range(2):
        row = None
        if gradient.requires_grad:
            (row,) = torch.autograd.grad(gradient[:, i].sum(), p, retain_graph=True, allow_unused=True)
        flat = torch.zeros_like(p.detach())
        rows.append(flat if row is None else flat + row)
    return torch.stack(rows, dim=1)
