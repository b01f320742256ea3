"""A chain of layers with one neuron each: the gradient at every layer, from the output back to the input.

Run it with:  python backpropagation_deep.py
"""

import torch
import torch.nn as nn

DEPTH = 20
WEIGHT = 1.0
ACTIVATION = "Sigmoid"
X = 0.5
SKIP = False  # h + f(w h) instead of f(w h)


def make_layer():
    linear = nn.Linear(1, 1, bias=False, dtype=torch.float64)
    nn.init.constant_(linear.weight, WEIGHT)
    return nn.Sequential(linear, getattr(nn, ACTIVATION)())


values = [torch.tensor([X], dtype=torch.float64, requires_grad=True)]
for _ in range(DEPTH):
    layer, h = make_layer(), values[-1]
    values.append(h + layer(h) if SKIP else layer(h))
    values[-1].retain_grad()  # only leaves keep their gradient unasked

values[-1].backward()
print("output: {:.6g}".format(values[-1].item()))
for k, h in enumerate(values):
    print("layer {}: value {:.6g}, gradient {:.6g}".format(k, h.item(), h.grad.item()))
