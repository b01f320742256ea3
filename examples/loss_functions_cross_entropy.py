"""How wrong is a prediction of classes? Cross-entropy with its gradient, in PyTorch.

Run it with:  python loss_functions_cross_entropy.py
"""

import torch
import torch.nn as nn

TEMPERATURE = 1.0  # the scores are divided by it; 1 leaves them as they are

# A single image of a dog, where cat = 0 and dog = 1 (index 0 and 1).
target_tensor = torch.tensor([1])
# One score a class; they do not need to sum to 1.
predicted_tensor = torch.tensor([[2.0, 5.0]]).requires_grad_()

loss_function = nn.CrossEntropyLoss()
loss_value = loss_function(predicted_tensor / TEMPERATURE, target_tensor)
loss_value.sum().backward()

print("loss", loss_value.detach())
print("all digits", ["{:.9g}".format(loss) for loss in loss_value.detach().flatten().tolist()])
print("probabilities", ["{:.9g}".format(p) for p in (predicted_tensor / TEMPERATURE).softmax(dim=1).flatten().tolist()])
print("gradient", ["{:.9g}".format(g) for g in predicted_tensor.grad.flatten().tolist()])
