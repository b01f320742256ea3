"""What a task guesses that it will cost: by that, work starts by itself or waits for Run."""

import pytest
import torch

from core.datasets_and_loaders.order import OrderTask
from core.datasets_and_loaders.settings import OrderSettings
from core.expression.typed_function import typed_function
from core.optim.hyperparameters import hyperparameters_of
from core.optim.known import DEFAULT_OPTIMIZERS, PLANE_OPTIMIZERS
from core.optimizers.basins import BasinSettings, BasinTask
from core.optimizers.lr_sweep import LrSweepTask
from core.optimizers.matrices import MATRIX, MatrixSettings, MatrixTask
from core.optimizers.momentum import map_task
from core.optimizers.network import NetworkSettings
from core.optimizers.network_task import NetworkTask
from core.optimizers.noisy_runs import NoisyRunsTask
from core.optimizers.race import RaceTask
from core.optimizers.schedules import ScheduleSettings
from core.optimizers.settings import RaceSettings, SurfaceSettings
from core.optimizers.update import StepTraceTask
from core.optimizers.weight_decay import RUNNERS, DecaySettings, DecayTask
from core.plane.critical_points import LONGEST, ROUNDS, CriticalPointsTask, _grid, _newton
from core.plane.surfaces import SurfaceTask
from core.training_loop.map import LrMapTask
from core.training_loop.settings import MapSettings, TrainingLoopSettings
from core.training_loop.train import number_sum_training
from ui.long_work import AT_ONCE

TANGENTS = "tan(x)+tan(y)+" * 8 + "tan(x)"
HEAVY = SurfaceSettings(surface="typed", text=TANGENTS)
BASIN, DECAY = BasinSettings(), DecaySettings()


def hparams(names):
    return tuple(hyperparameters_of(name)() for name in names)


def plane_tasks(surface, steps, names, decay_steps=DECAY.steps, basin_steps=BASIN.steps):
    """One of each task over the plane."""
    adam = hyperparameters_of("Adam")()
    return [
        RaceTask(surface, hparams(names), steps),
        LrSweepTask(surface, hparams(names), steps),
        StepTraceTask(surface, adam, steps),
        map_task(surface, False),
        BasinTask(surface, adam, basin_steps),
        NoisyRunsTask(surface, adam, ScheduleSettings(steps=max(steps, 20)), ("constant", "cosine")),
        DecayTask(surface, hparams(RUNNERS), decay_steps),
        SurfaceTask(surface.surface, surface.text),
    ]


AS_THE_PAGES_OPEN = [
    OrderTask(OrderSettings()),
    *plane_tasks(SurfaceSettings(), RaceSettings().steps, DEFAULT_OPTIMIZERS),
    NetworkTask(NetworkSettings(), hparams(NetworkSettings().optimizers)),
    number_sum_training(TrainingLoopSettings()),
]
TOO_LONG = [
    OrderTask(OrderSettings(batch_size=8, num_epochs=20)),
    *plane_tasks(HEAVY, 500, PLANE_OPTIMIZERS)[:2],
    LrSweepTask(SurfaceSettings(surface="ackley"), hparams(PLANE_OPTIMIZERS), 500),  # 13 s
    BasinTask(HEAVY, hyperparameters_of("Adam")(), 300),
    DecayTask(HEAVY, hparams(RUNNERS), 4000),
    NetworkTask(NetworkSettings(data="digits", seeds=5, steps=100), hparams(("Adam", "LBFGS"))),
    number_sum_training(TrainingLoopSettings(batch_size=25_000, hidden=256, num_epochs=50, data_high=150)),
    LrMapTask(TrainingLoopSettings(), MapSettings()),
]


@pytest.mark.parametrize("task", AS_THE_PAGES_OPEN, ids=lambda task: type(task).__name__)
def test_what_a_page_opens_with_starts_by_itself(task):
    assert 0 < task.cost <= AT_ONCE


@pytest.mark.parametrize("task", TOO_LONG, ids=lambda task: type(task).__name__)
def test_what_takes_long_waits_for_run(task):
    assert task.cost > AT_ONCE


def test_all_matrix_optimizers_together_wait_for_run():
    settings = MatrixSettings(steps=200)
    costs = [MatrixTask(hyperparameters_of(name)(), settings).cost for name in MATRIX]
    assert sum(costs) > AT_ONCE > sum(costs[:4])


def test_more_arithmetic_in_the_typed_function_costs_more_in_every_task():
    for light, heavy in zip(
        plane_tasks(SurfaceSettings(), 50, ("Adam",)), plane_tasks(HEAVY, 50, ("Adam",)), strict=True
    ):
        assert light.cost < heavy.cost, type(light)


@pytest.mark.parametrize(
    ("text", "operations"),
    [("3", 0), ("pi*2 + 1", 0), ("x", 0), ("x + 2*3", 1), ("-x^2", 2), ("tan(x)", 2), ("x^y", 6), ("tan(2*x)*y^x", 10)],
)
def test_only_operations_on_the_variables_count(text, operations):
    f = typed_function(text, ("x", "y"))
    assert f.seconds(1) == pytest.approx(1e-4 + operations * 1.0005e-5)
    assert f.seconds(10_000) == pytest.approx(1e-4 + operations * 6e-5)


@pytest.mark.parametrize("text", ["sin(3*x) + y^2", "x^y + y^x", "(1 - x)^2 + 100*(y - x^2)^2"])
def test_starts_that_rest_are_left_out_and_nothing_changes(text):
    function, box = typed_function(text, ("x", "y")), (-4.0, 4.0, -4.0, 4.0)
    task, places = CriticalPointsTask(function, box), _grid(box)
    for _ in range(ROUNDS):
        assert task.result() is None if task.done else not task.finished
        task.step()
        places = places + _newton(function, places, LONGEST * 8)
    assert torch.equal(task.places, places)
    assert len(task.moving) < len(places)
