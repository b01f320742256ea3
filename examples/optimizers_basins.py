"""Which minimum from which start: 40,000 starts as one tensor, one optimizer for all of them.

Run it with:  python optimizers_basins.py
"""

import torch

NAME = "SGD"  # any class that treats each coordinate by itself
HYPERPARAMETERS = {"lr": 0.01, "momentum": 0.9}
STEPS = 200
SIDE = 200  # starts along each side of the box
BOX = (-4.5, 4.5, -4.5, 4.5)  # lowest and highest x, lowest and highest y
MINIMA = [(3.0, 0.5)]  # found by Newton's method
RADIUS = 0.09  # nearer than that, a start is at a minimum
STAY = 5  # steps that it must have been there: one that flies past has not reached it
MOST = 8  # minima that get a line of their own
MOVING, OUTSIDE, DIVERGED = -1, -2, -3  # in the box at no minimum, outside of it, no longer finite


def f(x, y):
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def state_of(points, values, before):
    """Where every start is: the number of a minimum, or what it is instead."""
    x, y = points.detach().T
    now = torch.full((len(x),), MOVING)
    for number, (x_lowest, y_lowest) in enumerate(MINIMA):
        now[(x - x_lowest) ** 2 + (y - y_lowest) ** 2 <= RADIUS**2] = number
    now[~((x >= BOX[0]) & (x <= BOX[1]) & (y >= BOX[2]) & (y <= BOX[3]))] = OUTSIDE
    numbers = torch.cat([points.detach(), points.grad, values.detach()[:, None]], dim=1)
    now[~torch.isfinite(numbers).all(dim=1) | (before == DIVERGED)] = DIVERGED
    return now


share = (torch.arange(SIDE, dtype=torch.float64) + 0.5) / SIDE
y, x = torch.meshgrid(BOX[2] + share * (BOX[3] - BOX[2]), BOX[0] + share * (BOX[1] - BOX[0]), indexing="ij")
points = torch.stack([x.flatten(), y.flatten()], dim=1).requires_grad_()
optimizer = getattr(torch.optim, NAME)([points], **HYPERPARAMETERS)
state = torch.full((SIDE**2,), MOVING)
since = torch.zeros(SIDE**2, dtype=torch.long)  # the step from which on it was so

for step in range(STEPS + 1):
    optimizer.zero_grad()
    values = f(points[:, 0], points[:, 1])
    values.sum().backward()  # every start gets its own gradient
    now = state_of(points, values, state)
    since[now != state] = step
    state = now
    if NAME == "SparseAdam":
        points.grad = points.grad.to_sparse()
    if step < STEPS:
        optimizer.step()

state[(state >= 0) & (since > STEPS - STAY) & (since > 0)] = MOVING
for number, (x_lowest, y_lowest) in enumerate(MINIMA[:MOST]):
    reached = since[state == number]
    steps = f", {reached.double().mean():.6g} steps" if len(reached) else ""
    print(f"minimum {number + 1} at ({x_lowest:.6g}, {y_lowest:.6g}): {len(reached)} starts{steps}")
if len(MINIMA) > MOST:
    print(f"the other {len(MINIMA) - MOST} minima: {int((state >= MOST).sum())} starts")
for name, end in (("in the box, at no minimum", MOVING), ("outside of the box", OUTSIDE), ("diverged", DIVERGED)):
    print(f"{name}: {int((state == end).sum())}")
