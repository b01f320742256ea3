"""Least squares without negative shares.

Source: C. L. Lawson and R. J. Hanson, Solving Least Squares Problems (1974), chapter 23. `scipy.optimize.nnls` solves
the same problem; importing it takes 32 MB of the server.
"""

import torch
from torch import Tensor


def nnls(A: Tensor, b: Tensor) -> Tensor:
    """The x >= 0 for which |A x - b| is least.

    Columns are taken one by one, each time the one that brings A x nearest to b per unit; whenever the best shares of
    the taken ones are not all positive, x goes towards them until a share is 0, and that column is left out again.

    Args:
        A: shape (m, n), float64. b: shape (m,).

    Returns:
        x: shape (n,).
    """
    n = A.shape[1]
    x, (taken, refused) = torch.zeros(n, dtype=A.dtype), torch.zeros(2, n, dtype=torch.bool)
    rounding = 10 * max(A.shape) * torch.finfo(A.dtype).eps * A.abs().sum(dim=0).max()
    for _ in range(10 * n):  # far more than it takes; rounding could otherwise make it go in a circle
        pull = (A.T @ (b - A @ x)).masked_fill(taken | refused, 0)
        new = int(pull.argmax())
        if pull[new] <= rounding:
            break
        taken[new] = True
        best = _best(A, b, taken)
        if best[new] <= 0:  # its pull was rounding
            taken[new], refused[new] = False, True
            continue
        while (below := taken & (best <= 0)).any():
            x = x + (x[below] / (x[below] - best[below])).min() * (best - x)
            taken &= x > 1e-15 * x.max()
            best = _best(A, b, taken)
        x, refused = best, torch.zeros_like(refused)
    return x


def _best(A: Tensor, b: Tensor, taken: Tensor) -> Tensor:
    """The shares of the taken columns that bring A x nearest to b, negative ones too; 0 elsewhere."""
    best = torch.zeros(A.shape[1], dtype=A.dtype)
    best[taken] = torch.linalg.lstsq(A[:, taken], b[:, None]).solution[:, 0]
    return best
