"""Does text augmentation help? A bag of words learns praise and blame from sentences and their copies.

Run it with:  python data_augmentation_sentences.py
The page offers copies.csv: columns part (train or test), augmentation, seed, label, text.
"""

import csv
import re

import torch
import torch.nn as nn
import torch.nn.functional as F

FILE = "copies.csv"

torch.set_num_threads(1)  # the same order of additions on any number of cores
with open(FILE, encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))


def words_of(text):
    return re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text.lower())


def bags(texts, vocabulary):
    """Which words stand in each text, 1 or 0; a new word gets a new column."""
    places = [[vocabulary.setdefault(word, len(vocabulary)) for word in words_of(text)] for text in texts]
    X = torch.zeros(len(texts), len(vocabulary))
    for i, row in enumerate(places):
        X[i, row] = 1.0
    return X


def accuracy(train, test):
    vocabulary = {}
    X, y = bags([row["text"] for row in train], vocabulary), torch.tensor([float(row["label"]) for row in train])
    n_words = len(vocabulary)
    model = nn.Linear(n_words, 1)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(60):
        optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(model(X)[:, 0], y).backward()
        optimizer.step()
    seen = bags([row["text"] for row in test], vocabulary)[:, :n_words]  # a word that it has not met says nothing
    with torch.no_grad():
        said = model(seen)[:, 0] > 0
    return int((said == torch.tensor([row["label"] == "1" for row in test])).sum())


test = [row for row in rows if row["part"] == "test"]
for name in dict.fromkeys(row["augmentation"] for row in rows if row["part"] == "train"):
    mine = [row for row in rows if row["part"] == "train" and row["augmentation"] == name]
    right = [accuracy([r for r in mine if r["seed"] == s], test) for s in dict.fromkeys(r["seed"] for r in mine)]
    print("{}: {} of {} sentences right".format(name, right, len(test)))
