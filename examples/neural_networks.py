"""What is inside an nn.Module: its layers, the shapes between them, and the numbers that it learns. In PyTorch.

Run it with:  python neural_networks.py
"""

import torch
import torch.nn as nn

SEED = 0
SHAPE = (10,)

torch.set_num_threads(1)  # the same order of additions on any number of cores
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
model.eval()  # no random dropout, no statistics of the batch
print(model)

products = 0


def report(name):
    """A hook that says what passes through a layer; PyTorch calls it after the layer's forward."""

    def hook(layer, given, returned):
        global products
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            products += returned.numel() * layer.weight[0].numel()
        learned = sum(parameter.numel() for parameter in layer.parameters())
        print("{}: {} -> {}, {} parameters".format(name, tuple(given[0].shape), tuple(returned.shape), learned))

    return hook


for name, layer in model.named_children():
    layer.register_forward_hook(report(name))

x = torch.rand(SHAPE)
print(model(x))

parameters = sum(parameter.numel() for parameter in model.parameters())
print("{} parameters, {} bytes, {} FLOPs".format(parameters, 4 * parameters, 2 * products))
