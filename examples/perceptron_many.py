"""A thousand random problems, all learned at once by Rosenblatt's rule, and Novikoff's bound checked on each.

Run it with:  python perceptron_many.py
"""

import torch

N_PROBLEMS = 1000
N_SAMPLES = 50
DIMENSIONS = 2
SEED = 0

torch.set_num_threads(1)  # the same order of additions on any number of cores
generator = torch.Generator().manual_seed(SEED)


def normal(*shape):
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def uniform(*shape):
    return torch.rand(*shape, generator=generator, dtype=torch.float64)


# Every problem: a direction u, a margin g, and samples in the unit ball at least g away from the plane of u.
u = torch.nn.functional.normalize(normal(N_PROBLEMS, DIMENSIONS), dim=1)
g = 0.03 * 20 ** uniform(N_PROBLEMS, 1)
x = torch.nn.functional.normalize(normal(N_PROBLEMS, N_SAMPLES, DIMENSIONS), dim=2)
x = x * uniform(N_PROBLEMS, N_SAMPLES, 1) ** (1 / DIMENSIONS)
side = torch.einsum("pnd,pd->pn", x, u)
y = torch.where(side >= 0, 1.0, -1.0).to(torch.float64)
x = x + (y * (g - side.abs()).clamp_min(0))[..., None] * u[:, None]
x = x / x.norm(dim=2).amax(dim=1).clamp_min(1)[:, None, None]
yx = (y[..., None] * x * 2**20).round() / 2**20  # multiples of 2^-20: sums are exact in any order

gamma = torch.einsum("pnd,pd->pn", yx, u).amin(dim=1)
R = yx.norm(dim=2).amax(dim=1)

# One round is one update of every problem that still has a wrong sample: the first one after the last update.
w = torch.zeros(N_PROBLEMS, DIMENSIONS, dtype=torch.float64)
after = torch.zeros(N_PROBLEMS, dtype=torch.int64)
mistakes = torch.zeros(N_PROBLEMS, dtype=torch.int64)
places, problems = torch.arange(N_SAMPLES), torch.arange(N_PROBLEMS)
while True:
    wrong = torch.bmm(yx, w[:, :, None])[:, :, 0] <= 0
    distance = torch.where(wrong, (places - after[:, None]) % N_SAMPLES, N_SAMPLES).amin(dim=1)
    going = distance < N_SAMPLES
    if not going.any():
        break
    place = (after + distance) % N_SAMPLES
    w = w + going[:, None] * yx[problems, place]
    mistakes += going
    after = torch.where(going, (place + 1) % N_SAMPLES, after)

bound = (R / gamma) ** 2
print("{} problems, {} mistakes in all, at most {} in one".format(N_PROBLEMS, mistakes.sum(), mistakes.max()))
print("above the bound: {}; nearest to it: {:.4f} of it".format((mistakes > bound).sum(), (mistakes / bound).max()))
