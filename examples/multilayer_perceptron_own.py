"""A network learns to tell apart the points that stand below."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Generator
from torch.utils.data import DataLoader, TensorDataset

torch.set_default_dtype(torch.float64)

POINTS = [  # x1, x2, class
    (0.75, 0.0, 1), (0.0, 0.75, 1), (-0.75, 0.0, 1), (0.0, -0.75, 1),
    (2.375, 0.0, 0), (1.875, 1.5, 0), (0.375, 2.375, 0), (-1.25, 2.125, 0),
    (-2.25, 0.875, 0), (-2.25, -0.875, 0), (-1.25, -2.125, 0), (0.375, -2.375, 0),
    (1.875, -1.5, 0), (4.625, 0.0, 1), (4.125, 2.0, 1), (2.875, 3.625, 1),
    (1.0, 4.5, 1), (-1.0, 4.5, 1), (-2.875, 3.625, 1), (-4.125, 2.0, 1),
    (-4.625, 0.0, 1), (-4.125, -2.0, 1), (-2.875, -3.625, 1), (-1.0, -4.5, 1),
    (1.0, -4.5, 1), (2.875, -3.625, 1), (4.125, -2.0, 1),
]  # fmt: skip
SCALE = 1  # the network is given the coordinates divided by it
SEED = 0
LR = 0.01
BATCH_SIZE = 10
NUM_EPOCHS = 150


def inputs(points):
    x1, x2 = points.unbind(dim=1)
    return torch.stack([x1, x2], dim=1)


def loss_of(answers, target):
    return F.softplus(-answers * target).mean()  # cross-entropy of the classes -1 and 1


rows = torch.tensor(POINTS)
X, y = inputs(rows[:, :2] / SCALE), 2 * rows[:, 2:] - 1


def report(epoch, model):
    model.eval()
    with torch.no_grad():
        answers = model(X)
    model.train()
    right = int((answers * y > 0).sum())
    print(f"Epoch {epoch}: loss {loss_of(answers, y).item():.6f}, {right} of {len(X)} points on the right side")


def train(seed):
    torch.manual_seed(seed)
    model = nn.Sequential(
        nn.Linear(2, 8),
        nn.Tanh(),
        nn.Linear(8, 8),
        nn.Tanh(),
        nn.Linear(8, 8),
        nn.Tanh(),
        nn.Linear(8, 1),
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=LR)
    samples = TensorDataset(X, y)
    loader = DataLoader(samples, batch_size=BATCH_SIZE, shuffle=True, generator=Generator().manual_seed(seed))
    report(0, model)
    for epoch in range(1, NUM_EPOCHS + 1):
        for batch, expected in loader:
            optimizer.zero_grad()
            loss = loss_of(model(batch), expected)
            loss.backward()
            optimizer.step()
        if epoch % max(NUM_EPOCHS // 10, 1) == 0:
            report(epoch, model)


train(SEED)
