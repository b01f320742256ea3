"""How many neurons, and how large a step? Networks of every width with every learning rate."""

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
WIDTHS = range(1, 9)
LRS = [2.0**power for power in range(-10, -2)]
BATCH_SIZE = 10
NUM_EPOCHS = 150


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


def score(model):
    model.eval()
    with torch.no_grad():
        answers = model(X[n_train:])
    return loss_of(answers, y[n_train:]).item(), (answers * y[n_train:] > 0).double().mean().item()


def train(seed, width, lr):
    torch.manual_seed(seed)
    model = nn.Sequential(
        nn.Linear(2, width),
        nn.Tanh(),
        nn.Linear(width, width),
        nn.Tanh(),
        nn.Linear(width, width),
        nn.Tanh(),
        nn.Linear(width, 1),
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    samples = TensorDataset(X[:n_train], y[:n_train])
    loader = DataLoader(samples, batch_size=BATCH_SIZE, shuffle=True, generator=Generator().manual_seed(seed))
    for _ in range(NUM_EPOCHS):
        for batch, expected in loader:
            optimizer.zero_grad()
            loss = loss_of(model(batch), expected)
            loss.backward()
            optimizer.step()
    return score(model)


for width in WIDTHS:
    losses = [train(SEED, width, lr)[0] for lr in LRS]
    print(f"Width {width}:" + "".join(f" {loss:9.4f}" for loss in losses))
