"""Digits, a stratified split, and the 95% interval of the accuracy on what was kept out.

Run it with:  python generalization_digits.py
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import Generator
from torch.utils.data import DataLoader, TensorDataset, random_split

HOLDOUT = 0.3  # share of the images that are kept out
STRATIFIED = True  # every digit with the same share in both parts
SEED = 0
NUM_EPOCHS = 20

torch.set_num_threads(1)  # the same order of additions on any number of cores
digits = load_digits()
X = torch.tensor(digits.images, dtype=torch.float32).flatten(1) / 16  # 64 pixels, 0 to 1
y = torch.tensor(digits.target)
n = round(HOLDOUT * len(X))

if STRATIFIED:  # shuffled and sorted by digit; then rows at even distances are kept out
    shuffled = torch.randperm(len(X), generator=Generator().manual_seed(SEED))
    rows, i = shuffled[y[shuffled].argsort(stable=True)], torch.arange(len(X))
    is_kept_out = (i + 1) * n // len(X) > i * n // len(X)
    train, kept_out = rows[~is_kept_out], rows[is_kept_out]
else:
    parts = random_split(range(len(X)), [len(X) - n, n], generator=Generator().manual_seed(SEED))
    train, kept_out = (torch.tensor(part.indices) for part in parts)
print("kept out of each digit: {}".format(torch.bincount(y[kept_out], minlength=10).tolist()))

torch.manual_seed(SEED)
model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
order = Generator().manual_seed(SEED)
loader = DataLoader(TensorDataset(X[train], y[train]), batch_size=32, shuffle=True, generator=order)
for _ in range(NUM_EPOCHS):
    for batch, target in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(batch), target)
        loss.backward()
        optimizer.step()

with torch.no_grad():
    right = int((model(X[kept_out]).argmax(dim=1) == y[kept_out]).sum())
p, t = right / n, 1.959964**2 / n  # Wilson's interval
middle, half = (p + t / 2) / (1 + t), 1.959964 * (p * (1 - p) / n + t / (4 * n)) ** 0.5 / (1 + t)
low, high = max(middle - half, 0.0), min(middle + half, 1.0)
print("{} of {} right: {:.4f}, 95% interval {:.4f} to {:.4f}".format(right, n, p, low, high))
