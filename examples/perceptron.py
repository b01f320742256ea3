"""A perceptron learns to tell two classes of points apart: Rosenblatt's rule, with pocket, average and bound.

Run it with:  python perceptron.py
"""

import torch
from scipy.optimize import nnls

POINTS = [  # x1, x2, class
    (0.0, 0.0, 0), (0.0, 1.0, 0), (1.0, 0.0, 0), (1.0, 1.0, 1),
]  # fmt: skip
BIAS = True
LR = 1.0
SHUFFLE = False
SEED = 0
MAX_UPDATES = 2000

data = torch.tensor(POINTS, dtype=torch.float64)
x = data[:, :2]
if BIAS:  # the bias is the weight of an input that is always 1
    x = torch.cat([x, torch.ones(len(x), 1, dtype=torch.float64)], dim=1)
y = data[:, 2]
sign = 2 * y - 1  # class 0 is -1, class 1 is +1


def wrong(w):
    """How many samples these weights answer wrongly: the answer is 1 where the sum is above 0, else 0."""
    return int(((x @ w > 0) != (y == 1)).sum())


generator = torch.Generator().manual_seed(SEED)
w = torch.zeros(x.shape[1], dtype=torch.float64)
pocket, total = w.clone(), torch.zeros_like(w)
updates, passes, going = 0, 0, True
while going:
    passes += 1
    order = torch.randperm(len(x), generator=generator) if SHUFFLE else torch.arange(len(x))
    going = False
    for i in order:
        if sign[i] * (x[i] * w).sum() <= 0:  # not on its side, or exactly on the line
            if updates == MAX_UPDATES:
                going = False
                break
            w = w + LR * sign[i] * x[i]  # Rosenblatt's rule
            updates, going = updates + 1, True
            if wrong(w) < wrong(pocket):
                pocket = w.clone()
        total += w  # the sum over all visits points the same way as their average

print("{} updates, {} passes begun".format(updates, passes))
print("w = " + ", ".join("{:.4f}".format(value) for value in w.tolist()))
print("wrong of {}: {}, pocket {}, averaged {}".format(len(x), wrong(w), wrong(pocket), wrong(total)))

# The largest margin is the distance from 0 to the nearest mix of all sign * x (none, if that distance is 0).
R = x.norm(dim=1).max()
signed = sign[:, None] * x / R
columns = torch.cat([signed, torch.ones(len(x), 1, dtype=torch.float64)], dim=1).T
mix, _ = nnls(columns.numpy(), [0.0] * signed.shape[1] + [1.0])
u = torch.from_numpy(mix) @ signed / mix.sum()
margin = (signed @ u / u.norm()).min() * R if u.norm() > 1e-9 else torch.tensor(0.0)
if margin > 1e-9 * R:
    print("R = {:.4f}, margin = {:.4f}, at most {:.2f} mistakes".format(R, margin, (R / margin) ** 2))
else:
    print("R = {:.4f}, no weights separate the classes".format(R))
