"""Noisy gradients and a learning rate that changes: many runs at once, one optimizer, one scheduler.

Run it with:  python optimizers_schedules.py
"""

import torch
from torch.optim import lr_scheduler

torch.set_num_threads(1)  # the same order of additions, so the same digits, on any number of cores

START = [1.2, 1.2]
LR = 0.02
NOISE = 3.0
STEPS = 500
SEED = 0
RUNS = 256


def f(x, y):
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


p = torch.tensor(START, dtype=torch.float64).repeat(RUNS, 1).requires_grad_()  # one run a row
optimizer = torch.optim.SGD([p], lr=LR)
scheduler = lr_scheduler.CosineAnnealingLR(optimizer, T_max=500, eta_min=0.0)
generator = torch.Generator().manual_seed(SEED)
for step in range(STEPS):
    lr = optimizer.param_groups[0]["lr"]
    optimizer.zero_grad()
    loss = f(p[:, 0], p[:, 1])
    loss.sum().backward()
    p.grad += NOISE * torch.randn(RUNS, 2, generator=generator, dtype=torch.float64)
    optimizer.step()
    scheduler.step()
    if step in (0, STEPS // 4, STEPS // 2, 3 * STEPS // 4, STEPS - 1):
        print("step {}: lr = {}".format(step + 1, lr))

loss = f(p[:, 0], p[:, 1]).detach()
loss = torch.where(torch.isnan(loss), torch.inf, loss).sort().values
low, median, high = (loss[int(share * (RUNS - 1))].item() for share in (0.1, 0.5, 0.9))
print("f after {} steps: median {}, 10 to 90% of the runs {} to {}".format(STEPS, median, low, high))
