"""Which samples a loader gives in each epoch, by its sampler.

Run it with:  python datasets_and_loaders_samplers.py
"""

import math

import torch
from torch.utils.data import (
    DataLoader,
    RandomSampler,
    SequentialSampler,
    SubsetRandomSampler,
    TensorDataset,
    WeightedRandomSampler,
)

SAMPLER = "replacement"  # or "sequential", "random", "weighted", "subset"
N_SAMPLES = 24
N_RARE = 4  # the last samples are of class 1
SUBSET = 12  # the size of the subset
BATCH_SIZE = 5
DROP_LAST = False
NUM_EPOCHS = 6
SEED = 0

generator = torch.Generator().manual_seed(SEED)
labels = (torch.arange(N_SAMPLES) >= N_SAMPLES - N_RARE).long()
weights = 1 / torch.bincount(labels).double()[labels]  # every class weighs 1
data = range(N_SAMPLES)

if SAMPLER == "sequential":
    sampler = SequentialSampler(data)
elif SAMPLER == "random":
    sampler = RandomSampler(data, generator=generator)
elif SAMPLER == "replacement":
    sampler = RandomSampler(data, replacement=True, num_samples=N_SAMPLES, generator=generator)
elif SAMPLER == "weighted":
    sampler = WeightedRandomSampler(weights.tolist(), N_SAMPLES, generator=generator)
else:
    sampler = SubsetRandomSampler(data[:SUBSET], generator=generator)

dataset = TensorDataset(torch.arange(N_SAMPLES), labels)
loader = DataLoader(dataset, BATCH_SIZE, sampler=sampler, drop_last=DROP_LAST, generator=generator)

share = len(sampler) / BATCH_SIZE
formula = math.floor(share) if DROP_LAST else math.ceil(share)
print("batches: {} by the formula, {} by len(loader)".format(formula, len(loader)))
for epoch in range(NUM_EPOCHS):
    came = [(int(i), int(c)) for indices, classes in loader for i, c in zip(indices, classes, strict=True)]
    different, rare = len({i for i, _ in came}), sum(c for _, c in came)
    print("epoch {}: {} samples came, {} different ones, {} of class 1".format(epoch + 1, len(came), different, rare))
