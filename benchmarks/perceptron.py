"""A thousand perceptrons as one batch of tensors, against the same thousand one by one.

Baseline: `mistakes_one_by_one` in `core`, one problem after the other, each with the quick search of a single run.
Contestant: `mistakes_of`, all problems at once. Both must make the same mistakes, problem by problem. Goals: the same
mistakes, and the batch, the making of the problems included, within 1 s.
"""

from functools import partial

import torch

from benchmarks.report import goal, medians, ms, s, table, times
from core.perceptron.many import N_PROBLEMS, make_problems, mistakes_of, mistakes_one_by_one
from core.perceptron.settings import ManySettings

REPETITIONS = 5
LONGEST = 1.0  # seconds
SIZES = (ManySettings(), ManySettings(dimensions=20, n_samples=100))


def main() -> bool:
    met = True
    rows = []
    for settings in SIZES:
        yx, _ = make_problems(settings)
        same = torch.equal(mistakes_of(yx), mistakes_one_by_one(yx))
        took = medians(
            REPETITIONS,
            {
                "single": partial(mistakes_one_by_one, yx),
                "batch": partial(mistakes_of, yx),
                "making": partial(make_problems, settings),
            },
        )
        name = f"{settings.n_samples} samples of {settings.dimensions} numbers"
        rows += [
            (f"{name}: one by one (baseline)", s(took["single"]), times(1)),
            (f"{name}: one batch", ms(took["batch"]), times(took["single"] / took["batch"])),
        ]
        met &= goal(f"{name}: the same mistakes in every problem", same)
        met &= goal(f"{name}: problems and batch within {LONGEST:g} s", took["batch"] + took["making"] < LONGEST)
    table(f"{N_PROBLEMS:,} perceptrons, median of {REPETITIONS}", ("", "processor time", "speed"), rows)
    return met
