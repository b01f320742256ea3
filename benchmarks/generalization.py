"""Polynomials fitted to 200 data sets at once, against the same fits one at a time.

Baseline: `fit_one_by_one` in `core`, a call of `torch.linalg.lstsq` for each data set and degree. Contestant: `fit`, a
call for each degree. Goals: the same coefficients, and all 200 data sets of 15 points with their 15 degrees within
0.5 s, the drawing of the points and the parts of the error included.
"""

import torch
from torch import Generator

from benchmarks.report import goal, medians, ms, s, table, times
from core.generalization.bias_variance import decompose
from core.generalization.double_descent import descend
from core.generalization.polynomials import N_SETS, draw_training, fit, fit_one_by_one
from core.generalization.settings import CurveSettings, DoubleSettings

REPETITIONS = 5
LONGEST = 0.5  # seconds
DEGREES = range(15)


def main() -> bool:
    settings = CurveSettings()
    x, y = draw_training(settings, N_SETS, settings.n_samples, Generator().manual_seed(0))
    same = all(torch.allclose(fit(x, y, d), fit_one_by_one(x, y, d), rtol=1e-6, atol=1e-6) for d in DEGREES)
    took = medians(
        REPETITIONS,
        {
            "single": lambda: [fit_one_by_one(x, y, degree) for degree in DEGREES],
            "batch": lambda: [fit(x, y, degree) for degree in DEGREES],
            "parts": lambda: decompose.__wrapped__(settings),
            "descent": lambda: descend.__wrapped__(DoubleSettings()),
        },
    )
    rows = [
        ("one fit at a time (baseline)", s(took["single"]), times(1)),
        ("a batch for each degree", ms(took["batch"]), times(took["single"] / took["batch"])),
        ("with points, bias, variance and measured error", ms(took["parts"]), times(took["single"] / took["parts"])),
        ("double descent: 200 data sets, 21 numbers of features", ms(took["descent"]), ""),
    ]
    table(f"{N_SETS} data sets, {len(DEGREES)} degrees, median of {REPETITIONS}", ("", "processor time", "speed"), rows)
    met = goal("the same coefficients", same)
    met &= goal(f"200 data sets and 15 degrees within {LONGEST:g} s", took["parts"] < LONGEST)
    return met & goal(f"double descent within {LONGEST:g} s", took["descent"] < LONGEST)
