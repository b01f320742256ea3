"""How well one straight cut parts the points: in the plane, and as each hidden layer sees them."""

import itertools
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Generator
from torch.utils.data import DataLoader, TensorDataset

torch.set_default_dtype(torch.float64)

N_SAMPLES = 500
SHARE = 0.5  # of them for training
NOISE = 0.0
DATA_SEED = 0
SEED = 0
LR = 0.01
BATCH_SIZE = 10
UPDATES = 3750


def uniform(n, low, high, generator):
    return low + (high - low) * torch.rand(n, generator=generator)


def make_points(n_samples, noise, generator):
    n = n_samples // 2
    share = torch.arange(n) / n
    arms = []
    for turned in (0.0, math.pi):
        angle = 1.75 * share * 2 * math.pi + turned
        moved = noise * uniform(2 * n, -1, 1, generator).view(-1, 2)
        arms.append(5.0 * share[:, None] * torch.stack([angle.sin(), angle.cos()], dim=1) + moved)
    return torch.cat(arms), torch.cat([torch.ones(n), -torch.ones(n)])


def inputs(points):
    x1, x2 = points.unbind(dim=1)
    return torch.stack([x1, x2], dim=1)


def loss_of(answers, target):
    return F.softplus(-answers * target).mean()  # cross-entropy of the classes -1 and 1


generator = Generator().manual_seed(DATA_SEED)
points, target = make_points(N_SAMPLES, NOISE, generator)
order = torch.randperm(len(points), generator=generator)
X, y = inputs(points[order]), target[order][:, None]
n_train = round(SHARE * len(X))
plane = points[order]


def train(seed):
    torch.manual_seed(seed)
    model = nn.Sequential(
        nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1)
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=LR)
    samples = TensorDataset(X[:n_train], y[:n_train])
    loader = DataLoader(samples, batch_size=BATCH_SIZE, shuffle=True, generator=Generator().manual_seed(seed))
    batches = itertools.chain.from_iterable(itertools.repeat(loader))
    for batch, expected in itertools.islice(batches, UPDATES):
        optimizer.zero_grad()
        loss = loss_of(model(batch), expected)
        loss.backward()
        optimizer.step()
    return model.eval()


def straight_cut(answers, target):  # the weighted sum that fits the targets best; its share of points on the right side
    given = torch.cat([answers, torch.ones(len(answers), 1)], dim=1)
    fitted = given @ torch.linalg.lstsq(given, target, driver="gelsd").solution
    return (fitted * target > 0).double().mean().item()


model, target, h = train(SEED), y[:n_train], X[:n_train]
print(f"In the plane: {straight_cut(plane[:n_train], target):.4f}")
number = 0
for module in model:
    if isinstance(module, nn.Linear):
        if number:
            print(f"As layer {number} sees them: {straight_cut(h, target):.4f}")
        number += 1
    h = module(h).detach()
