"""Five mistakes with modules, each beside the right way, with what came of both. In PyTorch.

Run it with:  python neural_networks_mistakes.py
"""

import torch
import torch.nn as nn

N_LAYERS = 3
CALLS = 5
P = 0.5
IN_FEATURES = 32


# 1. Layers in a plain list: the module does not find them, so no optimizer gets their parameters.
class Deep(nn.Module):
    def __init__(self, container):
        super().__init__()
        self.hidden_layers = container([nn.Linear(8, 8) for _ in range(N_LAYERS)])
        self.output_layer = nn.Linear(8, 1)


for way, container in (("right", nn.ModuleList), ("mistake", list)):
    print("plain_list, {}: {}".format(way, sum(p.numel() for p in Deep(container).parameters())))


# 2. Forgetting super().__init__(): there is no place yet to put a layer into.
class Right(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden_layer = nn.Linear(10, 64)
        self.output_layer = nn.Linear(64, 2)


class Wrong(nn.Module):
    def __init__(self):
        self.hidden_layer = nn.Linear(10, 64)
        self.output_layer = nn.Linear(64, 2)


print("no_super, right: {}".format(len(list(Right().children()))))
try:
    Wrong()
except AttributeError as error:
    print("no_super, mistake: {}: {}".format(type(error).__name__, error))


# 3. Calling model.forward(x): it computes the same, but runs no hooks.
model, heard = nn.ReLU(), []
model.register_forward_hook(lambda *_: heard.append(1))
for way, call in (("right", model), ("mistake", model.forward)):
    heard.clear()
    for _ in range(CALLS):
        call(torch.zeros(3))
    print("forward, {}: {}".format(way, len(heard)))


# 4. Forgetting eval(): dropout goes on drawing, so one input gets many answers.
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(10, 64), nn.Dropout(P), nn.Linear(64, 1))
x = torch.rand(10)
mistake = {model(x).item() for _ in range(CALLS)}
model.eval()
right = {model(x).item() for _ in range(CALLS)}
print("no_eval, right: {}".format(len(right)))
print("no_eval, mistake: {}".format(len(mistake)))


# 5. Wrong in_features: the layer before hands on 64 numbers.
ran = []
for way, in_features in (("right", 64), ("mistake", IN_FEATURES)):
    ran.clear()
    model = nn.Sequential(nn.Linear(10, 64), nn.ReLU(), nn.Linear(in_features, 2))
    for layer in model:
        layer.register_forward_hook(lambda *_: ran.append(1))
    try:
        model(torch.rand(10))
        print("in_features, {}: {}".format(way, len(ran)))
    except RuntimeError as error:
        print("in_features, {}: {} and {}: {}".format(way, len(ran), type(error).__name__, error))
