"""The program of the network view, run by itself, prints the page's lines digit for digit."""

import subprocess
import sys
from dataclasses import replace

import torch

from core.optimizers.hyperparameters import hyperparameters_of
from core.optimizers.network import Comparison, Learned, NetworkSettings
from core.optimizers.network_program import network_lines, network_program
from core.optimizers.network_training import train
from core.program import source

SEVERAL = """
import runpy, sys
for path in sys.argv[1:]:
    runpy.run_path(path, run_name="__main__")
    print("END")
"""
CASES = (
    NetworkSettings(steps=10, seeds=1),
    NetworkSettings(
        steps=12, seeds=1, seed=7, batch_size=100, hidden=8, contestants=("SparseAdam", "Adafactor", "Muon")
    ),
    NetworkSettings(steps=10, seeds=1, lr=100.0, contestants=("Momentum", "LBFGS", "Adam")),
    NetworkSettings(steps=8, seeds=1, rule="best", contestants=("NAdam", "Rprop")),
    NetworkSettings(steps=6, seeds=1, data="digits", contestants=("RMSprop", "AdamW")),
)


def test_the_programs_print_the_runs_on_the_page(tmp_path):
    founds = []
    for case in CASES:
        entries = tuple(hyperparameters_of(name)(lr=case.lr) for name in case.contestants)
        founds.append(train(case, entries))
    changed = hyperparameters_of("Adam")(lr=0.03, beta1=0.5, amsgrad=True)
    founds.append(train(replace(CASES[0], contestants=("Adam",)), (changed,)))
    paths = [tmp_path / f"program_{number}.py" for number in range(len(founds))]
    for path, found in zip(paths, founds, strict=True):
        path.write_text(network_program(found))
    command = [sys.executable, "-c", SEVERAL, *map(str, paths)]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert finished.returncode == 0, finished.stderr
    printed = [part.strip("\n").splitlines() for part in finished.stdout.split("END\n")[:-1]]
    assert printed == [network_lines(found) for found in founds]
    assert "diverged" in "".join(printed[2])


def test_the_program_of_the_defaults_is_the_example_as_it_stands():
    settings, nothing = NetworkSettings(), torch.zeros(1, 1)
    runs = [
        Learned(hyperparameters_of(name)(lr=settings.lr), nothing, nothing, nothing, (None,), ("",), None, ())
        for name in settings.contestants
    ]
    found = Comparison(settings, settings.moments, tuple(runs))
    assert network_program(found) == source("optimizers_network")
