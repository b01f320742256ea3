"""A gated unit: a value a, and a gate that decides how much of it passes; its two slopes by autograd and by formula.

Run it with:  python activation_functions_gated.py
"""

import torch
import torch.nn as nn

A = 2.0
G = -3.0
gate = nn.Sigmoid()  # GLU; SwiGLU has nn.SiLU(), GEGLU nn.GELU()

a = torch.tensor(A, dtype=torch.float64, requires_grad=True)
g = torch.tensor(G, dtype=torch.float64, requires_grad=True)
output = a * gate(g)
output.backward()
print("gate {:.6f}, output {:.6f}".format(gate(g).item(), output.item()))
print("slope by a {:.6f}, by g {:.6f}".format(a.grad.item(), g.grad.item()))

with torch.no_grad():
    s = torch.sigmoid(g)
    gate_slope = s * (1 - s)
    print("by formula {:.6f}, {:.6f}".format(gate(g).item(), (a * gate_slope).item()))
    print("nn.GLU makes of a and g {:.6f}".format(nn.GLU()(torch.stack([a, g])).item()))
