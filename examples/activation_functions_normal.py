"""What an activation function makes of normal sums: mean, variance, and the shares that learn nothing.

Run it with:  python activation_functions_normal.py
"""

import torch
import torch.nn as nn

torch.set_num_threads(1)  # the same order of additions on any number of cores

MEAN = 0.0
STD = 1.0
CORNERS = [0.0]  # where the slope of f or its value jumps
f = nn.ReLU()

# The integral over all sums by the midpoint rule: 380,000 cells, from 38 standard deviations below to 38 above.
cuts = (torch.tensor(CORNERS, dtype=torch.float64) - MEAN) / STD  # a cell with a corner in it is cut there
edges = torch.cat([torch.linspace(-38, 38, 380_001, dtype=torch.float64), cuts]).clamp(-38, 38).sort().values
t = (edges[1:] + edges[:-1]) / 2
weights = (-t * t / 2).exp() * edges.diff() / (2 * torch.pi) ** 0.5
z = (MEAN + STD * t).requires_grad_()
values = f(z)
(slopes,) = torch.autograd.grad(values.sum(), z)

mean, mean_square = (weights * values).sum(), (weights * values * values).sum()
mean = mean * (mean.abs() > 1e-9 * mean_square.sqrt()) + 0.0  # a smaller one is the rule's own error
variance = (weights * (values - mean) ** 2).sum()
variance = variance * (variance > 1e-24 * mean_square)
print("mean of the outputs {:.5g}, of their squares {:.5g}".format(mean, mean_square))
print("variance {:.5g}".format(variance))
print("output or slope exactly 0 for {:.2%} of the sums".format(weights[(values == 0) | (slopes == 0)].sum()))
print("saturated (slope below 0.05) for {:.2%}".format(weights[slopes.abs() < 0.05].sum()))
print("gain that keeps the size of the sums {:.5g}".format(STD / mean_square.sqrt()))
