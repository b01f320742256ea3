"""Does augmentation help? Networks learn from few digits, with and without, one network a seed.

Run it with:  python data_augmentation_digits.py
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import random_split

AUGMENTATIONS = ("mild", "noise", "erase", "flip", "half_turn")
N = 200  # digits to learn from
UPDATES = 400
SEED = 0  # the first one
N_SEEDS = 5

torch.set_num_threads(1)  # the same order of additions on any number of cores
digits = load_digits()
X, y = torch.from_numpy(digits.images).float() / 16, torch.from_numpy(digits.target)
train, holdout = random_split(range(1797), [1297, 500], generator=torch.Generator().manual_seed(0))
X, X_holdout, y, y_holdout = X[train.indices], X[holdout.indices], y[train.indices], y[holdout.indices]


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def rotated_and_shifted(images, degrees, shift, generator):
    angle, x, y = 2 * torch.rand(3, len(images), generator=generator) - 1
    angle, x, y = torch.deg2rad(degrees * angle), shift / 3.5 * x, shift / 3.5 * y
    theta = torch.stack([angle.cos(), -angle.sin(), x, angle.sin(), angle.cos(), y], 1).view(-1, 2, 3)
    grid = F.affine_grid(theta, [len(images), 1, 8, 8], align_corners=True)
    return F.grid_sample(images[:, None], grid, align_corners=True)[:, 0]


def augmented(images, name, generator):
    if name == "mild":
        return rotated_and_shifted(images, 15.0, 0.5, generator)
    if name == "half_turn":
        return rotated_and_shifted(images, 180.0, 0.0, generator)
    if name == "flip":
        mirrored = torch.rand(len(images), generator=generator) < 0.5
        return torch.where(mirrored[:, None, None], images.flip(2), images)
    if name == "noise":
        return images + 0.2 * torch.randn(images.shape, generator=generator)
    if name == "erase":  # a square of 2 x 2 pixels
        top, left = torch.randint(7, (2, len(images), 1), generator=generator)
        rows, columns = ((torch.arange(8) >= at) & (torch.arange(8) < at + 2) for at in (top, left))
        return images.masked_fill(rows[:, :, None] & columns[:, None, :], 0.0)
    return images


def first_weights(seed):
    torch.manual_seed(seed)
    parameters = [p.detach() for layer in (nn.Linear(64, 128), nn.Linear(128, 10)) for p in layer.parameters()]
    return [p.T if p.dim() == 2 else p[None] for p in parameters]


# All networks of an augmentation learn side by side: shapes (seeds, inputs, outputs). Their losses are added.
seeds = range(SEED, SEED + N_SEEDS)
own = torch.stack([torch.randperm(len(X), generator=seeded(seed))[:N] for seed in seeds])
own_X, own_y, each = X[own], y[own], torch.arange(N_SEEDS)[:, None]
for name in ("none", *AUGMENTATIONS):
    parameters = [torch.stack(p).requires_grad_() for p in zip(*map(first_weights, seeds), strict=True)]
    W1, b1, W2, b2 = parameters
    optimizer = torch.optim.Adam(parameters, lr=0.01)
    order, draws = seeded(SEED), seeded(SEED + 1)
    for _ in range(UPDATES):
        rows = torch.randint(N, (N_SEEDS, 64), generator=order)
        batch = augmented(own_X[each, rows].flatten(0, 1), name, draws).view(N_SEEDS, 64, 64)
        logits = torch.baddbmm(b2, torch.baddbmm(b1, batch, W1).relu(), W2)
        loss = N_SEEDS * F.cross_entropy(logits.flatten(0, 1), own_y[each, rows].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        hidden = torch.baddbmm(b1, X_holdout.flatten(1).expand(N_SEEDS, -1, -1), W1).relu()
        right = (torch.baddbmm(b2, hidden, W2).argmax(2) == y_holdout).sum(1)
    print("{}: {} of {} digits right".format(name, right.tolist(), len(y_holdout)))
