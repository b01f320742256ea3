"""The optimizers of PyTorch on a small network: the same data, first weights and batches for each.

Run it with:  python optimizers_network.py
"""

import math

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

SEED = 0
STEPS = 60
BATCH_SIZE = 50
HIDDEN = 32
OPTIMIZERS = [
    ("SGD", torch.optim.SGD, {"lr": 0.05}),
    ("Momentum", torch.optim.SGD, {"lr": 0.05, "momentum": 0.9}),
    ("RMSprop", torch.optim.RMSprop, {"lr": 0.05}),
    ("Adam", torch.optim.Adam, {"lr": 0.05}),
    ("LBFGS", torch.optim.LBFGS, {"lr": 0.05, "history_size": 10}),
]

torch.set_num_threads(1)  # the same order of additions, so the same digits, on any number of cores


def spirals(generator):
    """450 points on three arms that wind once around the origin."""
    y = torch.arange(450) % 3
    t = torch.rand(450, generator=generator).sqrt()
    angle = 2 * math.pi * (t + y / 3)
    X = 2.0 * torch.stack([t * angle.cos(), t * angle.sin()], dim=1)
    return X + 0.05 * torch.randn(450, 2, generator=generator), y


def digits(generator):
    """scikit-learn's 1,797 images of 8 x 8 pixels."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return torch.tensor(bunch.data, dtype=torch.float32) / 16, torch.tensor(bunch.target, dtype=torch.int64)


generator = torch.Generator().manual_seed(SEED)
X, y = spirals(generator)
order = torch.randperm(len(X), generator=generator)
kept_out, train = order[: round(len(X) / 3)], order[round(len(X) / 3) :]
X_train, y_train = X[train], y[train]
loss_function = nn.CrossEntropyLoss()


def endless(loader):
    """One batch after the other, epoch after epoch."""
    while True:
        yield from loader


def make_optimizers(name, optimizer_class, arguments, model):
    """One optimizer; two for Muon, which takes weight matrices only."""
    if name != "Muon":
        return [optimizer_class(model.parameters(), **arguments)]
    matrices = [p for p in model.parameters() if p.ndim == 2]
    biases = [p for p in model.parameters() if p.ndim != 2]
    return [optimizer_class(matrices, **arguments), torch.optim.AdamW(biases, lr=arguments["lr"])]


def one_step(model, optimizers, features, targets):
    """Forward, loss, backward, step; returns the loss before the step."""

    def closure():
        for optimizer in optimizers:
            optimizer.zero_grad()
        loss = loss_function(model(features), targets)
        loss.backward()
        return loss

    if isinstance(optimizers[0], torch.optim.LBFGS):  # asks for the loss as often as it wants
        return optimizers[0].step(closure)
    loss = closure()
    for param in model.parameters():
        if isinstance(optimizers[0], torch.optim.SparseAdam):
            param.grad = param.grad.to_sparse()
    for optimizer in optimizers:
        optimizer.step()
    return loss


for name, optimizer_class, arguments in OPTIMIZERS:
    torch.manual_seed(SEED)  # the same first weights for each
    model = nn.Sequential(
        nn.Linear(X.shape[1], HIDDEN),
        nn.ReLU(),
        nn.Linear(HIDDEN, HIDDEN),
        nn.ReLU(),
        nn.Linear(HIDDEN, int(y.max()) + 1),
    )
    optimizers = make_optimizers(name, optimizer_class, arguments, model)
    shuffle = torch.Generator().manual_seed(SEED)  # and the same batches
    loader = DataLoader(TensorDataset(X_train, y_train), BATCH_SIZE, shuffle=True, generator=shuffle)
    ended = ""
    for step, (features, targets) in zip(range(STEPS), endless(loader), strict=False):
        if name == "LBFGS":  # its guesses of the curvature hold for one function only: all training samples
            features, targets = X_train, y_train
        if not math.isfinite(one_step(model, optimizers, features, targets).item()):
            ended = f", diverged after {step} steps"
            break
    with torch.no_grad():
        loss = loss_function(model(X_train), y_train).item()
        right = (model(X[kept_out]).argmax(dim=1) == y[kept_out]).float().mean().item()
    print(f"{name}: training loss {loss}, validation accuracy {right}{ended}")
