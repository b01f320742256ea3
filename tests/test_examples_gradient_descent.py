"""The programs of gradient descent, run by themselves, print the page's numbers digit for digit."""

import subprocess
import sys

import pytest

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
from core.program import EXAMPLES

TYPED = "exp(-x^2) + 0.1*x^2 - e"


def printed(path):
    """What the program prints, run as a reader runs it: in its own folder, in a process of its own."""
    finished = subprocess.run([sys.executable, path.name], cwd=path.parent, capture_output=True, text=True, timeout=100)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.splitlines()


def test_the_examples_as_they_stand_print_the_page_s_numbers():
    assert printed(EXAMPLES / "gradient_descent.py") == lines(descend(DescentSettings()))
    assert printed(EXAMPLES / "gradient_descent_bowl.py") == bowl_lines([roll(BowlSettings())])
    found = sweep_rates(DescentSettings(), RateSettings())
    assert printed(EXAMPLES / "gradient_descent_rates.py") == rates_lines(found)
    assert printed(EXAMPLES / "gradient_descent_map.py") == map_lines(momentum_map(MapSettings()))
    assert printed(EXAMPLES / "gradient_descent_regression.py") == regression_lines(fit(RegressionSettings()))


@pytest.mark.parametrize(
    "settings",
    [
        DescentSettings(curve="quartic", lr=0.5, start=1.25, steps=100),
        DescentSettings(curve="plateau", lr=0.5, start=1.0),
        DescentSettings(curve="typed", text=TYPED, lr=0.4, start=0.25, steps=9),
        DescentSettings(curve="typed", text="sin(2) - 3", steps=2),
    ],
    ids=["diverges", "plateau", "typed", "constant"],
)
def test_the_program_prints_the_run_on_the_page(settings, tmp_path):
    (tmp_path / "program.py").write_text(program(descend(settings)))
    assert printed(tmp_path / "program.py") == lines(descend(settings))


@pytest.mark.parametrize(
    "runs",
    [
        list(four(CompareSettings(momentum=0.5, condition=30.0)).values()),
        [roll(BowlSettings(surface="typed", text="pi*x^2 + abs(y)", lr=0.1, momentum=0.9))],
        [roll(BowlSettings(angle=30, lr=3.0, steps=200))],
    ],
    ids=["four", "typed", "turned"],
)
def test_the_program_of_a_bowl(runs, tmp_path):
    (tmp_path / "program.py").write_text(bowl_program(runs))
    assert printed(tmp_path / "program.py") == bowl_lines(runs)


def test_the_program_of_many_rates(tmp_path):
    found = sweep_rates(DescentSettings(curve="typed", text=TYPED, start=2.0), RateSettings(steps=7))
    (tmp_path / "program.py").write_text(rates_program(found))
    assert printed(tmp_path / "program.py") == rates_lines(found)


def test_the_program_of_the_map(tmp_path):
    settings = MapSettings(condition=3.0, nesterov=True)
    (tmp_path / "program.py").write_text(map_program(settings))
    assert printed(tmp_path / "program.py") == map_lines(momentum_map(settings))


@pytest.mark.parametrize(
    "settings",
    [
        RegressionSettings(batch="some", feature="bp", scale="standard", lr=0.1, updates=33, seed=4),
        RegressionSettings(batch="one", scale="own", lr=0.1),
    ],
    ids=["mini-batch", "diverges"],
)
def test_the_program_of_the_line(settings, tmp_path):
    (tmp_path / "program.py").write_text(regression_program(fit(settings)))
    assert printed(tmp_path / "program.py") == regression_lines(fit(settings))
