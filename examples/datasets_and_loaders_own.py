"""A table of your own as a dataset: rows of a CSV file in batches.

Run it with:  python datasets_and_loaders_own.py  (the CSV file beside it)
"""

import csv
import re

import torch
from torch.utils.data import DataLoader, TensorDataset, random_split

FILE = "table.csv"
ENCODING = "utf-8-sig"
SEPARATOR = ","
HEADER = True  # the first line holds the names of the columns
DECIMAL = "."
FEATURES = ["height", "width"]
TARGET = "kind"
CLASSES = ["small", "large"]  # what the target can be; []: it is a number
TEXTS = {}  # a column of texts -> the texts, numbered in their order
VALIDATION = 0.2  # share of the rows that random_split keeps out
BATCH_SIZE = 16
SHUFFLE = True
DROP_LAST = False
SEED = 0


def number(name, cell):
    """The number in a cell of a column, or that of its text; NaN where there is none."""
    if name in TEXTS:
        return float(TEXTS[name].index(cell)) if cell in TEXTS[name] else float("nan")
    pattern = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?".replace(r"\.", re.escape(DECIMAL))
    return float(cell.replace(DECIMAL, ".")) if re.fullmatch(pattern, cell, re.ASCII) else float("nan")


with open(FILE, encoding=ENCODING, newline="") as file:
    lines = csv.reader(file, delimiter=SEPARATOR, skipinitialspace=True)
    rows = [row for row in ([cell.strip() for cell in line] for line in lines) if any(row)]
names = rows.pop(0) if HEADER else [""] * len(rows[0])
names = [n if n and names.count(n) == 1 else f"{n} column {i}".strip() for i, n in enumerate(names, start=1)]
rows = [dict(zip(names, row + [""] * len(names), strict=False)) for row in rows]
X = torch.tensor([[number(name, row[name]) for name in FEATURES] for row in rows], dtype=torch.float64)
if CLASSES:  # -1 where a row has no class
    y = torch.tensor([CLASSES.index(row[TARGET]) if row[TARGET] in CLASSES else -1 for row in rows])
else:
    y = torch.tensor([[number(TARGET, row[TARGET])] for row in rows])
whole = ~X.isnan().any(dim=1) & (y >= 0 if CLASSES else ~y.isnan().any(dim=1))
print("{} rows, {} without a value in a chosen column".format(len(X), int((~whole).sum())))
X, y = X[whole], y[whole]

# Some rows are kept out; every feature gets mean 0 and spread 1, as measured on the other rows.
n_validation = round(VALIDATION * len(X))
parts = [len(X) - n_validation, n_validation]
split = random_split(range(len(X)), parts, generator=torch.Generator().manual_seed(SEED))
train = list(split[0])
scale = X[train].std(0)
scale[scale == 0] = 1
X = ((X - X[train].mean(0)) / scale).float()

dataset = TensorDataset(X[train], y[train])
generator = torch.Generator().manual_seed(SEED)
loader = DataLoader(dataset, batch_size=BATCH_SIZE, shuffle=SHUFFLE, drop_last=DROP_LAST, generator=generator)

batches = list(loader)
print("{} rows to train on, {} kept out, {} batches".format(len(train), n_validation, len(batches)))
if batches:
    features, target = batches[0]
    print("first batch: {} {}, {} {}".format(tuple(features.shape), features.dtype, tuple(target.shape), target.dtype))
    print("its first row:", ", ".join("{:.4f}".format(value + 0.0) for value in features[0]))
