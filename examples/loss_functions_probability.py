"""What the probability of the right class costs, as cross-entropy and as a squared error. In PyTorch.

Run it with:  python loss_functions_probability.py
"""

import math

import torch
import torch.nn as nn

P = 0.1  # the probability that the network gives to the right class
UNIT = "nats"  # or "bits": cross-entropy with the logarithm to base 2

p = torch.tensor([P], dtype=torch.float64, requires_grad=True)
right = torch.ones(1, dtype=torch.float64)
scale = 1 / math.log(2) if UNIT == "bits" else 1.0

for name, loss in [("cross-entropy", nn.BCELoss()(p, right) * scale), ("squared error", nn.MSELoss()(p, right))]:
    (slope,) = torch.autograd.grad(loss, p)
    print("{}: {:.6g}, slope {:.6g}".format(name, loss.item(), slope.item()))
