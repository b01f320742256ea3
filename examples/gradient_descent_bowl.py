"""A ball in a bowl: gradient descent in two dimensions, at one learning rate or at several.

Run it with:  python gradient_descent_bowl.py
"""

import math

import torch

START = [-3.5, 2.0]
LRS = [1.7]
MOMENTUM = 0.0
STEPS = 40


def f(x, y):
    """The height of the surface at (x, y)."""
    return (0.1 * x**2 + 2 * 0.0 * x * y + 1.0 * y**2) / 2


for lr in LRS:
    p = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([p], lr=lr, momentum=MOMENTUM)
    for step in range(STEPS + 1):
        optimizer.zero_grad()
        loss = f(p[0], p[1])
        loss.backward()
        if not all(math.isfinite(value) for value in (*p.tolist(), loss.item(), *p.grad.tolist())):
            break
        if step < STEPS:
            optimizer.step()
    print("lr {}: after {} steps (x, y) = {}, f = {}".format(lr, step, p.tolist(), loss.item()))
