"""The programs of gradient descent, run by themselves, print the page's numbers digit for digit."""

import subprocess
import sys

from programs import printed

from core.gradient_descent.bowl import four, roll
from core.gradient_descent.descend import descend
from core.gradient_descent.momentum_map import momentum_map
from core.gradient_descent.program import (
    bowl_lines,
    bowl_program,
    lines,
    map_lines,
    map_program,
    program,
    rates_lines,
    rates_program,
    regression_lines,
    regression_program,
)
from core.gradient_descent.rates import sweep_rates
from core.gradient_descent.regression import fit
from core.gradient_descent.settings import (
    BowlSettings,
    CompareSettings,
    DescentSettings,
    MapSettings,
    RateSettings,
    RegressionSettings,
)
from core.program import EXAMPLES, source

TYPED = "exp(-x^2) + 0.1*x^2 - e"


def test_the_first_example_runs_by_itself_and_prints_the_page_s_numbers():
    command = [sys.executable, "gradient_descent.py"]
    finished = subprocess.run(command, cwd=EXAMPLES, capture_output=True, text=True, timeout=100, check=True)
    assert finished.stdout.splitlines() == lines(descend(DescentSettings()))


def examples():
    """The examples as they stand, each with the lines of the page's defaults."""
    expected = {
        "bowl": bowl_lines([roll(BowlSettings())]),
        "rates": rates_lines(sweep_rates(DescentSettings(), RateSettings())),
        "map": map_lines(momentum_map(MapSettings())),
        "regression": regression_lines(fit(RegressionSettings())),
    }
    return [(source(f"gradient_descent_{name}"), lines) for name, lines in expected.items()]


def test_the_programs_print_the_runs_on_the_page():
    curves = [
        DescentSettings(curve="quartic", lr=0.5, start=1.25, steps=100),
        DescentSettings(curve="plateau", lr=0.5, start=1.0),
        DescentSettings(curve="typed", text=TYPED, lr=0.4, start=0.25, steps=9),
        DescentSettings(curve="typed", text="sin(2) - 3", steps=2),
    ]
    bowls = [
        list(four(CompareSettings(momentum=0.5, condition=30.0)).values()),
        [roll(BowlSettings(surface="typed", text="pi*x^2 + abs(y)", lr=0.1, momentum=0.9))],
        [roll(BowlSettings(angle=30, lr=3.0, steps=200))],
    ]
    lined = [
        RegressionSettings(batch="some", feature="bp", scale="standard", lr=0.1, updates=33, seed=4),
        RegressionSettings(batch="one", scale="own", lr=0.1),
    ]
    sweep = sweep_rates(DescentSettings(curve="typed", text=TYPED, start=2.0), RateSettings(steps=7))
    nesterov = MapSettings(condition=3.0, nesterov=True)
    cases = [*examples(), *((program(descend(case)), lines(descend(case))) for case in curves)]
    cases += [(bowl_program(runs), bowl_lines(runs)) for runs in bowls]
    cases += [(regression_program(fit(case)), regression_lines(fit(case))) for case in lined]
    cases += [(rates_program(sweep), rates_lines(sweep)), (map_program(nesterov), map_lines(momentum_map(nesterov)))]
    found = printed(text for text, _ in cases)
    for number, (_, expected) in enumerate(cases):
        assert found[number] == expected, f"program {number}"
