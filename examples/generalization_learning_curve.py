"""Errors against the number of training points: 200 data sets of each size, fitted at once.

Run it with:  python generalization_learning_curve.py
"""

import torch

N_SETS = 200
DEGREE = 3
NOISE = 0.3
SEED = 0
N_HOLDOUT = 200

torch.set_num_threads(1)  # the same order of additions on any number of cores


def true_curve(x):
    return torch.sin(1.5 * torch.pi * x)


def basis(x):  # Chebyshev polynomials: the same curves as the powers of x, but far enough from each other
    return torch.cos(torch.arange(DEGREE + 1) * torch.acos(x)[..., None])


sizes = (2, 3, 4, 6, 8, 10, 12, 15, 20, 25, 30, 40, 60, 80, 120, 160, 240, 320)
for n in (DEGREE + 1, *(n for n in sizes if n > DEGREE + 1)):  # from as many points as coefficients on
    generator = torch.Generator().manual_seed(1000 * SEED + n)
    u = torch.rand(N_SETS, n, generator=generator, dtype=torch.float64)
    x = 2 * (torch.arange(n) + u) / n - 1  # one point in each of n equal parts of -1 to 1
    y = true_curve(x) + NOISE * torch.randn(N_SETS, n, generator=generator, dtype=torch.float64)
    x_holdout = 2 * torch.rand(N_HOLDOUT, generator=generator, dtype=torch.float64) - 1
    noise = NOISE * torch.randn(N_SETS, N_HOLDOUT, generator=generator, dtype=torch.float64)

    coefficients = torch.linalg.lstsq(basis(x), y[..., None], driver="gels").solution
    train_error = ((basis(x) @ coefficients)[..., 0] - y).square().mean(dim=1)
    fits = coefficients[..., 0] @ basis(x_holdout).T
    holdout_error = (fits - true_curve(x_holdout) - noise).square().mean(dim=1)
    text = "n = {}: training error {:.4f}, holdout error {:.4f}"
    print(text.format(n, train_error.median(), holdout_error.median()))
