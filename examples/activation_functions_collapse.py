"""XOR with one hidden layer: without an activation, with a step, and with a curve.

Run it with:  python activation_functions_collapse.py
"""

import torch
import torch.nn as nn

torch.set_num_threads(1)

HIDDEN = 4
LR = 0.1
UPDATES = 100
SEED = 0

X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])  # 1 where the inputs differ


class Step(nn.Module):
    def forward(self, z):
        return z.relu().sign()  # 1 where z > 0, else 0; its derivative in torch is 0 everywhere


ACTIVATIONS = {
    "Identity": nn.Identity(),
    "Step": Step(),
    "Tanh": nn.Tanh(),
}
models = {}
for name, f in ACTIVATIONS.items():
    torch.manual_seed(SEED)  # all three begin with the same weights
    model = models[name] = nn.Sequential(nn.Linear(2, HIDDEN), f, nn.Linear(HIDDEN, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=LR)
    loss_function = nn.BCEWithLogitsLoss()
    largest = 0.0
    for _ in range(UPDATES):
        loss = loss_function(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        largest = max(largest, *(weight.grad.abs().max().item() for weight in model[0].parameters()))
        optimizer.step()
    right = ((model(X).sigmoid() - 0.5) * (2 * y - 1) > 0.01).sum()  # clearly right, by more than a hundredth
    print(
        "{}: {} of 4 right, loss {:.4f}, largest hidden gradient {:.6f}".format(
            name, right, loss_function(model(X), y).item(), largest
        )
    )

# Without an activation, two layers are one: W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2).
with torch.no_grad():
    first, _, last = models["Identity"].double()
    w, b = last.weight @ first.weight, last.weight @ first.bias + last.bias
    print("one layer instead of two: w = {:.6f}, {:.6f}, b = {:.6f}".format(*w[0], b.item()))
    points = 2 * torch.rand(1000, 2).double() - 0.5
    difference = (models["Identity"](points) - (points @ w.T + b)).abs().max()
    print("equal within a millionth: {}".format(bool(difference < 1e-6)))
