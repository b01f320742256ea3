"""The matrix problem against closed forms, Muon's real update against the polynomial; figures, program and page."""

import math
from dataclasses import replace
from types import SimpleNamespace
from unittest import mock

import numpy as np
import pytest
import torch
from programs import printed
from visitor import charts, components, visit

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.matrices import (
    COLUMNS,
    LADDER,
    MATRIX,
    ROWS,
    SAMPLES,
    MatrixSettings,
    MatrixTask,
    best_rate,
    clear_lowest,
    problem,
    shape_factor,
)
from core.optimizers.newton_schulz import (
    after_one_round,
    coefficients,
    directions,
    goes_in,
    most_even,
    polynomial,
    rounds,
    spread,
)
from core.optimizers.program.matrices import matrix_program
from core.program import source
from figures.optimizers.matrices import frame_steps, label, matrix_losses, matrix_table, singular_values

OWN = MatrixSettings(rule="own", condition=10.0, steps=10)


def run(name, settings=OWN, **changes):
    return MatrixTask(hyperparameters_of(name)(**changes), settings).run()


def contest(**changes):
    settings = MatrixSettings(**changes)
    return settings, tuple(run(name, settings) for name in settings.optimizers)


@pytest.fixture(scope="module")
def usual():
    return contest()


@pytest.mark.parametrize("condition", [1.0, 30.0, 1000.0])
def test_the_data_have_the_condition_number_and_the_solution_has_no_loss(condition):
    data = problem(condition, 3)
    sizes = torch.linalg.svdvals(data.A)
    assert (sizes[0] / sizes[-1]).item() == pytest.approx(condition)
    assert sizes[0].item() == pytest.approx(SAMPLES**0.5)
    assert data.loss(data.solution).item() == 0.0
    assert torch.allclose((data.A.T @ data.directions).norm(dim=0), sizes)


def test_the_gradient_is_that_of_the_closed_form():
    data, W = problem(10.0, 0), torch.randn(ROWS, COLUMNS, generator=torch.Generator().manual_seed(1)).double()
    W.requires_grad_()
    data.loss(W).backward()
    assert torch.allclose(W.grad, 2 * (W.detach() @ data.A - data.B) @ data.A.T / SAMPLES)


@pytest.mark.parametrize("name", MATRIX)
def test_each_run_is_the_plain_loop(name):
    found, data = run(name, OWN, lr=0.05), problem(10.0, 0)
    W = torch.zeros(ROWS, COLUMNS, dtype=torch.float64, requires_grad=True)
    optimizer = found.hparams.make([W])
    for step in range(10):
        optimizer.param_groups[0]["lr"] = found.lr[step].item()
        optimizer.zero_grad()
        loss = data.loss(W)
        assert loss.item() == found.loss[step].item()
        loss.backward()
        assert torch.equal(W.grad, found.gradient[step])
        optimizer.step()
    assert torch.equal(W.detach(), found.W)
    assert torch.allclose(found.lr, 0.05 * (1 - torch.arange(10).double() / 10))


@pytest.mark.parametrize("name", MATRIX)
def test_many_rates_at_once_end_where_single_runs_end_and_the_best_is_taken(name):
    hparams, settings = hyperparameters_of(name)(), replace(OWN, rule="best")
    task, tried = MatrixTask(hparams, settings), []
    with mock.patch("core.optimizers.matrices.best_rate", lambda losses: tried.append(losses) or best_rate(losses)):
        task.step(settings.steps)
        assert task.result() is None  # no run while rates are tried
        found = task.run()
    single = torch.tensor([run(name, OWN, lr=lr).last_loss for lr in LADDER], dtype=torch.float64)
    finite = torch.isfinite(single)
    assert torch.allclose(tried[0][finite], single[finite], rtol=1e-6)
    assert found.hparams.lr == best_rate(single)
    assert found.last_loss == run(name, OWN, lr=best_rate(single)).last_loss


def test_the_best_rate_passes_over_what_is_not_finite():
    assert best_rate(torch.tensor([torch.nan, 3.0, 1.0, 1.0, torch.inf, 2.0, 2.0, 2.0])) == LADDER[2]
    assert best_rate(torch.full((8,), torch.nan)) == LADDER[0]


@pytest.mark.parametrize("ns_steps", [1, 3, 5, 12])
def test_the_real_update_is_the_polynomial_of_each_singular_value_within_bfloat16(ns_steps):
    muon = run("Muon", replace(OWN, condition=3.0), ns_steps=ns_steps, lr=0.2)
    before, after = directions(muon, [1, 2, 3, 4, 5])
    clear = before > 0.05  # what is weaker drowns in the rounding
    expected = rounds(before, coefficients(muon.hparams), ns_steps)
    assert (after - expected)[clear].abs().max() < 0.02 * 1.7 ** min(ns_steps, 5)


