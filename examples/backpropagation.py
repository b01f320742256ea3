"""A calculation, its gradients by one backward pass, and each of them checked by a central difference.

Run it with:  python backpropagation.py
"""

import torch

VALUES = {"x": -2.0, "y": 5.0, "z": -4.0}
H = 5e-6  # times the value where that is above 1


def f(x, y, z):
    return (x + y) * z


def number(value):
    return torch.tensor(value, dtype=torch.float64, requires_grad=True)


leaves = {name: number(value) for name, value in VALUES.items()}
result = f(**leaves)
result.backward()  # one pass back through the graph; every leaf gets its .grad
print("result: {:.6g}".format(result.item()))

for name, leaf in leaves.items():
    h = H * max(abs(VALUES[name]), 1.0)
    up, down = (f(**leaves | {name: number(VALUES[name] + step)}) for step in (h, -h))
    close = torch.isclose(leaf.grad, (up - down).detach() / (2 * h), rtol=1e-4, atol=1e-6)
    print("gradient by {}: {:.6g}; the central difference agrees: {}".format(name, leaf.grad.item(), close.item()))
