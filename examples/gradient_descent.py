"""A ball rolls down a curve: gradient descent, one step after the other.

Run it with:  python gradient_descent.py
"""

import math

import torch

START = -3.0
LR = 0.9
STEPS = 30


def f(x):
    """The height of the curve at x."""
    return x**2


x = torch.tensor(START, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.SGD([x], lr=LR)
for step in range(STEPS + 1):
    optimizer.zero_grad()
    loss = f(x)
    loss.backward()  # puts the slope f'(x) into x.grad
    print("after {} steps: x = {}, f(x) = {}, slope = {}".format(step, x.item(), loss.item(), x.grad.item()))
    if not all(math.isfinite(value) for value in (x.item(), loss.item(), x.grad.item())):
        print("diverged")
        break
    if step < STEPS:
        optimizer.step()  # x <- x - LR * x.grad