def test_a_few_rounds_in_bfloat16_follow_a_calculation_in_full_precision():
    muon = run("Muon", replace(OWN, condition=3.0), lr=0.2)
    X = M = goes_in(muon)[1]
    a, b, c = coefficients(muon.hparams)
    for _ in range(muon.hparams.ns_steps):
        square = X.T @ X
        X = X @ (a * torch.eye(COLUMNS).double() + b * square + c * square @ square)
    exact = rounds(torch.linalg.svdvals(M), (a, b, c), muon.hparams.ns_steps).sort(descending=True).values
    assert torch.allclose(torch.linalg.svdvals(X), exact)
    assert (muon.update[1] - X).norm() < 0.05 * X.norm()


def test_the_coefficients_are_pytorch_s_and_lift_small_values_by_a_to_the_rounds():
    muon = hyperparameters_of("Muon")()
    abc = coefficients(muon)
    assert polynomial(muon) == "3.4445·x − 4.775·x³ + 2.0315·x⁵"
    assert after_one_round(0.1, muon) == pytest.approx(0.34445 - 0.004775 + 0.000020315)
    assert abc == (3.4445, -4.775, 2.0315)
    tiny = torch.tensor([1e-8], dtype=torch.float64)
    assert rounds(tiny, abc, 5).item() == pytest.approx(3.4445**5 * 1e-8)
    wide = rounds(torch.linspace(0.01, 1, 1000, dtype=torch.float64), abc, 5)
    assert 0.6 < wide.min() < wide.max() < 1.25


def test_momentum_passes_each_direction_through_and_muon_makes_decades_nearly_equal(usual):
    _, runs = usual
    momentum, muon = runs[0], runs[-1]
    before, after = directions(momentum, [1, 50, 100])
    assert torch.allclose(before, after, atol=1e-12)
    assert spread(muon.gradient[:1]) > 1e4
    middle = torch.linalg.svdvals(muon.update)[30:60, :10].median(dim=0).values
    assert 0.6 < middle.min() < middle.max() < 1.25


def test_muon_ends_lowest_and_goes_on_in_the_weakest_direction(usual):
    settings, runs = usual
    assert clear_lowest(runs).name == "Muon"
    momentum, muon = runs[0], runs[-1]
    assert 5 * muon.last_loss < momentum.last_loss
    data = problem(settings.condition, settings.seed)
    weakest = [((r.W - data.solution) @ data.directions[:, -1]).norm() for r in (momentum, muon)]
    weakest = [left / (data.solution @ data.directions[:, -1]).norm() for left in weakest]
    assert weakest[0] > 0.8 and weakest[1] < 0.5


def test_nobody_is_lowest_at_a_tie_or_where_all_have_diverged():
    adam, lost = run("Adam"), run("SGD", replace(OWN, condition=100.0, steps=200, falls=False), lr=1000.0)
    assert clear_lowest((adam, lost)) is adam
    assert clear_lowest((adam, adam)) is None
    assert clear_lowest((lost,)) is None


def test_nobody_comes_down_where_all_end_higher():
    higher, adam = run("SGD", lr=100.0), run("Adam")
    assert math.isfinite(higher.last_loss) and "below its start" in matrix_losses((higher,)).caption
    assert "Adam comes down furthest, to" in matrix_losses((higher, adam)).caption
    assert "Adam ends at" in matrix_losses((adam,)).caption


@pytest.mark.parametrize("changes", [{"weight_decay": 0.5}, {"adjust_lr_fn": "match_rms_adamw"}, {"weight_decay": 0.0}])
def test_weight_decay_and_shape_are_taken_out_of_the_update(changes):
    sizes = torch.linalg.svdvals(run("Muon", replace(OWN, falls=False), lr=0.1, **changes).update[:4])
    assert sizes.max() < 1.3
    assert sizes[:, 0].min() > 0.6
    assert shape_factor(hyperparameters_of("Muon")()) == pytest.approx((16 / 12) ** 0.5)
    assert shape_factor(hyperparameters_of("Muon")(adjust_lr_fn="match_rms_adamw")) == pytest.approx(0.8)


def test_muon_s_momentum_is_a_mean_and_its_memory_is_what_torch_keeps():
    found, mean = run("Muon", lr=0.1), torch.zeros(ROWS, COLUMNS, dtype=torch.float64)
    for step in range(4):
        mean = 0.95 * mean + 0.05 * found.gradient[step]
        assert torch.allclose(found.memory[step], mean)


