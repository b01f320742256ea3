"""Networks with one hidden layer of more and more neurons, trained on the same noisy points from several seeds.

Run it with:  python generalization_width.py
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

N_SAMPLES = 15
NOISE = 0.3
SEED = 0
N_SEEDS = 5
UPDATES = 500
LR = 0.03
N_HOLDOUT = 100

torch.set_num_threads(1)  # the same order of additions on any number of cores
generator = torch.Generator().manual_seed(SEED)


def true_curve(x):
    return torch.sin(1.5 * torch.pi * x)


def uniform(n):
    return torch.rand(n, 1, generator=generator, dtype=torch.float64)


def noise(n):
    return NOISE * torch.randn(n, 1, generator=generator, dtype=torch.float64)


# One point in each of n equal parts of -1 to 1.
x = 2 * (torch.arange(N_SAMPLES)[:, None] + uniform(N_SAMPLES)) / N_SAMPLES - 1
y = true_curve(x) + noise(N_SAMPLES)
x_holdout = 2 * uniform(N_HOLDOUT) - 1
y_holdout = true_curve(x_holdout) + noise(N_HOLDOUT)


def trained(width, seed):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(1, width, dtype=torch.float64), nn.ReLU(), nn.Linear(width, 1, dtype=torch.float64))
    optimizer = torch.optim.Adam(model.parameters(), lr=LR)
    for _ in range(UPDATES):
        optimizer.zero_grad()
        F.mse_loss(model(x), y).backward()
        optimizer.step()
    return model


widths = (1, 2, 4, 8, 16, 32, 64)
holdout_errors = []
for width in widths:
    models = [trained(width, seed) for seed in range(N_SEEDS)]
    with torch.no_grad():
        train = torch.stack([F.mse_loss(model(x), y) for model in models]).mean()
        holdout = torch.stack([F.mse_loss(model(x_holdout), y_holdout) for model in models]).mean()
    holdout_errors.append(holdout)
    print("width {}: training error {:.4f}, holdout error {:.4f}".format(width, train, holdout))
print("best on new points: width {}".format(widths[int(torch.stack(holdout_errors).argmin())]))
