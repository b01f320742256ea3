"""Two hundred learning rates at once, by one optimizer in one tensor.

Run it with:  python gradient_descent_lr_sweep.py
"""

import math

import torch

START = -3.0
STEPS = 20


def f(x):
    """The height of the curve at x."""
    return x**2


lr = torch.logspace(-3, 1, 200, dtype=torch.float64)
root = lr.sqrt()
u = (START / root).requires_grad_()  # with x = sqrt(lr) u, a step of 1 on u is a step of lr on x
optimizer = torch.optim.SGD([u], lr=1.0)
for _ in range(STEPS):
    optimizer.zero_grad()
    f(root * u).sum().backward()
    optimizer.step()

loss = f(root * u).detach()
best = torch.where(torch.isfinite(loss), loss, math.inf).argmin()
print("lowest: lr = {:.6g}, f(x) = {:.6g}".format(lr[best], loss[best]))
print("not finite: {} of {}".format((~torch.isfinite(loss)).sum(), len(lr)))
