"""Weight decay: where SGD, Adam and AdamW rest, against closed forms and single runs."""

from dataclasses import replace

import pytest
import torch

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.race import Runner, race
from core.optimizers.settings import SurfaceSettings
from core.optimizers.weight_decay import (
    RUNNERS,
    DecaySettings,
    DecayWork,
    decay_runs,
    divided_step,
    entries_of,
    moved_minimum,
    way_of_minimum,
)
from core.plane.derivatives import hessians, value_and_gradient
from core.plane.surfaces import function_of

BOOTH = SurfaceSettings(surface="booth", x=-7.0, y=2.0)
QUICK = {"beta2": 0.95}  # forgets the large gradients of the way within a hundred steps


def all_hparams(settings, **adamw):
    made = [hyperparameters_of(name)(**(adamw if name == "AdamW" else {})) for name in RUNNERS]
    return entries_of(made, settings)


@pytest.mark.parametrize("surface", [BOOTH, SurfaceSettings(), SurfaceSettings(surface="ackley", x=-3.3, y=2.7)])
@pytest.mark.parametrize("row", [0, 11, 31])
def test_each_row_of_the_sweep_is_the_single_run_with_that_weight_decay_bit_for_bit(surface, row):
    settings = DecaySettings(steps=60)
    decay = DecayWork(surface, all_hparams(settings), 1).swept[row].item()
    work = DecayWork(surface, all_hparams(replace(settings, weight_decay=decay)), 60)
    work.advance(6)
    for runner, rows in zip(work.runners, work.rows, strict=True):
        assert torch.equal(runner.point.detach(), rows.detach()[row]), runner.hparams.name


def test_the_three_paths_are_those_of_the_race():
    settings = DecaySettings(weight_decay=0.3, steps=45)
    found = decay_runs(SurfaceSettings(), all_hparams(settings), 45)
    raced = race(SurfaceSettings(), all_hparams(settings), 45)
    for path, run in zip(found.paths, raced.runs, strict=True):
        assert torch.equal(path, run.path)


@pytest.mark.parametrize("surface", ["booth", "matyas"])
def test_on_a_bowl_the_moved_minimum_is_the_closed_form(surface):
    function = function_of(surface, "")
    p = torch.tensor([[1.0, 3.0] if surface == "booth" else [0.0, 0.0]], dtype=torch.float64)
    curvature, decays = hessians(function, p)[0], (0.0, 0.01, 0.1, 1.0, 10.0)
    for decay, place in zip(decays, moved_minimum(function, *p[0].tolist(), decays), strict=True):
        closed = torch.linalg.solve(curvature + decay * torch.eye(2, dtype=torch.float64), curvature @ p[0])
        assert torch.allclose(place, closed, atol=1e-12)


def test_sgd_and_adam_rest_at_the_moved_minimum_and_adamw_comes_back_to_f_s_own():
    settings = DecaySettings(weight_decay=0.2, lr=0.05, steps=1200)
    found = decay_runs(BOOTH, all_hparams(settings, **QUICK), 1200)
    sgd, adam, adamw = (path[-1] for path in found.paths)
    moved = way_of_minimum(found)[-1]
    assert (found.minimum.x, found.minimum.y) == pytest.approx((1, 3))
    assert torch.allclose(sgd, moved, atol=1e-9)
    assert torch.allclose(adam, moved, atol=0.005)
    own = torch.tensor([1.0, 3.0], dtype=torch.float64)
    assert (moved - own).norm() > 0.1
    assert (adamw - own).norm() < 0.01
    farthest = (found.paths[2][200:] - own).norm(dim=1).max()
    assert farthest > (moved - own).norm()  # on the way it is moved further than the two others


def test_adamw_is_held_at_the_edge_when_f_s_minimum_lies_beyond_it():
    settings = DecaySettings(weight_decay=0.5, lr=0.05, steps=800)
    found = decay_runs(BOOTH, all_hparams(settings, **QUICK), 800)
    x, y = found.paths[2][-1].tolist()
    assert y == pytest.approx(2.0, abs=0.03)  # 1/λ, instead of 3
    assert x == pytest.approx(1.8, abs=0.03)  # along the edge y = 2, f is lowest there
    assert value_and_gradient(found.function, torch.tensor([[x, y]], dtype=torch.float64))[1][0, 1] < -3  # and falls on


def test_what_is_said_to_be_divided_is_the_step_that_the_optimizer_takes():
    function = function_of("beale", "")
    for name in ("Adam", "AdamW"):
        hparams = hyperparameters_of(name)(lr=0.01, weight_decay=0.1)
        runner = Runner(hparams, torch.tensor([1.0, 1.5], dtype=torch.float64), function)
        for _ in range(7):
            before = runner.point.detach().clone()
            runner.step(value_and_gradient(function, before[None])[1][0])
        shrunk = before * (1 - 0.01 * 0.1) if name == "AdamW" else before
        assert torch.allclose(runner.point.detach(), shrunk - 0.01 * divided_step(runner), atol=1e-14)


def test_who_is_lost_is_named_with_its_step_as_in_the_race():
    surface, settings = SurfaceSettings(surface="rosenbrock", x=-1.2, y=1.0), DecaySettings(lr=0.5, steps=50)
    found = decay_runs(surface, all_hparams(settings), 50)
    run = race(surface, all_hparams(settings)[:1], 50).runs[0]
    assert found.diverged[0] == run.diverged != ""
    assert len(found.paths[0]) - 1 == run.diverged_at
    assert found.diverged[1:] == ("", "")


def test_a_valley_that_decay_has_filled_is_none():
    function = function_of("typed", "cos(3*x) + (y - 1)^2")
    way = moved_minimum(function, 3 * torch.pi / 3, 1.0, (0.0, 0.5, 1.0, 5.0, 9.0, 12.0))
    assert torch.isfinite(way[0]).all()
    assert torch.isnan(way[-1]).all()


@pytest.mark.parametrize("text", ["5", "x", "sqrt(x)", "1/x", "x^2"])
def test_ground_of_any_kind_is_harmless(text):
    found = decay_runs(SurfaceSettings(surface="typed", text=text), all_hparams(DecaySettings()), 20)
    assert len(found.paths) == 3
    if found.minimum is not None:
        way_of_minimum(found)
