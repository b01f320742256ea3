"""Batch size x learning rate: many runs of the training loop, those of one batch size trained side by side.

Run it with:  python training_loop_map.py
"""

import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset, random_split

SEED = 0
DATA_RANGE = (0, 100)
VALIDATION = 0.0  # share of the pairs that is never trained on
HIDDEN = 128
SHUFFLE = True
NUM_EPOCHS = 2
BATCH_SIZES = (20, 50, 100, 200, 500, 1000, 5000)
LEARNING_RATES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1)
WEIGHT_DECAY = 0.0  # AdamW's, which shrinks every weight before the step

torch.set_num_threads(1)  # the same order of additions, so the same digits, on any number of cores
lrs = torch.tensor(LEARNING_RATES)

numbers = torch.arange(*DATA_RANGE, dtype=torch.float32)
pairs = torch.cartesian_prod(numbers, numbers)
n_validation = round(VALIDATION * len(pairs))
if n_validation:
    parts = [len(pairs) - n_validation, n_validation]
    train_rows, _ = random_split(range(len(pairs)), parts, generator=torch.Generator().manual_seed(SEED))
    pairs = pairs[list(train_rows)]
sums = pairs.sum(dim=1, keepdim=True)


def answers(weights, pairs):
    """What each network answers, shape (networks, pairs, 1)."""
    w1, b1, w2, b2 = weights
    hidden = torch.baddbmm(b1[:, None], pairs.expand(len(lrs), -1, -1), w1.mT).relu()
    return torch.baddbmm(b2[:, None], hidden, w2.mT)


def train(batch_size):
    """The final losses of one network for each learning rate."""
    torch.manual_seed(SEED)  # the same first weights for all
    model = nn.Sequential(nn.Linear(2, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 1))
    weights = [w.detach().repeat(len(lrs), *[1] * w.dim()).requires_grad_() for w in model.parameters()]
    rates = [lrs.reshape(-1, *[1] * (w.dim() - 1)) for w in weights]
    units = [nn.Parameter(torch.zeros_like(w)) for w in weights]  # the optimizer turns each into a step for lr 1
    optimizer = optim.Adam(units, lr=1.0)
    dataloader = DataLoader(TensorDataset(pairs, sums), batch_size=batch_size, shuffle=SHUFFLE)
    for _ in range(NUM_EPOCHS):
        for x, target in dataloader:
            loss = (answers(weights, x) - target).square().mean(dim=(1, 2)).sum()
            for unit, gradient in zip(units, torch.autograd.grad(loss, weights), strict=True):
                unit.grad = gradient
            optimizer.step()
            with torch.no_grad():
                for w, rate, unit in zip(weights, rates, units, strict=True):
                    w.mul_(1 - WEIGHT_DECAY * rate)
                    w.addcmul_(rate, unit)
                    unit.zero_()
    with torch.no_grad():
        parts = zip(pairs.split(1000), sums.split(1000), strict=True)
        return sum((answers(weights, x) - target).square().sum(dim=(1, 2)) for x, target in parts) / len(pairs)


print("batch size" + "".join("{:>10g}".format(lr) for lr in LEARNING_RATES))
for batch_size in BATCH_SIZES:
    print("{:>10}".format(batch_size) + "".join("{:>10.4g}".format(loss) for loss in train(batch_size).tolist()))
