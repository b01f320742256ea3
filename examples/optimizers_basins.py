"""Which minimum from which start: 40,000 starts as one tensor, one optimizer for all of them."""

import torch

NAME = "SGD"  # any class that treats each coordinate by itself
HYPERPARAMETERS = {"lr": 0.01, "momentum": 0.9}
STEPS = 200
SIDE = 200  # starts along each side of the box
BOX = (-4.5, 4.5, -4.5, 4.5)  # lowest and highest x, lowest and highest y
MINIMA = [(3.0, 0.5)]  # found by Newton's method
RADIUS = 0.09  # nearer than that, a start has arrived
STAY = 5  # steps that a start must have been there: one that flies past has not arrived
MOST = 8  # minima that get a line of their own
BINS = 512  # squares along each side of a table that says which minimum is near


def f(x, y):
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


share = (torch.arange(SIDE, dtype=torch.float64) + 0.5) / SIDE
y, x = torch.meshgrid(BOX[2] + share * (BOX[3] - BOX[2]), BOX[0] + share * (BOX[1] - BOX[0]), indexing="ij")
points = torch.stack([x.flatten(), y.flatten()], dim=1).requires_grad_()
optimizer = getattr(torch.optim, NAME)([points], **HYPERPARAMETERS)
UNDER_WAY, OUTSIDE, LOST = -1, -3, -4
state = torch.full((SIDE**2,), UNDER_WAY)
since = torch.zeros(SIDE**2, dtype=torch.long)  # the step from which on it was so

# With a table of the squares that each minimum's circle touches, one distance a start is enough, however many minima.
lowest = torch.tensor([(float("inf"), float("inf")), *MINIMA], dtype=torch.float64)  # 0: none is near
x_bins, y_bins = BINS / (BOX[1] - BOX[0]), BINS / (BOX[3] - BOX[2])
table = torch.zeros(BINS, BINS, dtype=torch.long)
for number, (x_lowest, y_lowest) in enumerate(MINIMA, start=1):
    rows, columns = (
        slice(max(0, int((middle - RADIUS - low) * bins)), int((middle + RADIUS - low) * bins) + 1)
        for middle, low, bins in ((y_lowest, BOX[2], y_bins), (x_lowest, BOX[0], x_bins))
    )
    table[rows, columns] = number


def state_of(values, before):
    """Where every start is: the number of a minimum, or what it is instead."""
    x, y = points.detach().T.contiguous()
    column = ((x - BOX[0]) * x_bins).long().clamp(0, BINS - 1)
    row = ((y - BOX[2]) * y_bins).long().clamp(0, BINS - 1)
    candidate = table[row, column]
    x_lowest, y_lowest = lowest[candidate].T
    there = (x - x_lowest) ** 2 + (y - y_lowest) ** 2 <= RADIUS**2
    now = torch.where(there, candidate - 1, UNDER_WAY)
    now[~((x >= BOX[0]) & (x <= BOX[1]) & (y >= BOX[2]) & (y <= BOX[3]))] = OUTSIDE
    finite = (
        torch.isfinite(values) & torch.isfinite(points.detach()).all(dim=1) & torch.isfinite(points.grad).all(dim=1)
    )
    now[~finite | (before == LOST)] = LOST
    return now


for step in range(STEPS + 1):
    optimizer.zero_grad()
    values = f(points[:, 0], points[:, 1])
    values.sum().backward()  # every start gets its own gradient
    now = state_of(values.detach(), state)
    since[now != state] = step
    state = now
    if NAME == "SparseAdam":
        points.grad = points.grad.to_sparse()
    if step < STEPS:
        optimizer.step()

state[(state >= 0) & (since > STEPS - STAY) & (since > 0)] = UNDER_WAY
for number, (x_lowest, y_lowest) in enumerate(MINIMA[:MOST]):
    arrived = state == number
    steps = f", {since[arrived].double().mean():.6g} steps" if arrived.any() else ""
    print(f"minimum {number + 1} at ({x_lowest:.6g}, {y_lowest:.6g}): {int(arrived.sum())} starts{steps}")
if len(MINIMA) > MOST:
    print(f"the other {len(MINIMA) - MOST} minima: {int((state >= MOST).sum())} starts")
print(f"in the box, at no minimum: {int((state == UNDER_WAY).sum())}")
print(f"outside of the box: {int((state == OUTSIDE).sum())}")
print(f"lost: {int((state == LOST).sum())}")
