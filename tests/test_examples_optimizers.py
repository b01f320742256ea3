"""The program of the race, run by itself, prints the page's lines to the last digit."""

import subprocess
import sys

import pytest

from core.optimizers.contestants import FOURTEEN, PLANE
from core.optimizers.hyperparameters import hyperparameters_of
from core.optimizers.program import lines, program
from core.optimizers.race import race
from core.optimizers.settings import SurfaceSettings

SEVERAL = """
import runpy, sys
for path in sys.argv[1:]:
    runpy.run_path(path, run_name="__main__")
    print("END")
"""


def entries(names, **values):
    return tuple(hyperparameters_of(name)(**values) for name in names)


@pytest.fixture(scope="module")
def races():
    changed = hyperparameters_of("Adam")(lr=0.05, beta1=0.8, amsgrad=True, weight_decay=0.1)
    return [
        race(SurfaceSettings(), entries(FOURTEEN, lr=0.01), 40),
        race(SurfaceSettings(surface="ackley", x=-3.3, y=2.7), entries(PLANE), 25),
        race(SurfaceSettings(surface="three_hump", x=-2.5, y=2.5), (changed, *entries(["SGD"], lr=0.5)), 60),
        race(SurfaceSettings(surface="typed", text="sqrt(x) + pi*y^2", x=1.0, y=-1.0), entries(["SGD"], lr=0.9), 30),
        race(SurfaceSettings(surface="typed", text="2*e"), entries(["Adam", "LBFGS"]), 3),
    ]


def test_the_programs_print_the_races_on_the_page(tmp_path, races):
    paths = [tmp_path / f"race_{i}.py" for i in range(len(races))]
    for path, found in zip(paths, races, strict=True):
        path.write_text(program(found))
    command = [sys.executable, "-c", SEVERAL, *map(str, paths)]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert finished.returncode == 0, finished.stderr
    printed = [part.strip("\n").splitlines() for part in finished.stdout.split("END\n")[:-1]]
    assert printed == [lines(found) for found in races]
    assert any("lost after" in line for found in printed for line in found)


def test_the_settings_are_written_in(races):
    text = program(races[2])
    assert (
        '("Adam", torch.optim.Adam, {"lr": 0.05, "betas": (0.8, 0.999), "weight_decay": 0.1, "amsgrad": True})' in text
    )
    assert "START = [-2.5, 2.5]" in text
    assert "STEPS = 60" in text
