"""Which learning rate is best? Every optimizer from one start, with 48 learning rates half an octave apart.

Run it with:  python optimizers_rates.py
"""

import math

import torch

START = [1.0, 1.5]
STEPS = 200
LOWEST = 0.0  # f at the lowest minimum; None where there is none
ARRIVED = 1e-12  # of the height at the start: a run that ends no higher above LOWEST has arrived
NEAR = 0.1  # of the lowest's height: where none arrives, rates beside the lowest that end higher by less are near it
OPTIMIZERS = {
    "SGD": ("SGD", {}),
    "Momentum": ("SGD", {"momentum": 0.9}),
    "Adam": ("Adam", {}),
}
RATES = [2.0 ** (k / 2) for k in range(-34, 14)]


def f(x, y):
    """The height of the ground at (x, y)."""
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def run(name, keywords, rates):
    """The losses after the last step, one for each learning rate; NaN from the first number on that is not finite."""
    points = [torch.tensor(START, dtype=torch.float64, requires_grad=True) for _ in rates]
    groups = [{"params": [point], "lr": lr} for point, lr in zip(points, rates, strict=True)]
    optimizer = getattr(torch.optim, name)(groups, **keywords)
    alive = torch.ones(len(rates), dtype=torch.bool)
    for step in range(STEPS + 1):
        optimizer.zero_grad()
        p = torch.stack(points)
        loss = f(p[:, 0], p[:, 1])
        loss.sum().backward()  # the points are independent, so each gets its own gradient
        gradient = torch.stack([point.grad for point in points])
        alive &= (torch.isfinite(p) & torch.isfinite(gradient)).all(dim=1) & torch.isfinite(loss)
        if step < STEPS:
            if name == "SparseAdam":
                for point in points:
                    point.grad = point.grad.to_sparse()
            optimizer.step()
    return torch.where(alive, loss.detach(), math.nan)


def run_alone(name, keywords, lr):
    """The loss of LBFGS, which asks for its gradients itself."""
    point = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = getattr(torch.optim, name)([point], lr=lr, **keywords)

    def closure():
        optimizer.zero_grad()
        loss = f(point[0], point[1])
        loss.backward()
        return loss

    for step in range(STEPS + 1):
        loss = closure()
        if not torch.isfinite(torch.cat([point.detach(), loss.detach()[None], point.grad])).all():
            return math.nan
        if step < STEPS:
            optimizer.step(closure)
    return loss.item()


def best_and_good(losses, start):
    """Which rates are the best, which are as good, and how: they arrived, or their losses are near the lowest."""
    least = losses[torch.isfinite(losses)].min()
    level = (ARRIVED * start - ARRIVED * (least if LOWEST is None else LOWEST)).clamp(min=0)
    if LOWEST is None:
        return losses <= least + level, losses <= least + level, "equal"
    arrived = losses - LOWEST <= level
    if arrived.any():
        return arrived, arrived, "arrives"
    height = least - LOWEST
    return losses <= least + ARRIVED * height, losses <= least + NEAR * height, "within {:g} %".format(100 * NEAR)


def middle(which):
    """The place in the middle of the longest unbroken row of True."""
    rows, first = [], None
    for place, true in enumerate([*which.tolist(), False]):
        if true and first is None:
            first = place
        elif not true and first is not None:
            rows.append((first, place - 1))
            first = None
    return sum(max(rows, key=lambda row: row[1] - row[0])) // 2


def row_around(place, which):
    """First and last place of the unbroken row of True around a place."""
    first = last = place
    while first > 0 and which[first - 1]:
        first -= 1
    while last < len(which) - 1 and which[last + 1]:
        last += 1
    return first, last


start = f(*torch.tensor(START, dtype=torch.float64))

for title, (name, keywords) in OPTIMIZERS.items():
    if name == "LBFGS":
        rates = [0.125, 0.25, 0.5, 1.0, 2**0.5, 2**1.5]
        losses = torch.tensor([run_alone(name, keywords, lr) for lr in rates], dtype=torch.float64)
    else:
        rates = RATES[::2] if name in ("ASGD", "Adafactor") else RATES
        losses = run(name, keywords, rates)
    finite = torch.isfinite(losses)
    lost = "lost: {} of {}".format((~finite).sum(), len(rates))
    if finite.any():
        which, good, word = best_and_good(losses, start)
        best = middle(which)
        first, last = row_around(best, good)
        lr, span = "lr = {:.6g}".format(rates[best]), "from {:.6g} to {:.6g}".format(rates[first], rates[last])
        if word == "arrives":
            words = "arrives with " + (lr if first == last else "lr {}, in their middle {}".format(span, lr))
        else:
            words = "lowest with " + (lr if first == last else "{}, {} {}".format(lr, word, span))
        print("{}: {}, f = {:.6g}, {}".format(title, words, losses[best], lost))
    else:
        print("{}: {}".format(title, lost))
