"""The training loop on a table of your own: columns of a CSV file predict another column.

Run it with:  python training_loop_own.py  (the CSV file beside it)
"""

import csv
import re

import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset, random_split

FILE = "table.csv"
ENCODING = "utf-8-sig"
SEPARATOR = ","
HEADER = True  # the first line holds the names of the columns
DECIMAL = "."
FEATURES = ["height", "width"]
TARGET = "kind"
CLASSES = ["small", "large"]  # what the target can be; []: it is a number
SEED = 0
VALIDATION = 0.2  # share of the rows that is never trained on
HIDDEN = 16
BATCH_SIZE = 16
LR = 0.01
NUM_EPOCHS = 20

torch.set_num_threads(1)  # the same order of additions, so the same digits, on any number of cores
torch.manual_seed(SEED)  # fixes the first weights and the order of the rows


def number(cell):
    """The number in a cell of the table; NaN where there is none."""
    pattern = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?".replace(r"\.", re.escape(DECIMAL))
    return float(cell.replace(DECIMAL, ".")) if re.fullmatch(pattern, cell, re.ASCII) else float("nan")


with open(FILE, encoding=ENCODING, newline="") as file:
    lines = csv.reader(file, delimiter=SEPARATOR, skipinitialspace=True)
    rows = [row for row in ([cell.strip() for cell in line] for line in lines) if any(row)]
names = rows.pop(0) if HEADER else [""] * len(rows[0])
names = [n if n and names.count(n) == 1 else f"{n} column {i}".strip() for i, n in enumerate(names, start=1)]
rows = [dict(zip(names, row + [""] * len(names), strict=False)) for row in rows]
X = torch.tensor([[number(row[name]) for name in FEATURES] for row in rows], dtype=torch.float64)
if CLASSES:  # -1 where a row has no class
    y = torch.tensor([CLASSES.index(row[TARGET]) if row[TARGET] in CLASSES else -1 for row in rows])
else:
    y = torch.tensor([[number(row[TARGET])] for row in rows], dtype=torch.float64)
whole = ~X.isnan().any(dim=1) & (y >= 0 if CLASSES else ~y.isnan().any(dim=1))
X, y = X[whole], y[whole]

# Keep some rows out, then give every column mean 0 and spread 1, as measured on the other rows.
n_validation = round(VALIDATION * len(X))
parts = [len(X) - n_validation, n_validation]
split = random_split(range(len(X)), parts, generator=torch.Generator().manual_seed(SEED))
train_rows, validation_rows = map(list, split)
center, scale = X[train_rows].mean(0), X[train_rows].std(0)
scale[scale == 0] = 1
X = ((X - center) / scale).float()
if not CLASSES:
    target_center = y[train_rows].mean().item()
    target_scale = y[train_rows].std().item() or 1.0
    y = ((y - target_center) / target_scale).float()

train_set = TensorDataset(X[train_rows], y[train_rows])
dataloader = DataLoader(train_set, batch_size=BATCH_SIZE, shuffle=True)
outputs = len(CLASSES) if CLASSES else 1
model = nn.Sequential(nn.Linear(len(FEATURES), HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, outputs))
loss_function = nn.CrossEntropyLoss() if CLASSES else nn.MSELoss()
optimizer = optim.Adam(model.parameters(), lr=LR)

for epoch in range(NUM_EPOCHS):
    total_loss = 0.0
    for rows, truth in dataloader:
        loss = loss_function(model(rows), truth)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total_loss += loss.item()
    print("Epoch {}: Sum of Batch Losses = {:.5f}".format(epoch, total_loss))

with torch.no_grad():
    answers = model(X[validation_rows])
    if CLASSES:
        accuracy = (answers.argmax(1) == y[validation_rows]).float().mean().item()
        print("Holdout accuracy = {:.4f}".format(accuracy))
    else:
        error = (answers - y[validation_rows]) * target_scale
        print("Holdout typical error = {:.4f}".format(error.square().mean().sqrt().item()))
