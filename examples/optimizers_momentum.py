"""Learning rate x momentum: 2,304 runs of SGD on one surface, and the line that theory draws.

Run it with:  python optimizers_momentum.py
"""

import torch

START = [1.2, 1.2]
NESTEROV = False
CURVATURE = 48.97978635347775  # the largest at the minimum; None where there is none, and no theory
LOWEST = -1e-09  # what is lower is below every minimum, but for rounding
LOWEST_OCTAVE = -10
COLUMN = 32
ROW = 38
SIDE, STEPS = 48, 200


def f(x, y):
    """The height of the ground at (x, y)."""
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


start = torch.tensor(START, dtype=torch.float64)
scale = torch.tensor([[2.0 ** (LOWEST_OCTAVE + i)] for i in range(8)], dtype=torch.float64)
bases = [2 ** ((i + 0.5) / 6) for i in range(6)]
lr = (scale * torch.tensor(bases, dtype=torch.float64)).flatten()
momentum = torch.linspace(0.0, 0.99, SIDE, dtype=torch.float64)

# With x = s u and the gradient with respect to x, a step of lr = base on u is a step of lr = s base on x.
u = [[(start / scale).requires_grad_() for _ in bases] for _ in momentum]
groups = [
    {"params": [part], "lr": base, "momentum": b, "nesterov": NESTEROV and b > 0}
    for row, b in zip(u, momentum.tolist(), strict=True)
    for part, base in zip(row, bases, strict=True)
]
optimizer = torch.optim.SGD(groups, lr=1.0)
finite = torch.ones(SIDE, 8, 6, dtype=torch.bool)
x = start.clone().requires_grad_()  # the chosen cell by itself
b = momentum[ROW].item()
single = torch.optim.SGD([x], lr=lr[COLUMN].item(), momentum=b, nesterov=NESTEROV and b > 0)
end = None
for step in range(STEPS + 1):
    p = torch.stack([torch.stack([scale * part.detach() for part in row], dim=1) for row in u]).requires_grad_()
    height = f(p[..., 0], p[..., 1])  # momenta x scales x bases
    height.sum().backward()
    finite &= torch.isfinite(height) & (torch.isfinite(p) & torch.isfinite(p.grad)).all(dim=-1)
    single.zero_grad()
    loss = f(x[0], x[1])
    loss.backward()
    if end is None and not torch.isfinite(torch.cat([x.detach(), loss.detach()[None], x.grad])).all():
        end = "diverged at step {}".format(step)
    if step < STEPS:
        for i, row in enumerate(u):
            for j, part in enumerate(row):
                part.grad = p.grad[i, :, j].clone()
        optimizer.step()
        single.step()

came_down = finite & (height < f(start[0], start[1]))
print("ended lower than they began: {} of {}".format(came_down.sum(), came_down.numel()))
if CURVATURE is not None:
    fell = finite & (height < LOWEST)
    limit = ((2 + 2 * momentum) / (1 + 2 * momentum) if NESTEROV else 2 * (1 + momentum)) / CURVATURE
    stays = (lr < limit[:, None]).reshape(finite.shape)
    print("of these below every minimum: {}".format((came_down & fell).sum()))
    print("as theory says: {}".format((stays == (came_down & ~fell)).sum()))
end = end or "f = {:.6g} after {} steps".format(loss, STEPS)
print("lr = {:.6g}, momentum = {:.6g}: {}".format(lr[COLUMN], b, end))
