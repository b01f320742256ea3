"""A deep network with fresh weights: how much of the inputs reaches each layer, and how much of an error comes back.

Run it with:  python activation_functions_depth.py
"""

import math

import torch
import torch.nn as nn

torch.set_num_threads(1)  # the same order of additions on any number of cores

DEPTH = 20
WIDTH = 32
SEED = 0
f = nn.ReLU()

generator = torch.Generator().manual_seed(SEED)
X = torch.randn(32, WIDTH, generator=generator, dtype=torch.float64)  # 32 inputs
u = torch.randn(32, WIDTH, generator=generator, dtype=torch.float64)  # the error that is sent back from the last layer


def make_layer():
    layer = nn.Linear(WIDTH, WIDTH, dtype=torch.float64)
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    nn.init.uniform_(layer.bias, -1 / math.sqrt(WIDTH), 1 / math.sqrt(WIDTH), generator=generator)
    return layer


sums, outputs = [], []
a = X
for _ in range(DEPTH):
    z = make_layer()(a)
    z.retain_grad()  # keep dL/dz, which autograd would throw away
    a = f(z)
    sums.append(z)
    outputs.append(a)
(a * u).sum().backward()  # the derivative of this L by the last outputs is u


def rms(values):
    return values.square().mean().sqrt()


for i, (z, a) in enumerate(zip(sums, outputs, strict=True), start=1):
    inner = z.detach().requires_grad_()
    (slope,) = torch.autograd.grad(f(inner).sum(), inner)
    dead = (slope == 0).all(dim=0).double().mean()
    spread = rms(a.std(dim=0))
    print("layer {}: spread {:.4g}, error {:.4g}, dead units {:.1%}".format(i, spread, rms(z.grad), dead))
