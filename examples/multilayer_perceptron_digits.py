"""A network with a hidden layer learns to read handwritten digits."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import Generator
from torch.utils.data import DataLoader, TensorDataset, random_split

LR = 0.01
NUM_EPOCHS = 20
BATCH_SIZE = 32
SEED = 0
HOLDOUT = 0.3  # share of the images that are never trained on

digits = load_digits()
X = torch.tensor(digits.images, dtype=torch.float32).flatten(1) / 16  # 64 pixels, 0 to 1
y = torch.tensor(digits.target)
n = round(HOLDOUT * len(X))
train, kept_out = random_split(TensorDataset(X, y), [len(X) - n, n], generator=Generator().manual_seed(SEED))
loader = DataLoader(train, batch_size=BATCH_SIZE, shuffle=True, generator=Generator().manual_seed(SEED))

torch.manual_seed(SEED)
model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=LR)


def report(epoch):
    with torch.no_grad():
        loss = F.cross_entropy(model(X[train.indices]), y[train.indices]).item()
        right = int((model(X[kept_out.indices]).argmax(dim=1) == y[kept_out.indices]).sum())
    if epoch % max(NUM_EPOCHS // 10, 1) == 0:
        print(f"Epoch {epoch}: training loss {loss:.5f}, {right} of {n} digits right")
    return right / n


report(0)
for epoch in range(1, NUM_EPOCHS + 1):
    for batch, target in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(batch), target)
        loss.backward()
        optimizer.step()
    accuracy = report(epoch)
print(f"Accuracy {accuracy:.4f}, standard error {(accuracy * (1 - accuracy) / n) ** 0.5:.4f}")
