"""Saving the weights of a model and loading them into a fresh one. In PyTorch.

Run it with:  python neural_networks_weights.py
It needs:     pip install safetensors
"""

import torch
import torch.nn as nn
from safetensors.torch import load_file, save_file

SEED = 0

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


def make():
    return MLP(input_size=10)


def equal(one, other):
    return all(torch.equal(tensor, other[name]) for name, tensor in one.items())


model = make()
weights = model.state_dict()
other = make()  # draws other first weights
print("two fresh models are equal: {}".format(equal(weights, other.state_dict())))

# PyTorch's own way. The file is a pickle; weights_only=True reads nothing from it but tensors.
torch.save(weights, "weights.pt")
other.load_state_dict(torch.load("weights.pt", weights_only=True))
print("equal after torch.load: {}".format(equal(weights, other.state_dict())))

# safetensors holds plain numbers only, so a file of a stranger can be read; the page takes this one.
save_file(weights, "weights.safetensors")
other = make()
other.load_state_dict(load_file("weights.safetensors"))
print("equal after load_file: {}".format(equal(weights, other.state_dict())))

with open("weights.safetensors", "rb") as file:
    print("{} numbers in {} bytes".format(sum(t.numel() for t in weights.values()), len(file.read())))
