"""Which one number answers best for all of the data? Each loss chooses another one. In PyTorch.

Run it with:  python loss_functions_constant.py
"""

import torch
import torch.nn as nn

DATA = [1.0, 2.0, 3.0, 4.0, 100.0]
DELTA = 1.0  # Huber: errors below it are squared
QUANTILE = 0.9  # too low costs this for each unit, too high costs the rest of 1
STEPS = 100
FIRST_STEP, LAST_STEP = 0.1, 1e-07  # as shares of the data's range

torch.set_num_threads(1)
data = torch.tensor(DATA)
scale = (data.max() - data.min()).clamp(min=1e-6)  # Adam's steps have the length lr, whatever the data
start = (data.min() + data.max()) / 2
moved = torch.zeros(4, requires_grad=True)  # one constant for each loss
optimizer = torch.optim.Adam([moved], lr=FIRST_STEP, betas=(0.5, 0.5))
schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=(LAST_STEP / FIRST_STEP) ** (1 / STEPS))

for _ in range(STEPS):
    squared, absolute, huber, quantile = (start + scale * moved)[:, None].expand(4, len(data))
    error = data - quantile
    losses = [
        nn.MSELoss()(squared, data),
        nn.L1Loss()(absolute, data),
        nn.HuberLoss(delta=DELTA)(huber, data),
        torch.maximum(QUANTILE * error, (QUANTILE - 1) * error).mean(),
    ]
    optimizer.zero_grad()
    torch.stack(losses).sum().backward()
    optimizer.step()
    schedule.step()

for name, constant in zip(["MSELoss", "L1Loss", "HuberLoss", "quantile loss"], start + scale * moved, strict=True):
    print("{} chooses {:.4f}".format(name, constant.item()))
