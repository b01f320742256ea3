"""What each layer hands to the next, in eval() and in train(), for one and the same input. In PyTorch.

Run it with:  python neural_networks_run.py
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
x = torch.rand(SHAPE)


def report(name):
    """A hook that says what a layer hands on."""

    def hook(layer, given, returned):
        y = returned.detach()
        print("{}: mean {:.4f}, {} of {} are 0".format(name, y.double().mean(), (y == 0).sum(), y.numel()))

    return hook


for name, layer in model.named_children():
    layer.register_forward_hook(report(name))

for mode in ["eval", "train"]:
    print("in {}()".format(mode))
    model.train(mode == "train")
    try:
        model(x)
    except (RuntimeError, ValueError, IndexError) as error:  # a layer that does not fit, a batch of one
        print("{}: {}".format(type(error).__name__, error))
