"""Many runs of gradient descent as one tensor program, against one run at a time.

Baseline: the recorded runs that the page shows, one after the other (`descend`, `cell_run`); of the map only one row,
which has 48 of its 2,304 runs. Against them: `descend_at`, 200 learning rates in one tensor, and `momentum_map`, the
whole map. Goals: the map within 1 s, and both at least ten times as fast for each run.
"""

from functools import partial

from benchmarks.report import goal, medians, ms, s, table, times
from core.gradient_descent.curve import descend
from core.gradient_descent.curves import function_of
from core.gradient_descent.lr_sweep import all_rates, descend_at
from core.gradient_descent.momentum import momentum_map, plan_of
from core.gradient_descent.settings import DescentSettings, MomentumSettings
from core.plane.momentum_map import SIDE, cell_run

REPETITIONS = 5
STEPS = 50
LONGEST = 1.0  # seconds, for the map
FASTER = 10


def _rates_one_by_one() -> None:
    for lr in all_rates().tolist():
        descend.__wrapped__(DescentSettings(lr=lr, steps=STEPS))


def _row_one_by_one() -> None:
    for column in range(SIDE):
        cell_run.__wrapped__(plan_of(MomentumSettings()), column, 20)


def main() -> bool:
    took = medians(
        REPETITIONS,
        {
            "rates": partial(descend_at, function_of("quadratic", ""), all_rates(), -3.0, STEPS),
            "rates single": _rates_one_by_one,
            "map": partial(momentum_map.__wrapped__, 10.0, False),
            "row single": _row_one_by_one,
        },
    )
    rates, cells = took["rates single"] / took["rates"], SIDE * took["row single"] / took["map"]
    rows = [
        (f"200 rates, {STEPS} steps: one by one (baseline)", s(took["rates single"]), times(1)),
        (f"200 rates, {STEPS} steps: one tensor", ms(took["rates"]), times(rates)),
        ("one row of the map, 48 runs: one by one (baseline)", s(took["row single"]), times(1)),
        ("all of the map, 2,304 runs: one optimizer", s(took["map"]), times(cells)),
    ]
    table(f"gradient descent, median of {REPETITIONS}", ("", "processor time", "speed for each run"), rows)
    met = goal(f"the map within {LONGEST:g} s", took["map"] < LONGEST)
    met &= goal(f"200 rates at least {FASTER} times as fast", rates > FASTER)
    return met & goal(f"a cell of the map at least {FASTER} times as fast", cells > FASTER)
