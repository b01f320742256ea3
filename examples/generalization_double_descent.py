"""Double descent: is a digit odd or even? Least squares on random features, in 200 data sets at once.

Run it with:  python generalization_double_descent.py
"""

import math

import torch
from sklearn.datasets import load_digits

N_SETS = 200
N_SAMPLES = 40
LABEL_NOISE = 0.0  # share of the training labels that are turned round
SEED = 0

torch.set_num_threads(1)  # the same order of additions on any number of cores
generator = torch.Generator().manual_seed(SEED)
digits = load_digits()
X = torch.tensor(digits.images).flatten(1) / 16
y = torch.where(torch.tensor(digits.target) % 2 == 1, 1.0, -1.0).double()

W = torch.randn(64, 400, generator=generator, dtype=torch.float64) / 4
b = 2 * math.pi * torch.rand(400, generator=generator, dtype=torch.float64)
features = torch.cos(X @ W + b)

holdout, pool = torch.randperm(len(y), generator=generator).split([1000, len(y) - 1000])
rows = pool[torch.rand(N_SETS, len(pool), generator=generator).argsort(dim=1)[:, :N_SAMPLES]]
flips = torch.where(torch.rand(N_SETS, N_SAMPLES, generator=generator) < LABEL_NOISE, -1.0, 1.0)
A, given = features[rows], y[rows] * flips  # shapes (sets, images, features) and (sets, images)


def minimum_norm(A, y):
    if A.shape[-1] <= A.shape[-2]:  # one solution
        return torch.linalg.lstsq(A, y[..., None], driver="gels").solution
    return A.mT @ torch.linalg.solve(A @ A.mT, y[..., None])  # of many solutions the shortest


sizes = {1, 2, 5, 10, 15, 20, 30, 40, 50, 60, 80, 100, 130, 170, 220, 300, 400}
for p in sorted(sizes | {N_SAMPLES + d for d in (-3, -1, 0, 1, 3)}):
    w = minimum_norm(A[:, :, :p], given)
    learned = (A[:, :, :p] @ w)[..., 0]
    said = features[holdout][:, :p] @ w[..., 0].T
    train_wrong = ((learned > 0) != (given > 0)).double().mean()
    wrong = ((said > 0) != (y[holdout] > 0)[:, None]).double().mean()
    print("p = {}: wrong on training images {:.4f}, on new ones {:.4f}".format(p, train_wrong, wrong))