def test_a_diverged_run_ends_with_its_step_and_is_drawn():
    lost = run("SGD", MatrixSettings(rule="own", steps=200, falls=False), lr=1000.0)
    assert lost.diverged_at == lost.steps < 200
    assert not torch.isfinite(lost.loss[-1]) or not torch.isfinite(lost.W).all()
    assert np.isnan(spread(torch.full((2, ROWS, COLUMNS), torch.inf)))
    for picture in (singular_values((lost,), hyperparameters_of("Muon")()), matrix_losses((lost,))):
        assert len(picture.json) < 1_000_000
    assert f"diverged after {lost.diverged_at} steps" in matrix_table((lost,), problem(100.0, 0))


def test_the_marks_are_the_run_s_and_the_curve_is_the_polynomial(usual):
    _, runs = usual
    muon, steps = runs[-1], frame_steps(runs)
    picture = singular_values(runs, muon.hparams)
    curve = next(trace for trace in picture.figure.data if trace.name == "Muon, 5 rounds")
    expected = rounds(torch.tensor(curve.x, dtype=torch.float64), coefficients(muon.hparams), 5)
    assert np.allclose(curve.y, expected.numpy(), rtol=1e-3)
    before, after = directions(muon, steps)
    for i, frame in enumerate(picture.frames):
        assert np.allclose(frame["data"][-1]["x"], before[i], rtol=1e-5)
        assert np.allclose(frame["data"][-1]["y"], after[i], rtol=1e-5)
    assert "Most even are the updates of Muon" in picture.caption
    losses = matrix_losses(runs)
    assert len(losses.frames) == len(picture.frames) == len(steps)
    for one, trace in zip(runs, losses.figure.data, strict=False):
        assert np.allclose(trace.y, one.loss.numpy(), rtol=1e-6)
    assert all(one.name in label(runs, 10) for one in runs)


def test_the_figures_of_the_longest_run_are_small_and_their_captions_short():
    _, runs = contest(steps=200, optimizers=MATRIX, rule="own")
    assert len(frame_steps(runs)) <= 51
    for picture in (singular_values(runs, runs[-1].hparams), matrix_losses(runs)):
        assert len(picture.json) < 900_000
        assert len(picture.caption.split()) <= 45


def test_the_programs_print_the_lines_of_the_page(usual):
    cases = [(usual[0], usual[1])]
    for settings, changes in (
        (MatrixSettings(optimizers=MATRIX, steps=10, rule="own", condition=3.0, seed=7), {}),
        (
            MatrixSettings(optimizers=("Adam", "Muon"), steps=20, falls=False),
            {"Muon": {"ns_steps": 1, "weight_decay": 0.0, "adjust_lr_fn": "match_rms_adamw"}},
        ),
        (MatrixSettings(optimizers=("SGD",), falls=False, rule="own"), {"SGD": {"lr": 1000.0}}),
        (MatrixSettings(optimizers=("Muon",), rule="own"), {"Muon": {"ns_a": 10.0, "ns_steps": 12}}),
    ):
        cases.append((settings, tuple(run(name, settings, **changes.get(name, {})) for name in settings.optimizers)))
    made = [matrix_program(runs, settings) for settings, runs in cases]
    said = printed([program.text for program in made], warnings_are_errors=True)
    assert said == [list(program.prints) for program in made]
    assert made[0].text == source("optimizers_matrices")


def test_both_charts_move_with_one_cursor_and_presets_work():
    at = visit("optimizers", view="matrices", **{"matrices.steps": "20"})
    (scrubber,) = components(at, "scrubber")
    assert scrubber["charts"] == [chart["key"] for chart in charts(at)]
    assert scrubber["labels"][scrubber["index"]].startswith("Step 10 ")
    at.button(key="optimizers-preset-One round").click().run()
    assert not at.exception
    assert '"Muon, 1 round"' in charts(at)[0]["figure"]


@pytest.mark.parametrize("lr", ["1000", "1e-08"])
def test_the_wildest_values_of_the_link_are_harmless(lr):
    wild = {f"{name}.lr": lr for name in MATRIX}
    wild |= {"matrices.rule": "own", "matrices.optimizers": ",".join(MATRIX), "matrices.steps": "20"}
    wild |= {"matrices.condition": "10000", "Muon.ns_steps": "12", "Muon.ns_a": "10", "Muon.weight_decay": "1"}
    at = visit("optimizers", view="matrices", **wild)
    assert not at.exception
    assert not at.error
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))


def test_the_most_even_updates_are_those_with_the_least_finite_ratio():
    def updating(name, weakest):
        one = torch.zeros(1, 16, 12)
        one[0].diagonal().copy_(torch.linspace(1.0, weakest, 12))
        return SimpleNamespace(name=name, update=one)

    muon, adam, sgd, gone = (
        updating(*each) for each in (("Muon", 0.5), ("Adam", 0.5), ("SGD", 0.1), ("ASGD", math.nan))
    )
    assert most_even((sgd, muon, gone)) == ["Muon"]
    assert most_even((adam, sgd, muon)) == ["Adam", "Muon"]
    assert most_even((gone,)) == []
