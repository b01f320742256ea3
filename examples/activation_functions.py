"""Activation functions and their slopes by autograd, where a neuron's sum is z.

Run it with:  python activation_functions.py
"""

import torch
import torch.nn as nn

Z = -2.0
CURVATURE = False  # the second derivative, too
CORNERS = [0.0]  # of the first function: where its slope or its value jumps
FUNCTIONS = {
    "ReLU": nn.ReLU(),
}


def derivative(values, z):
    if not values.requires_grad:  # a constant
        return torch.zeros_like(z)
    return torch.autograd.grad(values.sum(), z, create_graph=True)[0]


for name, f in FUNCTIONS.items():
    z = torch.tensor(Z, dtype=torch.float64, requires_grad=True)
    value = f(z)
    slope = derivative(value, z)
    print("{}({:g}) = {:.6g}, slope {:.6g}".format(name, Z, value, slope))
    if CURVATURE:
        try:
            print("second derivative {:.6g}".format(derivative(slope, z)))
        except RuntimeError:  # torch has no formula for it
            print("torch has no second derivative of it")
    axis = torch.linspace(-6, 6, 2401, dtype=torch.float64, requires_grad=True)
    flat = derivative(f(axis), axis).abs() < 0.05
    print("saturated (slope below 0.05) on {:.1%} of the axis from -6 to 6".format(flat.double().mean()))

f = next(iter(FUNCTIONS.values()))
for corner in CORNERS:
    z = torch.tensor(corner, dtype=torch.float64, requires_grad=True)
    print("at its corner z = {:g} autograd returns the slope {:.6g}".format(corner, derivative(f(z), z)))
