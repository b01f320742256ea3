"""One training point in a network: forward, backward, and what one update from it alone changes."""

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
UPDATES = 3750  # of the training before
NUMBER = 128  # of the training point
WEIGHT = 1  # number of a weight


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
        loss = loss_of(model(batch), expected)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    return model.eval()


def report():
    losses = torch.stack([loss_of(model(X[i : i + 1]), y[i : i + 1]) for i in range(n_train)])
    weight = nn.utils.parameters_to_vector(model.parameters())[WEIGHT - 1]
    print(f"Point {NUMBER} has the loss {losses[NUMBER - 1]:.6f}, weight {WEIGHT} is {weight:.6f}")
    return losses


model = train(SEED)
losses, h = report(), X[NUMBER - 1 : NUMBER].clone().requires_grad_()
for module in model:
    h = module(h)
    if isinstance(module, nn.Linear):
        print("Sums:", *(f"{value:.4f}" for value in h[0].tolist()))
        h.register_hook(lambda g: print("Gradient of sums:", *(f"{value:.6f}" for value in g[0].tolist())))
loss_of(h, y[NUMBER - 1 : NUMBER]).backward()  # the hooks print, from the last layer to the first
torch.optim.SGD(model.parameters(), lr=LR).step()
print(f"Training points with a lower loss: {(report() < losses).sum()} of {n_train}")
