"""The gradients of a calculation with tensors: each has the shape of its tensor.

Run it with:  python backpropagation_tensors.py
"""

import torch

TENSORS = {"X": [[1.0, 2.0], [3.0, 4.0]], "W": [[0.5], [-1.0]], "b": [0.1], "T": [[1.0], [0.0]]}


def calculate(X, W, b, T):
    return ((X @ W + b - T) ** 2).mean()


leaves = {name: torch.tensor(data, dtype=torch.float64, requires_grad=True) for name, data in TENSORS.items()}
result = calculate(**leaves)
result.backward()
print("result: {:.6g}".format(result.item()))
for name, leaf in leaves.items():
    print("{} {}: gradient {}".format(name, tuple(leaf.shape), (leaf.grad.round(decimals=4) + 0).tolist()))
