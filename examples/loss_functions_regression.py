"""How wrong is a prediction? One call of a loss function of PyTorch, with its gradient.

Run it with:  python loss_functions_regression.py
"""

import torch
import torch.nn as nn

# Define the predicted and actual values as tensors
predicted_tensor = torch.tensor([320000.0]).requires_grad_()
actual_tensor = torch.tensor([300000.0])

# Define the loss function
loss_function = nn.MSELoss()

# Compute the loss
loss_value = loss_function(predicted_tensor, actual_tensor)
loss_value.sum().backward()

print("loss", ["{:.9g}".format(loss) for loss in loss_value.detach().flatten().tolist()])
for tensor in [predicted_tensor]:
    print("gradient", ["{:.9g}".format(g) for g in tensor.grad.flatten().tolist()])
