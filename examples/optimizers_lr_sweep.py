"""Which learning rate is best? Every optimizer from one start, with 48 learning rates half an octave apart.

Run it with:  python optimizers_lr_sweep.py
"""

import torch

START = [1.2, 1.2]
STEPS = 200
OPTIMIZERS = {
    "SGD": ("SGD", {}),
    "Momentum": ("SGD", {"momentum": 0.9}),
    "RMSprop": ("RMSprop", {}),
    "Adam": ("Adam", {}),
}
RATES = [2.0 ** (k / 2) for k in range(-34, 14)]
LBFGS_RATES = [0.125, 0.25, 0.5, 1.0, 2**0.5, 2**1.5]  # few: each step of LBFGS takes many gradients


def f(x, y):
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def run(name, keywords, rates):
    """f after the last step with each learning rate; infinite where a number on the way is not finite."""
    points = [torch.tensor(START, dtype=torch.float64, requires_grad=True) for _ in rates]
    groups = [{"params": [point], "lr": lr} for point, lr in zip(points, rates, strict=True)]
    optimizer = getattr(torch.optim, name)(groups, **keywords)
    alive = torch.ones(len(rates), dtype=torch.bool)

    def closure():
        optimizer.zero_grad()
        p = torch.stack(points)
        loss = f(p[:, 0], p[:, 1])
        loss.sum().backward()  # the points are independent, so each gets its own gradient
        return loss

    for step in range(STEPS + 1):
        loss = closure().detach()
        gradient = torch.stack([point.grad for point in points])
        numbers = torch.cat([torch.stack(points).detach(), gradient, loss[:, None]], dim=1)
        alive &= torch.isfinite(numbers).all(dim=1)
        if name == "SparseAdam":
            for point in points:
                point.grad = point.grad.to_sparse()
        if step < STEPS:
            optimizer.step(closure if name == "LBFGS" else None)
    return torch.where(alive, loss, torch.inf)


for title, (name, keywords) in OPTIMIZERS.items():
    if name == "LBFGS":  # one at a time: it takes a single group
        rates = LBFGS_RATES
        losses = torch.cat([run(name, keywords, [lr]) for lr in rates])
    else:
        rates = RATES[::2] if name in ("ASGD", "Adafactor") else RATES
        losses = run(name, keywords, rates)
    diverged = f"diverged with {int(losses.isinf().sum())} of {len(rates)}"
    best = losses.argmin()  # the first of equals
    found = "" if losses[best].isinf() else f"best lr = {rates[best]:.6g}, f = {losses[best]:.6g}, "
    print(f"{title}: {found}{diverged}")
