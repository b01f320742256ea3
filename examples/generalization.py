"""Polynomials of every degree through the same noisy points, tested on new points.

Run it with:  python generalization.py
"""

import torch

N_SAMPLES = 15
NOISE = 0.3
SEED = 0
DEGREE = 3
N_HOLDOUT = 100

torch.set_num_threads(1)  # the same order of additions on any number of cores
generator = torch.Generator().manual_seed(SEED)


def true_curve(x):
    return torch.sin(1.5 * torch.pi * x)


def uniform(n):
    return torch.rand(n, generator=generator, dtype=torch.float64)


def noise(n):
    return NOISE * torch.randn(n, generator=generator, dtype=torch.float64)


x = 2 * (torch.arange(N_SAMPLES) + uniform(N_SAMPLES)) / N_SAMPLES - 1  # one point in each of n equal parts of -1 to 1
y = true_curve(x) + noise(N_SAMPLES)
x_holdout = 2 * uniform(N_HOLDOUT) - 1
y_holdout = true_curve(x_holdout) + noise(N_HOLDOUT)


def basis(x, degree):  # Chebyshev polynomials: the same curves as the powers of x, but far enough from each other
    return torch.cos(torch.arange(degree + 1) * torch.acos(x)[:, None])


train_error, holdout_error = [], []
for degree in range(N_SAMPLES):
    coefficients = torch.linalg.lstsq(basis(x, degree), y[:, None], driver="gels").solution[:, 0]
    train_error.append((basis(x, degree) @ coefficients - y).square().mean())
    holdout_error.append((basis(x_holdout, degree) @ coefficients - y_holdout).square().mean())

text = "{}: degree {}, training error {:.4f}, holdout error {:.4f}"
errors = torch.stack(holdout_error)
best = int(torch.where(errors < 1e-20, 0.0, errors).argmin())  # below that it is rounding
for name, degree in (("chosen", DEGREE), ("best on new points", best), ("through every point", N_SAMPLES - 1)):
    print(text.format(name, degree, train_error[degree], holdout_error[degree]))
