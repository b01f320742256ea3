"""Which numbers a model learns, with which it begins, and what freezing and containers change. In PyTorch.

Run it with:  python neural_networks_parameters.py
"""

import torch
import torch.nn as nn

SEED = 0
FROZEN = 0  # layers, from the first that learns
TENSOR = "hidden_layer.weight"

torch.manual_seed(SEED)


class MLP(nn.Module):
    def __init__(self, input_size):
        super().__init__()
        self.hidden_layer = nn.Linear(input_size, 64)
        self.output_layer = nn.Linear(64, 2)
        self.activation = nn.ReLU()

    def forward(self, x):
        x = self.activation(self.hidden_layer(x))
        return self.output_layer(x)


model = MLP(input_size=10)

learning = [layer for layer in model.children() if list(layer.parameters())]
for layer in learning[:FROZEN]:
    layer.requires_grad_(False)  # no gradient, so no optimizer changes it

parameters = dict(model.named_parameters())
for name, tensor in model.state_dict().items():
    kind = "learned" if name in parameters and parameters[name].requires_grad else "frozen"
    kind = kind if name in parameters else "buffer"
    print("{} {}: {} numbers, {}".format(name, tuple(tensor.shape), tensor.numel(), kind))
print("learned: {}".format(sum(p.numel() for p in model.parameters() if p.requires_grad)))

if TENSOR in model.state_dict():
    values = model.state_dict()[TENSOR].double()
    print("{} begins from {:.4f} to {:.4f}".format(TENSOR, values.min(), values.max()))

layers = list(model.children())
for container in [nn.Sequential(*layers), nn.ModuleList(layers), nn.ModuleDict(model.named_children()), layers]:
    holder = nn.Module()
    holder.layers = container
    found = sum(p.numel() for p in holder.parameters())
    print("{}: named_parameters() finds {}".format(type(container).__name__, found))
