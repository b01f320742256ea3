"""The programs of the map of starts and of weight decay, run by themselves, print the page's lines digit for digit."""

import subprocess
import sys

from core.optimizers.basins import BasinSettings, basins, entry_of
from core.optimizers.basins_program import basins_lines, basins_program
from core.optimizers.decay import RUNNERS, DecaySettings, decay_runs, entries_of
from core.optimizers.decay_program import decay_lines, decay_program
from core.optimizers.hyperparameters import hyperparameters_of
from core.optimizers.settings import SurfaceSettings
from core.program import EXAMPLES

SEVERAL = """
import runpy, sys
for path in sys.argv[1:]:
    runpy.run_path(path, run_name="__main__")
    print("END")
"""


def printed(*paths):
    """What each program prints; all in one process of their own, since importing torch takes most of the time."""
    command = [sys.executable, "-c", SEVERAL, *map(str, paths)]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert finished.returncode == 0, finished.stderr
    return [part.strip("\n").splitlines() for part in finished.stdout.split("END\n")[:-1]]


def decayed(settings, surface, **adamw):
    made = [hyperparameters_of(name)(**(adamw if name == "AdamW" else {})) for name in RUNNERS]
    return decay_runs(surface, entries_of(made, settings), settings.steps)


def test_the_programs_print_the_lines_of_the_page(tmp_path):
    settings = BasinSettings()
    ground = SurfaceSettings(surface=settings.surface)
    default = basins(ground, entry_of(hyperparameters_of(settings.contestant)(), settings), settings.steps)
    maps = [
        basins(SurfaceSettings(surface="rastrigin"), hyperparameters_of("NAdam")(lr=0.5), 12),
        basins(SurfaceSettings(surface="himmelblau"), hyperparameters_of("SparseAdam")(lr=0.5, beta1=0.5), 4),
        basins(SurfaceSettings(surface="typed", text="pi*x^2 + abs(y)"), hyperparameters_of("Rprop")(lr=0.1), 9),
        basins(SurfaceSettings(surface="typed", text="5"), hyperparameters_of("SGD")(), 3),
    ]
    decays = [
        decayed(DecaySettings(weight_decay=0.01, steps=120), SurfaceSettings(surface="himmelblau"), beta2=0.9),
        decayed(DecaySettings(lr=1.0, steps=50), SurfaceSettings(surface="rosenbrock", x=-1.2, y=1.0)),
        decayed(DecaySettings(steps=20), SurfaceSettings(surface="matyas", x=3.0, y=1.0)),
        decayed(DecaySettings(steps=20), SurfaceSettings(surface="saddle")),
        decayed(DecaySettings(steps=20, weight_decay=0.0), SurfaceSettings(surface="rastrigin", x=0.4, y=1.2)),
    ]
    cases = [(basins_program(found), basins_lines(found)) for found in maps]
    cases += [(decay_program(found), decay_lines(found)) for found in decays]
    for number, (text, _) in enumerate(cases):
        (tmp_path / f"program_{number}.py").write_text(text)
    paths = [EXAMPLES / "optimizers_basins.py", EXAMPLES / "optimizers_decay.py"]
    found = printed(*paths, *(tmp_path / f"program_{number}.py" for number in range(len(cases))))
    assert found[0] == basins_lines(default)
    assert found[1] == decay_lines(decayed(DecaySettings(), SurfaceSettings()))
    for number, (_, expected) in enumerate(cases):
        assert found[number + 2] == expected, f"program {number}"
