"""A network learns unchanged digits. Then one that it has never seen is changed: what does it answer?

Run it with:  python data_augmentation_label.py
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import random_split

CHANGE = "angle"  # or "width" or "scale"
AMOUNT = 180.0
DIGIT = 6
EXAMPLE = 1
SEED = 0

torch.set_num_threads(1)  # the same order of additions on any number of cores
digits = load_digits()
X, y = torch.from_numpy(digits.images).float() / 16, torch.from_numpy(digits.target)
train, holdout = random_split(range(1797), [1297, 500], generator=torch.Generator().manual_seed(0))
X, X_holdout, y, y_holdout = X[train.indices], X[holdout.indices], y[train.indices], y[holdout.indices]

torch.manual_seed(SEED)
parameters = [p.detach() for layer in (nn.Linear(64, 128), nn.Linear(128, 10)) for p in layer.parameters()]
W1, b1, W2, b2 = [p.T[None].contiguous() if p.dim() == 2 else p[None, None] for p in parameters]
optimizer = torch.optim.Adam([p.requires_grad_() for p in (W1, b1, W2, b2)], lr=0.01)
order = torch.Generator().manual_seed(SEED)


def network(X):
    return torch.baddbmm(b2, torch.baddbmm(b1, X.flatten(1)[None], W1).relu(), W2)[0]


for _ in range(600):
    rows = torch.randint(len(X), (1, 64), generator=order)[0]
    optimizer.zero_grad()
    F.cross_entropy(network(X[rows]), y[rows]).backward()
    optimizer.step()


def changed(images, amount):
    a = torch.deg2rad(torch.tensor(amount if CHANGE == "angle" else 0.0))
    rotation = torch.stack([a.cos(), a.sin(), -a.sin(), a.cos()]).view(2, 2)
    width, scale = (amount if name == CHANGE else 1.0 for name in ("width", "scale"))
    back = torch.linalg.inv(scale * rotation @ torch.diag(torch.tensor([width, 1.0])))
    theta = torch.cat([back, torch.zeros(2, 1)], dim=1).expand(len(images), 2, 3)
    grid = F.affine_grid(theta, [len(images), 1, 8, 8], align_corners=True)
    return F.grid_sample(images[:, None], grid, align_corners=True)[:, 0]


own = X_holdout[y_holdout == DIGIT]
image = own[(EXAMPLE - 1) % len(own)]
with torch.no_grad():
    answer = network(changed(image[None], AMOUNT)).argmax()
    right = (network(changed(X_holdout, AMOUNT)).argmax(1) == y_holdout).sum()
print("the network calls the {} now: {}".format(DIGIT, answer))
print("of all unseen digits, changed likewise, it names {} of {} right".format(right, len(X_holdout)))
