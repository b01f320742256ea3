"""The program of the view on schedules, run by itself, prints the page's numbers digit for digit."""

import subprocess
import sys

from core.optimizers.ensembles import compare
from core.optimizers.hyperparameters import hyperparameters_of
from core.optimizers.schedules import ScheduleSettings
from core.optimizers.schedules_program import schedules_lines, schedules_program
from core.optimizers.settings import SurfaceSettings
from core.program import EXAMPLES

SEVERAL = """
import runpy, sys, warnings
warnings.simplefilter("error")
for path in sys.argv[1:]:
    runpy.run_path(path, run_name="__main__")
    print("END")
"""
BOOTH, TYPED = SurfaceSettings(surface="booth"), SurfaceSettings(surface="typed", text="x^2 + pi*abs(y)")
CASES = [
    (SurfaceSettings(), {}, ScheduleSettings()),
    (SurfaceSettings(surface="ackley"), {"beta1": 0.8}, ScheduleSettings("Adam", "plateau", steps=80)),
    (TYPED, {}, ScheduleSettings("Rprop", "warmup", steps=60, seed=5)),
    (SurfaceSettings(surface="typed", text="2"), {}, ScheduleSettings("SGD", "onecycle", steps=33, lr=0.3)),
    (SurfaceSettings(surface="rosenbrock"), {}, ScheduleSettings("Nesterov", "multistep", lr=1.0, steps=20)),
    (BOOTH, {}, ScheduleSettings("NAdam", "restarts", noise=0.0, steps=20)),
    (BOOTH, {}, ScheduleSettings("ASGD", "cyclic", noise=50.0, steps=21)),
]


def test_the_programs_print_the_ensembles_on_the_page(tmp_path):
    expected = []
    for number, (surface, changes, settings) in enumerate(CASES):
        entry = hyperparameters_of(settings.optimizer)(**changes)
        found = compare(surface, entry, settings)[1]
        (tmp_path / f"{number}.py").write_text(schedules_program(surface, entry, found))
        expected.append(schedules_lines(found))
    as_it_stands = (EXAMPLES / "optimizers_schedules.py").read_text()
    assert (tmp_path / "0.py").read_text().replace("y ** ", "y**") == as_it_stands
    command = [sys.executable, "-c", SEVERAL, *(str(tmp_path / f"{number}.py") for number in range(len(CASES)))]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert finished.returncode == 0, finished.stderr
    printed = [part.strip("\n").splitlines() for part in finished.stdout.split("END\n")[:-1]]
    for number, lines in enumerate(expected):
        assert printed[number] == lines, f"program {number}"
