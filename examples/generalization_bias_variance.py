"""200 data sets of the same curve, polynomials fitted to all of them at once, and the parts of their error.

Run it with:  python generalization_bias_variance.py
"""

import torch

N_SETS = 200
N_SAMPLES = 15
NOISE = 0.3
SEED = 0
N_HOLDOUT = 500

torch.set_num_threads(1)  # the same order of additions on any number of cores
generator = torch.Generator().manual_seed(SEED)


def true_curve(x):
    return torch.sin(1.5 * torch.pi * x)


def uniform(*shape):
    return torch.rand(*shape, generator=generator, dtype=torch.float64)


def noise(*shape):
    return NOISE * torch.randn(*shape, generator=generator, dtype=torch.float64)


x = 2 * (torch.arange(N_SAMPLES) + uniform(N_SETS, N_SAMPLES)) / N_SAMPLES - 1  # one point in each of n equal parts
y = true_curve(x) + noise(N_SETS, N_SAMPLES)
x_holdout = 2 * uniform(N_HOLDOUT) - 1  # the same new places for all, with new noise for each
holdout_noise = noise(N_SETS, N_HOLDOUT)
truth = true_curve(x_holdout)


def basis(x, degree):  # Chebyshev polynomials: the same curves as the powers of x, but far enough from each other
    return torch.cos(torch.arange(degree + 1) * torch.acos(x)[..., None])


for degree in range(N_SAMPLES):
    coefficients = torch.linalg.lstsq(basis(x, degree), y[..., None], driver="gels").solution[..., 0]
    fits = coefficients @ basis(x_holdout, degree).T  # shape (data sets, new points)
    mean = fits.mean(dim=0)
    distance, variance = (mean - truth).square().mean(), fits.var(dim=0).mean()
    bias = (distance - variance / N_SETS).clamp_min(0)  # the mean of 200 fits is off by chance
    variance = (distance - bias) + variance * (1 - 1 / N_SETS)
    total = bias + variance + holdout_noise.square().mean()
    measured = (fits - truth - holdout_noise).square().mean()
    text = "degree {}: bias^2 {:.4f} + variance {:.4f} + noise = {:.4f}; measured {:.4f}"
    print(text.format(degree, bias, variance, total, measured))
