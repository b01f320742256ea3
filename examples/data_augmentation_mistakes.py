"""Two mistakes with augmentation beside the right way: augmenting before the split, and augmenting one class only.

Run it with:  python data_augmentation_mistakes.py
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import random_split

MISTAKE = "leak"  # or "one_class"
N = 100  # digits to begin with
COPIES = 8  # of each
ANGLE = 20  # rotated by up to so many degrees
DIGIT = 3  # the class that is augmented
SEED = 0  # the first of five

torch.set_num_threads(1)  # the same order of additions on any number of cores
digits = load_digits()
X, y = torch.from_numpy(digits.images).float() / 16, torch.from_numpy(digits.target)
train, new = random_split(range(1797), [1297, 500], generator=torch.Generator().manual_seed(0))
X, X_new, y, y_new = X[train.indices], X[new.indices], y[train.indices], y[new.indices]


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def rotated(images, generator):
    angle, _, _ = torch.deg2rad(ANGLE * (2 * torch.rand(3, len(images), generator=generator) - 1))
    zero = torch.zeros(len(images))
    theta = torch.stack([angle.cos(), -angle.sin(), zero, angle.sin(), angle.cos(), zero], 1).view(-1, 2, 3)
    grid = F.affine_grid(theta, [len(images), 1, 8, 8], align_corners=True)
    return F.grid_sample(images[:, None], grid, align_corners=True)[:, 0]


def with_copies(images, classes, generator):
    rows = torch.arange(len(images)).repeat(COPIES + 1)
    return torch.cat([images, rotated(images[rows[len(images) :]], generator)]), classes[rows]


def parts(seed, way):
    """What the network of a seed learns from, and is tested on."""
    order = torch.randperm(len(X), generator=seeded(seed))
    own = torch.cat([order[y[order] == c][: N // 10] for c in range(10)])
    generator, n_test = seeded(seed), round(0.3 * N)
    if MISTAKE == "one_class":
        images, classes = with_copies(X[own], y[own], generator)
        kept = (classes == DIGIT) | (torch.arange(len(images)) < N) if way == "wrong" else slice(None)
        return images[kept], classes[kept], X[own], y[own]
    own = own[torch.randperm(N, generator=generator)]
    if way == "right":  # split, then augment what is learned from
        return *with_copies(X[own[n_test:]], y[own[n_test:]], generator), X[own[:n_test]], y[own[:n_test]]
    images, classes = with_copies(X[own], y[own], generator)
    order = torch.randperm(len(images), generator=generator)
    test, train = order[: n_test * (COPIES + 1)], order[n_test * (COPIES + 1) :]
    return images[train], classes[train], images[test], classes[test]


def network(parameters, images):
    W1, b1, W2, b2 = parameters
    return torch.baddbmm(b2, torch.baddbmm(b1, images.flatten(2), W1).relu(), W2)


def first_weights(seed):
    torch.manual_seed(seed)
    parameters = [p.detach() for layer in (nn.Linear(64, 128), nn.Linear(128, 10)) for p in layer.parameters()]
    return [p.T if p.dim() == 2 else p[None] for p in parameters]


seeds, each = range(SEED, SEED + 5), torch.arange(5)[:, None]
for way in ("right", "wrong"):
    own_X, own_y, test_X, test_y = map(torch.stack, zip(*(parts(seed, way) for seed in seeds), strict=True))
    parameters = [torch.stack(p).requires_grad_() for p in zip(*map(first_weights, seeds), strict=True)]
    optimizer, order = torch.optim.Adam(parameters, lr=0.01), seeded(SEED)
    for _ in range(200):
        rows = torch.randint(own_y.shape[1], (5, 64), generator=order)
        loss = 5 * F.cross_entropy(network(parameters, own_X[each, rows]).flatten(0, 1), own_y[each, rows].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    turned = rotated(X_new, seeded(SEED)).expand(5, -1, -1, -1)
    answers = network(parameters, X_new.expand(5, -1, -1, -1) if MISTAKE == "leak" else turned).argmax(2)
    reported, others = (network(parameters, test_X).argmax(2) == test_y).float().mean(1), answers[:, y_new != DIGIT]
    said = reported if MISTAKE == "leak" else (others == DIGIT).float().mean(1)
    true = (answers == y_new).float().mean(1)
    print("{}: {}; right on new digits: {}".format(way, [f"{v:.3f}" for v in said], [f"{v:.3f}" for v in true]))
