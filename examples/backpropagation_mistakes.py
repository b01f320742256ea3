"""Six mistakes with autograd, each beside the right way, with what came of both.

Run it with:  python backpropagation_mistakes.py
"""

import torch

W = 1.0
X = 2.0
PASSES = 3


def weight(value=W, requires_grad=True):
    return torch.tensor(value, dtype=torch.float64, requires_grad=requires_grad)


def no_zero_grad(right):
    w = weight()
    for _ in range(PASSES):
        w.grad = None if right else w.grad  # None: what an optimizer's zero_grad() leaves
        ((w * X - 1) ** 2).backward()
    return w.grad


def in_place(right):
    w = weight()
    error = torch.sigmoid(w * X)
    if right:
        error = error - 1
    else:
        error -= 1  # sigmoid's backward needs the value that stood there
    (error**2).backward()
    return w.grad


def leaf_in_place(right):
    w = weight()
    ((w * X - 1) ** 2).backward()
    with torch.set_grad_enabled(not right):  # right: the update is not recorded
        w -= 0.1 * w.grad
    return w.detach()


def detach(right):
    w, v = weight(), weight(1.0)
    hidden = w * X if right else (w * X).detach()
    ((v * hidden - 1) ** 2).backward()
    return w.grad


def no_requires_grad(right):
    w = weight(requires_grad=right)
    ((w * X - 1) ** 2).backward()
    return w.grad


def twice(right):
    w = weight()
    error = (w * X - 1) ** 2
    for _ in range(1 if right else 2):
        error.backward()
    return w.grad


for way in (no_zero_grad, in_place, leaf_in_place, detach, no_requires_grad, twice):
    for name, right in (("right", True), ("mistake", False)):
        try:
            print("{}, {}: {}".format(way.__name__, name, way(right) if way(right) is None else float(way(right))))
        except RuntimeError as error:
            print("{}, {}: RuntimeError: {}".format(way.__name__, name, error))
