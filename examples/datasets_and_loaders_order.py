"""The same network on the same digits: shuffled every epoch, shuffled once, and sorted by class.

Run it with:  python datasets_and_loaders_order.py
"""

import torch
import torch.nn as nn
import torch.optim as optim
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset, random_split

SEED = 0
HIDDEN = 32
LR = 0.1
BATCH_SIZE = 32
NUM_EPOCHS = 10
N_HOLDOUT = 360  # digits that are never trained on

torch.set_num_threads(1)  # the same order of additions, so the same digits, on any number of cores
bunch = load_digits()
X = torch.tensor(bunch.images, dtype=torch.float32).flatten(1) / 16
y = torch.tensor(bunch.target, dtype=torch.int64)
parts = [len(X) - N_HOLDOUT, N_HOLDOUT]
split = random_split(range(len(X)), parts, generator=torch.Generator().manual_seed(SEED))
train, holdout = map(list, split)


def accuracy_after_training(rows, shuffle):
    """Trains a fresh network on these rows; the share of right answers on the holdout after each epoch."""
    torch.manual_seed(SEED)  # the same first weights for every order
    dataloader = DataLoader(TensorDataset(X[rows], y[rows]), batch_size=BATCH_SIZE, shuffle=shuffle)
    model = nn.Sequential(nn.Linear(64, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 10))
    loss_function = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=LR)
    accuracies = []
    for _ in range(NUM_EPOCHS):
        for images, truth in dataloader:
            loss = loss_function(model(images), truth)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        with torch.no_grad():
            accuracies.append((model(X[holdout]).argmax(1) == y[holdout]).float().mean().item())
    return accuracies


by_class = torch.tensor(train)[y[train].argsort(stable=True)]
for name, rows, shuffle in (
    ("shuffled every epoch", train, True),
    ("shuffled once", train, False),  # random_split has shuffled them
    ("sorted by class", by_class, False),
):
    accuracies = accuracy_after_training(rows, shuffle)
    print("{}: {:.4f} after epoch 1, {:.4f} after epoch {}".format(name, accuracies[0], accuracies[-1], NUM_EPOCHS))
