"""One step of an optimizer, with everything that it keeps, printed to the last digit.

Run it with:  python optimizers_update.py
"""

import torch

START = [1.2, 1.2]
STEP = 5
HYPERPARAMETERS = {"lr": 0.01}


def f(x, y):
    """The height of the surface at (x, y)."""
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


p = torch.tensor(START, dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.Adam([p], **HYPERPARAMETERS)


def closure():
    """The height here; its gradient goes into p.grad."""
    optimizer.zero_grad()
    loss = f(p[0], p[1])
    loss.backward()
    return loss


def written(value):
    """A tensor as a list of numbers, a list of tensors by its length."""
    if isinstance(value, torch.Tensor):
        return value.tolist()
    return "{} tensors".format(len(value)) if isinstance(value, list) else value


for _ in range(STEP):
    loss = closure()
    before, gradient = p.detach().clone(), p.grad.clone()
    if isinstance(optimizer, torch.optim.LBFGS):
        optimizer.step(closure)  # takes as many gradients as it wants
    else:
        if isinstance(optimizer, torch.optim.SparseAdam):
            p.grad = p.grad.to_sparse()
        optimizer.step()

print("step {} of {}, f = {}".format(STEP, type(optimizer).__name__, loss.item()))
print("place before: {}".format(before.tolist()))
print("gradient: {}".format(gradient.tolist()))
for name, value in optimizer.state[p].items():
    if value is not None and name != "al":
        print("kept after it, {}: {}".format(name, written(value)))
print("the step: {}".format((p.detach() - before).tolist()))
print("place after: {}".format(p.tolist()))
