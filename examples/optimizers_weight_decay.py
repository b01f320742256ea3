"""Weight decay through the gradient (SGD, Adam) and beside the step (AdamW): where each of them ends."""

import torch

START = [1.2, 1.2]
STEPS = 2000
SGD = {"lr": 0.01, "weight_decay": 0.2}
ADAM = {"lr": 0.01, "weight_decay": 0.2}
ADAMW = {"lr": 0.01, "weight_decay": 0.2}
MINIMUM = [3.0, 0.5]  # of f alone, found by Newton's method
WAY = 40  # steps on the way from no weight decay to the whole


def f(x, y):
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def run(optimizer_class, hyperparameters):
    """Where an optimizer ends, or after how many steps a number is no longer finite."""
    p = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = optimizer_class([p], **hyperparameters)
    for step in range(STEPS + 1):
        optimizer.zero_grad()
        value = f(p[0], p[1])
        value.backward()
        if not torch.isfinite(torch.cat([p.detach(), value.detach()[None], p.grad])).all():
            return f"diverged after {step} steps"
        if step < STEPS:
            optimizer.step()
    return f"after {STEPS} steps (x, y) = {p.tolist()}"


def moved_minimum(p, weight_decay):
    """The minimum of f + weight_decay/2 * |p|^2, followed by Newton's method while the weight decay grows."""

    def penalised(q, decay):
        return f(q[0], q[1]) + decay / 2 * (q**2).sum()

    for share in torch.linspace(0, 1, WAY + 1, dtype=torch.float64) ** 2:
        decay = share.item() * weight_decay
        for _ in range(12):
            slope = torch.autograd.functional.jacobian(lambda q, d=decay: penalised(q, d), p)
            curvature = torch.autograd.functional.hessian(lambda q, d=decay: penalised(q, d), p)
            p = p - torch.linalg.pinv(curvature) @ slope
    return [round(value, 6) + 0.0 for value in p.tolist()]


print("SGD:", run(torch.optim.SGD, SGD))
print("Adam:", run(torch.optim.Adam, ADAM))
print("AdamW:", run(torch.optim.AdamW, ADAMW))
if MINIMUM:
    moved = moved_minimum(torch.tensor(MINIMUM, dtype=torch.float64), SGD["weight_decay"])
    print("the minimum of f:", MINIMUM)
    print("with weight decay through the gradient:", moved)
