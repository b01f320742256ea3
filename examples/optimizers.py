"""The optimizers of PyTorch race down one surface from one start.

Run it with:  python optimizers.py
"""

import math

import torch

START = [1.2, 1.2]
STEPS = 200
OPTIMIZERS = [
    ("SGD", torch.optim.SGD, {"lr": 0.01}),
    ("Momentum", torch.optim.SGD, {"lr": 0.01, "momentum": 0.9}),
    ("RMSprop", torch.optim.RMSprop, {"lr": 0.01}),
    ("Adam", torch.optim.Adam, {"lr": 0.01}),
]


def f(x, y):
    """The height of the surface at (x, y)."""
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def run(optimizer_class, hyperparameters):
    """Steps until the last one or until a number is no longer finite: how many, p, f there, whether it diverged."""
    p = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = optimizer_class([p], **hyperparameters)

    def loss_and_gradient():
        optimizer.zero_grad()
        loss = f(p[0], p[1])
        loss.backward()
        return loss

    for step in range(STEPS + 1):
        loss = loss_and_gradient()
        diverged = not all(math.isfinite(value) for value in (*p.tolist(), loss.item(), *p.grad.tolist()))
        if diverged or step == STEPS:
            break
        if optimizer_class is torch.optim.SparseAdam:
            p.grad = p.grad.to_sparse()
        # LBFGS asks for more gradients within a step.
        optimizer.step(loss_and_gradient if optimizer_class is torch.optim.LBFGS else None)
    return step, p.tolist(), loss.item(), diverged


for name, optimizer_class, hyperparameters in OPTIMIZERS:
    step, p, loss, diverged = run(optimizer_class, hyperparameters)
    print(f"{name}: {'diverged' if diverged else 'done'} after {step} steps at {p}, f = {loss}")
