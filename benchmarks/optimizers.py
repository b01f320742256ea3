"""Many optimizers, learning rates and momenta as one tensor program, against one run at a time.

Baseline: each run by itself, with a backward pass of its own in each step; of the 14 x 48 learning rates every eighth,
of the map one row, of the 40,000 starts forty. LBFGS takes its own gradients either way and is left out of the learning
rates. Goals: the race of fourteen within 1.5 s, the map within 1 s, the map of starts within 2 s; learning rates, cells
of the map and starts at least ten times as fast a run.
"""

from dataclasses import replace

import torch

from benchmarks.report import goal, medians, s, table, times
from core.optim.hyperparameters import Hyperparameters, hyperparameters_of
from core.optim.known import FOURTEEN
from core.optimizers.basins import BasinTask, starts
from core.optimizers.lr_sweep import LrSweepTask
from core.optimizers.momentum import map_task, plan_of
from core.optimizers.race import RaceTask
from core.optimizers.settings import SurfaceSettings
from core.plane.momentum_map import SIDE, cell_run
from core.plane.surfaces import SURFACES

REPETITIONS = 3
RACE_STEPS, RATE_STEPS = 500, 200
EVERY = 8
BASIN_STEPS, SOME_STARTS = 300, 40
LONGEST_RACE, LONGEST_MAP, LONGEST_BASINS = 1.5, 1.0, 2.0  # seconds
FASTER = 10
SURFACE = SurfaceSettings()
ALL_HPARAMS = tuple(hyperparameters_of(name)() for name in FOURTEEN)
HIMMELBLAU = SurfaceSettings(surface="himmelblau")
ADAM = hyperparameters_of("Adam")(lr=0.1)
SHARING = tuple(hparams for hparams in ALL_HPARAMS if hparams.name != "LBFGS")


def _alone(hparams: Hyperparameters, steps: int) -> None:
    """One run as a plain loop writes it, every step kept."""
    function = SURFACE.shape.function
    point = torch.tensor([SURFACE.x, SURFACE.y], dtype=torch.float64, requires_grad=True)
    optimizer, path = hparams.make([point]), []

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = function(point[0], point[1])
        loss.backward()
        return loss

    for _ in range(steps):
        path.append((point.detach().clone(), closure().item()))
        optimizer.step(closure if hparams.name == "LBFGS" else None)


def _race_one_by_one() -> None:
    for hparams in ALL_HPARAMS:
        _alone(hparams, RACE_STEPS)


def _rates() -> int:
    """All learning rates; returns how many runs there were."""
    return LrSweepTask(SURFACE, SHARING, RATE_STEPS).run().runs


def _some_rates_one_by_one() -> int:
    runs = 0
    for curve in LrSweepTask(SURFACE, SHARING, 1).run().curves:
        for lr in curve.lr[::EVERY].tolist():
            _alone(replace(curve.hparams, lr=lr), RATE_STEPS)
            runs += 1
    return runs


def _row_one_by_one() -> None:
    for column in range(SIDE):
        cell_run.__wrapped__(plan_of(SURFACE, False), column, 20)


def _some_starts_one_by_one() -> None:
    places = starts(SURFACES["himmelblau"].box)
    for x, y in places[:: len(places) // SOME_STARTS].tolist()[:SOME_STARTS]:
        RaceTask(replace(HIMMELBLAU, x=x, y=y), (ADAM,), BASIN_STEPS).run()


def main() -> bool:
    SURFACE.shape  # noqa: B018  the page has looked for the minima before
    runs, some = _rates(), _some_rates_one_by_one()
    took = medians(
        REPETITIONS,
        {
            "race": lambda: RaceTask(SURFACE, ALL_HPARAMS, RACE_STEPS).run(),
            "race single": _race_one_by_one,
            "rates": _rates,
            "rates single": _some_rates_one_by_one,
            "map": lambda: map_task(SURFACE, False).run(),
            "row single": _row_one_by_one,
            "basins": lambda: BasinTask(HIMMELBLAU, ADAM, BASIN_STEPS).run(),
            "starts single": _some_starts_one_by_one,
        },
    )
    together = took["race single"] / took["race"]
    rates = took["rates single"] / some * runs / took["rates"]
    cells = SIDE * took["row single"] / took["map"]
    n_starts = len(starts(SURFACES["himmelblau"].box))
    grounds = took["starts single"] / SOME_STARTS * n_starts / took["basins"]
    rows = [
        (f"race of {len(ALL_HPARAMS)}, {RACE_STEPS} steps: one by one (baseline)", s(took["race single"]), times(1)),
        (f"race of {len(ALL_HPARAMS)}, {RACE_STEPS} steps: gradients shared", s(took["race"]), times(together)),
        (
            f"{some} of {runs} learning rates, {RATE_STEPS} steps: one by one (baseline)",
            s(took["rates single"]),
            times(1),
        ),
        (f"all {runs} learning rates, {RATE_STEPS} steps: rows of a tensor", s(took["rates"]), times(rates)),
        ("one row of the map, 48 runs: one by one (baseline)", s(took["row single"]), times(1)),
        ("all of the map, 2,304 runs: one optimizer", s(took["map"]), times(cells)),
        (f"{SOME_STARTS} starts, {BASIN_STEPS} steps: one by one (baseline)", s(took["starts single"]), times(1)),
        (f"{n_starts:,} starts, {BASIN_STEPS} steps: one tensor", s(took["basins"]), times(grounds)),
    ]
    table(f"optimizers, median of {REPETITIONS}", ("", "processor time", "speed for each run"), rows)
    met = goal(f"the race within {LONGEST_RACE:g} s", took["race"] < LONGEST_RACE)
    met &= goal(f"the map within {LONGEST_MAP:g} s", took["map"] < LONGEST_MAP)
    met &= goal(f"the map of starts within {LONGEST_BASINS:g} s", took["basins"] < LONGEST_BASINS)
    met &= goal(f"a start at least {FASTER} times as fast", grounds > FASTER)
    met &= goal(f"learning rates at least {FASTER} times as fast", rates > FASTER)
    return met & goal(f"a cell of the map at least {FASTER} times as fast", cells > FASTER)
