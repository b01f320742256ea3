"""Learning rate x momentum: 2,304 runs of SGD on one bowl, and the line that theory draws.

Run it with:  python gradient_descent_momentum.py
"""

import torch

CONDITION = 10.0
NESTEROV = False
SIDE, STEPS = 48, 200

curvature = torch.tensor([1 / CONDITION, 1.0], dtype=torch.float64)
start = torch.tensor([-3.5, 2.0], dtype=torch.float64)
lr = (torch.arange(SIDE, dtype=torch.float64) + 0.5) * 4.4 / SIDE
momentum = torch.linspace(0.0, 0.99, SIDE, dtype=torch.float64)

root = lr.sqrt()[:, None]
u = [(start / root).requires_grad_() for _ in range(SIDE)]  # one tensor for each momentum, one row for each lr
groups = [
    {"params": [part], "momentum": b, "nesterov": NESTEROV and b > 0}
    for part, b in zip(u, momentum.tolist(), strict=True)
]
optimizer = torch.optim.SGD(groups, lr=1.0)
for _ in range(STEPS):
    optimizer.zero_grad()
    p = root * torch.stack(u)
    (curvature * p**2 / 2).sum().backward()
    optimizer.step()

p = (root * torch.stack(u)).detach()
loss, first = (curvature * p**2 / 2).sum(dim=-1), (curvature * start**2 / 2).sum()
limit = (2 + 2 * momentum) / (1 + 2 * momentum) if NESTEROV else 2 * (1 + momentum)
stays = lr[None, :] < limit[:, None]
print("ended lower than they began: {} of {}".format((loss < first).sum(), loss.numel()))
print("as theory says: {}".format((stays == (loss < first)).sum()))
