"""The optimizers of PyTorch on a small network: the same data, first weights and batches for each.

Run it with:  python optimizers_network.py
"""

import itertools
import math
from functools import partial

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


def digits():
    """scikit-learn's 1,797 images of 8 x 8 pixels."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return torch.tensor(bunch.data, dtype=torch.float32) / 16, torch.tensor(bunch.target, dtype=torch.int64)


def backward(model, features, targets):
    """The loss, and its gradients into the model's weights."""
    model.zero_grad()
    loss = nn.functional.cross_entropy(model(features), targets)
    loss.backward()
    return loss


generator = torch.Generator().manual_seed(SEED)
X, y = spirals(generator)
order = torch.randperm(len(X), generator=generator)
kept_out, train = order[: round(len(X) / 3)], order[round(len(X) / 3) :]
X_train, y_train = X[train], y[train]

for name, optimizer_class, arguments in OPTIMIZERS:
    torch.manual_seed(SEED)  # the same first weights for each
    first, second = nn.Linear(X.shape[1], HIDDEN), nn.Linear(HIDDEN, HIDDEN)
    model = nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), nn.Linear(HIDDEN, int(y.max()) + 1))
    weights, biases = list(model.parameters())[0::2], list(model.parameters())[1::2]
    if name == "Muon":  # takes matrices only
        optimizers = [optimizer_class(weights, **arguments), torch.optim.AdamW(biases, lr=arguments["lr"])]
    else:
        optimizers = [optimizer_class(model.parameters(), **arguments)]
    shuffle = torch.Generator().manual_seed(SEED)  # and the same batches
    loader = DataLoader(TensorDataset(X_train, y_train), BATCH_SIZE, shuffle=True, generator=shuffle)
    batches = itertools.chain.from_iterable(itertools.repeat(loader))  # epoch after epoch
    ended = ""
    for step, batch in zip(range(STEPS), batches, strict=False):
        if name == "LBFGS":  # moves up to 20 times; its guesses of the curvature need one function: all samples
            loss = optimizers[0].step(partial(backward, model, X_train, y_train))
        else:
            loss = backward(model, *batch)
            if name == "SparseAdam":
                for param in model.parameters():
                    param.grad = param.grad.to_sparse()
            for optimizer in optimizers:
                optimizer.step()
        if not math.isfinite(loss.item()):  # of this batch, before the step
            ended = f", diverged after {step} steps"
            break
    with torch.no_grad():
        loss = nn.functional.cross_entropy(model(X_train), y_train).item()
        right = (model(X[kept_out]).argmax(dim=1) == y[kept_out]).float().mean().item()
    print(f"{name}: training loss {loss}, validation accuracy {right}{ended}")
