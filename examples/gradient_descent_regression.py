"""A line through real points: slope and intercept learned by gradient descent.

Run it with:  python gradient_descent_regression.py
"""

import torch
import torch.nn as nn
from sklearn.datasets import load_diabetes

FEATURE = "bmi"
SCALE = "unit"
BATCH_SIZE = 442
LR = 0.5
UPDATES = 100
SEED = 0

bunch = load_diabetes(scaled=False)
x = torch.tensor(bunch.data[:, bunch.feature_names.index(FEATURE)].tolist(), dtype=torch.float64)
y = torch.tensor(bunch.target.tolist(), dtype=torch.float64)
if SCALE == "unit":  # from 0 to 1
    x = (x - x.min()) / (x.max() - x.min())
elif SCALE == "standard":  # mean 0, spread 1
    x = (x - x.mean()) / x.std(correction=0)

model = nn.Linear(1, 1, dtype=torch.float64)
nn.init.zeros_(model.weight)
nn.init.zeros_(model.bias)
loss_fn = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=LR)
generator = torch.Generator().manual_seed(SEED)
updates, finite = 0, True
while updates < UPDATES and finite:
    order = torch.randperm(len(x), generator=generator) if len(x) > BATCH_SIZE else torch.arange(len(x))
    for batch in order.split(BATCH_SIZE):
        optimizer.zero_grad()
        loss_fn(model(x[batch, None]), y[batch, None]).backward()
        optimizer.step()
        updates += 1
        slope, intercept = model.weight.detach().squeeze(), model.bias.detach().squeeze()
        cost = (slope * x + intercept - y).square().mean()
        finite = torch.isfinite(torch.stack([slope, intercept, cost])).all()
        if updates == UPDATES or not finite:
            break

print("after {} updates: slope = {}, intercept = {}".format(updates, slope.item(), intercept.item()))
print("mean squared error over all rows: {:.6g}".format(cost))
