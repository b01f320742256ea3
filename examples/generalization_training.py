"""Few digits, some with random labels, learned for long; a validation set says when to stop.

Run it with:  python generalization_training.py
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import Generator
from torch.utils.data import DataLoader, TensorDataset

WIDTH = 64
LABEL_NOISE = 0.2  # share of the labels that are drawn anew, 0 to 9 by chance
WEIGHT_DECAY = 0.0
N_SAMPLES = 200
NUM_EPOCHS = 60
LR = 0.01
SEED = 0
N_VALIDATION = 200

torch.set_num_threads(1)  # the same order of additions on any number of cores
digits = load_digits()
X = torch.tensor(digits.images, dtype=torch.float32).flatten(1) / 16  # 64 pixels, 0 to 1
truth = torch.tensor(digits.target)

# Training, validation and holdout rows; only the holdout rows keep all their true labels.
generator = Generator().manual_seed(SEED)
sizes = [N_SAMPLES, N_VALIDATION, len(X) - N_SAMPLES - N_VALIDATION]
train, validation, holdout = torch.randperm(len(X), generator=generator).split(sizes)
is_drawn = torch.rand(len(X), generator=generator) < LABEL_NOISE
is_drawn[holdout] = False
y = torch.where(is_drawn, torch.randint(10, (len(X),), generator=generator), truth)
print("{} of {} training labels are wrong".format((y != truth)[train].sum(), N_SAMPLES))

torch.manual_seed(SEED)
model = nn.Sequential(nn.Linear(64, WIDTH), nn.ReLU(), nn.Linear(WIDTH, 10))
optimizer = torch.optim.AdamW(model.parameters(), lr=LR, weight_decay=WEIGHT_DECAY)
order = Generator().manual_seed(SEED)
loader = DataLoader(TensorDataset(X[train], y[train]), batch_size=32, shuffle=True, generator=order)
losses, shares = [], []


def measure():
    with torch.no_grad():
        answers = [(model(X[rows]), y[rows]) for rows in (train, validation, holdout)]
    losses.append([F.cross_entropy(logits, target).item() for logits, target in answers[:2]])
    shares.append([(logits.argmax(dim=1) == target).double().mean().item() for logits, target in answers])


measure()
for _ in range(NUM_EPOCHS):
    for batch, target in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(batch), target)
        loss.backward()
        optimizer.step()
    measure()

stop = min(range(NUM_EPOCHS + 1), key=lambda epoch: losses[epoch][1])  # the smallest validation loss
for name, epoch in (("stop", stop), ("end", NUM_EPOCHS)):
    print("{}, epoch {}: loss {:.4f} in training, {:.4f} in validation".format(name, epoch, *losses[epoch]))
    text = "  right: {:.4f} in training, {:.4f} in validation, {:.4f} in the holdout"
    print(text.format(*shares[epoch]))
