"""The program of the view on matrices, run by itself, prints the page's numbers digit for digit."""

import subprocess
import sys

from core.optimizers.hyperparameters import hyperparameters_of
from core.optimizers.matrix import MATRIX, MatrixSettings
from core.optimizers.matrix_program import matrix_lines, matrix_program
from core.optimizers.matrix_runs import contest
from core.program import EXAMPLES

SEVERAL = """
import runpy, sys, warnings
warnings.simplefilter("error")
for path in sys.argv[1:]:
    runpy.run_path(path, run_name="__main__")
    print("END")
"""
CASES = [
    (MatrixSettings(), {}),
    (MatrixSettings(contestants=MATRIX, steps=10, rule="own", condition=3.0, seed=7), {}),
    (
        MatrixSettings(contestants=("Adam", "Muon"), steps=20, falls=False),
        {"Muon": {"ns_steps": 1, "weight_decay": 0.0, "adjust_lr_fn": "match_rms_adamw"}},
    ),
    (MatrixSettings(contestants=("SGD",), steps=100, falls=False, rule="own"), {"SGD": {"lr": 1000.0}}),
]


def test_the_programs_print_the_runs_on_the_page(tmp_path):
    expected = []
    for number, (settings, changes) in enumerate(CASES):
        entries = tuple(hyperparameters_of(name)(**changes.get(name, {})) for name in settings.contestants)
        runs = contest(entries, settings)
        (tmp_path / f"{number}.py").write_text(matrix_program(runs, settings))
        expected.append(matrix_lines(runs))
    assert (tmp_path / "0.py").read_text() == (EXAMPLES / "optimizers_matrix.py").read_text()
    command = [sys.executable, "-c", SEVERAL, *(str(tmp_path / f"{number}.py") for number in range(len(CASES)))]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert finished.returncode == 0, finished.stderr
    printed = [part.strip("\n").splitlines() for part in finished.stdout.split("END\n")[:-1]]
    for number, lines in enumerate(expected):
        assert printed[number] == lines, f"program {number}"
