"""One training step of a small network: forward, backward, update, and forward again.

Run it with:  python backpropagation_network.py
"""

import torch
import torch.nn as nn

# The numbers of https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/
WEIGHTS = [[[0.15, 0.2], [0.25, 0.3]], [[0.4, 0.45], [0.5, 0.55]]]
BIASES = [[0.35, 0.35], [0.6, 0.6]]
INPUTS = [0.05, 0.1]
TARGETS = [0.01, 0.99]
LR = 0.5
TRAIN_BIASES = False


def make_model():
    layers = []
    for weight, bias in zip(WEIGHTS, BIASES, strict=True):
        linear = nn.Linear(len(weight[0]), len(weight), dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(weight, dtype=torch.float64))
            linear.bias.copy_(torch.tensor(bias, dtype=torch.float64))
        layers += [linear, nn.Sigmoid()]
    return nn.Sequential(*layers)


def error(model):
    inputs, targets = (torch.tensor(values, dtype=torch.float64) for values in (INPUTS, TARGETS))
    return ((targets - model(inputs)) ** 2).sum() / 2


model = make_model()
named = dict(model.named_parameters())
trained = [parameter for name, parameter in named.items() if TRAIN_BIASES or name.endswith("weight")]
optimizer = torch.optim.SGD(trained, lr=LR)

E = error(model)
print("E before: {:.9f}".format(E.item()))
E.backward()
before = {name: parameter.detach().clone() for name, parameter in named.items()}
optimizer.step()
counts = {"w": 0, "b": 0}
for name, parameter in named.items():
    letter = "w" if name.endswith("weight") else "b"
    rows = zip(before[name].flatten(), parameter.grad.flatten(), parameter.flatten(), strict=True)
    for old, gradient, new in rows:
        counts[letter] += 1
        told = (letter, counts[letter], old.item(), gradient.item(), new.item())
        print("{}{}: {:.7f}, gradient {:.7f}, after {:.7f}".format(*told))
print("E after: {:.9f}".format(error(model).item()))
