"""A matrix problem for optimizers that see matrices: find W with W A = B.

Run it with:  python optimizers_matrices.py
"""

import math

import torch
from torch.optim.lr_scheduler import LinearLR

torch.set_num_threads(1)  # the same order of additions, so the same digits, on any number of cores

CONDITION = 100.0
SEED = 0
STEPS = 100
LAST_FACTOR = 0.0  # of lr, at the end
ROWS, COLUMNS, SAMPLES = 16, 12, 48
OPTIMIZERS = {
    "Momentum": lambda W: torch.optim.SGD([W], lr=1.0, momentum=0.9),
    "Adam": lambda W: torch.optim.Adam([W], lr=0.2),
    "Adafactor": lambda W: torch.optim.Adafactor([W], lr=2.0),
    "Muon": lambda W: torch.optim.Muon([W], lr=0.2),
}

generator = torch.Generator().manual_seed(SEED)
left = torch.linalg.qr(torch.randn(COLUMNS, COLUMNS, generator=generator, dtype=torch.float64)).Q
right = torch.linalg.qr(torch.randn(SAMPLES, COLUMNS, generator=generator, dtype=torch.float64)).Q
solution = torch.randn(ROWS, COLUMNS, generator=generator, dtype=torch.float64) / COLUMNS**0.5
sizes = CONDITION ** -torch.linspace(0, 1, COLUMNS, dtype=torch.float64) * SAMPLES**0.5
A = (left * sizes) @ right.T
B = solution @ A


def loss(W):
    return (W @ A - B).square().sum(dim=(-2, -1)) / SAMPLES


for name, make in OPTIMIZERS.items():
    W = torch.zeros(ROWS, COLUMNS, dtype=torch.float64, requires_grad=True)
    optimizer = make(W)
    scheduler = LinearLR(optimizer, 1.0, LAST_FACTOR, total_iters=STEPS)
    steps = 0
    while steps < STEPS:
        optimizer.zero_grad()
        value = loss(W)
        value.backward()
        if not (value.isfinite() and W.grad.isfinite().all()):
            break
        optimizer.step()
        scheduler.step()
        steps += 1
        if steps == 1 and name == "Muon":  # W was 0, so it is now the update alone
            first = -W.detach() / (optimizer.defaults["lr"] * (ROWS / COLUMNS) ** 0.5)
            gradient = W.grad.clone()
    print("{}: loss after {} steps = {}".format(name, steps, loss(W).item()))
    if name == "Muon":
        for what, matrix in (("gradient", gradient), ("update", first)):
            values = torch.linalg.svdvals(matrix) if matrix.isfinite().all() else [math.nan] * COLUMNS
            print("first {}: singular values {}".format(what, " ".join("{:.4g}".format(value) for value in values)))
