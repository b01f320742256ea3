"""The program of one update, run by itself, prints the page's lines digit for digit."""

import ast
import subprocess
import sys

from core.optimizers.contestants import PLANE
from core.optimizers.hyperparameters import hyperparameters_of
from core.optimizers.settings import OptimizersLook, RaceSettings, SurfaceSettings
from core.optimizers.update import opening, walk
from core.optimizers.update_program import lines, program
from core.program import source

SEVERAL = """
import runpy, sys
for path in sys.argv[1:]:
    runpy.run_path(path, run_name="__main__")
    print("END")
"""


def test_the_programs_print_the_steps_on_the_page(tmp_path):
    look, race = OptimizersLook(), RaceSettings()
    usual = walk(SurfaceSettings(), hyperparameters_of(look.follow)(lr=race.lr), race.steps)
    assert ast.dump(ast.parse(program(usual, opening(usual)))) == ast.dump(ast.parse(source("optimizers_update")))
    cases = [(usual, opening(usual)), (usual, race.steps - 1)]
    ground = SurfaceSettings(surface="ackley", x=-3.3, y=2.7)
    cases += [(walk(ground, hyperparameters_of(name)(lr=0.1), 7), 4) for name in PLANE]
    typed = SurfaceSettings(surface="typed", text="pi*x^2 + abs(y) + sin(2)", x=1.0, y=0.3)
    wolfe = hyperparameters_of("LBFGS")(lr=0.5, line_search_fn="strong_wolfe", max_iter=4)
    cases += [(walk(typed, wolfe, 3), 0), (walk(SurfaceSettings(surface="typed", text="2 - 3"), wolfe, 3), 1)]
    cases += [(walk(ground, hyperparameters_of("Adam")(amsgrad=True, weight_decay=0.1, beta1=0.5), 7), 6)]
    for number, (run, at) in enumerate(cases):
        (tmp_path / f"program_{number}.py").write_text(program(run, at))
    command = [sys.executable, "-c", SEVERAL, *(str(tmp_path / f"program_{i}.py") for i in range(len(cases)))]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert finished.returncode == 0, finished.stderr
    found = [part.strip("\n").splitlines() for part in finished.stdout.split("END\n")[:-1]]
    for (run, at), printed in zip(cases, found, strict=True):
        assert printed == lines(run, at), run.entry
