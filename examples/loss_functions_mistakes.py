"""A mistake that runs without an error message, beside the right way. In PyTorch.

Run it with:  python loss_functions_mistakes.py
"""

import torch
import torch.nn as nn

logits = torch.tensor([[5.0, 0.0, 0.0]])  # the right class is class 0
target = torch.tensor([0])

right = nn.CrossEntropyLoss()(logits, target)
wrong = nn.CrossEntropyLoss()(logits.softmax(dim=1), target)  # CrossEntropyLoss takes the softmax itself

print("right: {:.9g}".format(right.item()))
print("wrong: {:.9g}".format(wrong.item()))
