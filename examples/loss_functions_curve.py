"""What does a loss make of one prediction, and how steep is it there? In PyTorch.

Run it with:  python loss_functions_curve.py
"""

import torch
import torch.nn as nn

PREDICTION = [2.0]  # where the slope is taken
TARGET = [0.0]  # what would be right
LOSSES = {
    "MSELoss": lambda x, t: nn.MSELoss()(x, t),
    "HuberLoss": lambda x, t: nn.HuberLoss(delta=0.5)(x, t),
    "SmoothL1Loss": lambda x, t: nn.SmoothL1Loss(beta=0.5)(x, t),
    "L1Loss": lambda x, t: nn.L1Loss()(x, t),
}

target = torch.tensor(TARGET)
for name, loss_function in LOSSES.items():
    prediction = torch.tensor(PREDICTION, requires_grad=True)
    loss = loss_function(prediction, target)
    loss.backward()
    slopes = ", ".join("{:.9g}".format(g) for g in prediction.grad.flatten().tolist())
    print("{}: loss {:.9g}, slope {}".format(name, loss.item(), slopes))
