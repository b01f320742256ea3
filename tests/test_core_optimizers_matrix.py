"""The matrix problem against closed forms, Muon's real update against the polynomial of Newton-Schulz."""

from dataclasses import replace

import pytest
import torch

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.matrices import COLUMNS, LADDER, MATRIX, ROWS, SAMPLES, MatrixSettings, problem
from core.optimizers.matrices_runs import (
    Contest,
    best_rate,
    contest,
    left_over,
    losses_at_rates,
    run,
    shape_factor,
    singular_values,
)
from core.optimizers.newton_schulz import before_and_after, coefficients, mixed, normalized, rounds

SHORT = MatrixSettings(steps=20)


def all_hparams(*names, **changes):
    return tuple(hyperparameters_of(name)(**changes) for name in names)


@pytest.mark.parametrize("condition", [1.0, 30.0, 1000.0])
def test_the_data_have_the_condition_number_and_the_solution_has_no_loss(condition):
    data = problem(condition, 3)
    sizes = torch.linalg.svdvals(data.A)
    assert (sizes[0] / sizes[-1]).item() == pytest.approx(condition)
    assert sizes[0].item() == pytest.approx(SAMPLES**0.5)
    assert data.loss(data.solution).item() == 0.0
    along = (data.A.T @ data.directions).norm(dim=0)
    assert torch.allclose(along, sizes)


def test_the_gradient_is_that_of_the_closed_form():
    data, W = problem(10.0, 0), torch.randn(ROWS, COLUMNS, generator=torch.Generator().manual_seed(1)).double()
    W.requires_grad_()
    data.loss(W).backward()
    assert torch.allclose(W.grad, 2 * (W.detach() @ data.A - data.B) @ data.A.T / SAMPLES)


@pytest.mark.parametrize("name", MATRIX)
def test_each_run_is_the_plain_loop(name):
    hparams = replace(hyperparameters_of(name)(), lr=0.05)
    found, data = run(hparams, 30.0, 0, 12, True), problem(30.0, 0)
    W = torch.zeros(ROWS, COLUMNS, dtype=torch.float64, requires_grad=True)
    optimizer = hparams.make([W])
    for step in range(12):
        optimizer.param_groups[0]["lr"] = found.lr[step].item()
        optimizer.zero_grad()
        loss = data.loss(W)
        assert loss.item() == found.loss[step].item()
        loss.backward()
        assert torch.equal(W.grad, found.gradient[step])
        optimizer.step()
    assert torch.equal(W.detach(), found.W)
    assert found.lr[0] == 0.05
    assert torch.allclose(found.lr, 0.05 * (1 - torch.arange(12).double() / 12))


@pytest.mark.parametrize("name", MATRIX)
def test_many_rates_at_once_end_where_single_runs_end(name):
    hparams = hyperparameters_of(name)()
    many = losses_at_rates(hparams, 30.0, 0, 10, True)
    single = torch.stack([run(replace(hparams, lr=lr), 30.0, 0, 10, True).loss[-1] for lr in LADDER])
    assert torch.allclose(many, torch.where(torch.isfinite(single), single, torch.inf), rtol=1e-6)


def test_the_best_rate_is_the_best_of_the_ladder():
    hparams = hyperparameters_of("Adam")()
    ends = losses_at_rates(hparams, SHORT.condition, SHORT.seed, SHORT.steps, SHORT.falls)
    (found,) = contest((hparams,), SHORT)
    assert found.hparams.lr == best_rate(hparams, SHORT) == LADDER[int(ends.argmin())]
    assert found.loss[-1].item() == pytest.approx(ends.min().item())
    (own,) = contest((replace(hparams, lr=0.003),), replace(SHORT, rule="own"))
    assert own.hparams.lr == 0.003


@pytest.mark.parametrize("ns_steps", [1, 3, 5, 12])
def test_the_real_update_is_the_polynomial_of_each_singular_value_within_bfloat16(ns_steps):
    (muon,) = all_hparams("Muon", ns_steps=ns_steps, lr=0.2)
    found = run(muon, 3.0, 0, 5, True)
    for step in range(5):
        before, after = before_and_after(found.gradient[step], found.memory[step], found.update[step], muon)
        clear = before > 0.05  # what is weaker drowns in the rounding
        expected = rounds(before, coefficients(muon), ns_steps)
        assert (after - expected)[clear].abs().max() < 0.02 * 1.7 ** min(ns_steps, 5)


def test_a_few_rounds_in_bfloat16_follow_a_calculation_in_full_precision():
    (muon,) = all_hparams("Muon", lr=0.2)
    found = run(muon, 3.0, 0, 3, True)
    X = normalized(found.gradient[1], found.memory[1], muon)
    a, b, c = coefficients(muon)
    for _ in range(muon.ns_steps):
        square = X.T @ X
        X = X @ (a * torch.eye(COLUMNS).double() + b * square + c * square @ square)
    sizes = torch.linalg.svdvals(mixed(found.gradient[1], found.memory[1], muon))
    exact = rounds(sizes / sizes.norm(), (a, b, c), muon.ns_steps).sort(descending=True).values
    assert torch.allclose(torch.linalg.svdvals(X), exact)
    assert (found.update[1] - X).norm() < 0.05 * X.norm()


def test_the_coefficients_are_pytorch_s_and_lift_small_values_by_a_to_the_rounds():
    (muon,) = all_hparams("Muon")
    assert coefficients(muon) == (3.4445, -4.775, 2.0315)
    tiny = torch.tensor([1e-8], dtype=torch.float64)
    assert rounds(tiny, coefficients(muon), 5).item() == pytest.approx(3.4445**5 * 1e-8)
    wide = rounds(torch.linspace(0.01, 1, 1000, dtype=torch.float64), coefficients(muon), 5)
    assert wide.min() > 0.6
    assert wide.max() < 1.25


def test_muon_makes_singular_values_of_decades_nearly_equal():
    (muon,) = contest(all_hparams("Muon"), MatrixSettings())
    first = singular_values(muon.gradient[0])
    assert first[0] / first[-1] > 1e4
    middle = singular_values(muon.update)[30:60, :10].median(dim=0).values
    assert middle.min() > 0.6
    assert middle.max() < 1.25


def test_muon_ends_lowest_and_goes_on_in_the_weakest_direction():
    settings = MatrixSettings()
    found = {r.name: r for r in contest(all_hparams(*settings.optimizers), settings)}
    ends = {name: r.last_loss for name, r in found.items()}
    assert min(ends, key=ends.get) == "Muon"
    assert 5 * ends["Muon"] < ends["Momentum"]
    weakest = {name: left_over(r, problem(settings.condition, 0))[-1].item() for name, r in found.items()}
    assert weakest["Muon"] < 0.5
    assert weakest["Momentum"] > 0.8


def test_weight_decay_and_shape_are_taken_out_of_the_update():
    for changes in ({"weight_decay": 0.5}, {"adjust_lr_fn": "match_rms_adamw"}, {"weight_decay": 0.0}):
        (muon,) = all_hparams("Muon", lr=0.1, **changes)
        found = run(muon, 10.0, 0, 4, False)
        sizes = singular_values(found.update)
        assert sizes.max() < 1.3
        assert sizes[:, 0].min() > 0.6
    assert shape_factor(all_hparams("Muon")[0]) == pytest.approx((16 / 12) ** 0.5)
    assert shape_factor(all_hparams("Muon", adjust_lr_fn="match_rms_adamw")[0]) == pytest.approx(0.8)


def test_muon_s_momentum_is_a_mean_and_its_memory_is_what_torch_keeps():
    (muon,) = all_hparams("Muon", lr=0.1)
    found, mean = run(muon, 10.0, 0, 4, False), torch.zeros(ROWS, COLUMNS, dtype=torch.float64)
    for step in range(4):
        mean = 0.95 * mean + 0.05 * found.gradient[step]
        assert torch.allclose(found.memory[step], mean)


def test_adafactor_keeps_a_row_and_a_column_where_adam_keeps_a_matrix():
    W = torch.zeros(ROWS, COLUMNS, requires_grad=True)
    numbers = {}
    for name in ("Adam", "Adafactor"):
        optimizer = hyperparameters_of(name)().make([W])
        W.grad = torch.ones(ROWS, COLUMNS)
        optimizer.step()
        second = ("exp_avg_sq", "row_var", "col_var")
        numbers[name] = sum(v.numel() for k, v in optimizer.state[W].items() if k in second)
    assert numbers == {"Adam": ROWS * COLUMNS, "Adafactor": ROWS + COLUMNS}


def test_a_lost_run_ends_with_its_step():
    (hparams,) = all_hparams("SGD", lr=1000.0)
    found = run(hparams, 100.0, 0, 200, False)
    assert found.diverged_at == found.steps < 200
    assert not torch.isfinite(found.loss[-1]) or not torch.isfinite(found.W).all()
    broken = torch.full((2, ROWS, COLUMNS), torch.inf)
    assert singular_values(broken).isnan().all()


def test_a_contest_in_steps_is_the_contest_at_once_and_has_no_result_before_its_end():
    settings = MatrixSettings(steps=10)
    all_hparams = tuple(hyperparameters_of(name)() for name in ("SGD", "Muon"))
    work = Contest(all_hparams, settings)
    work.advance(1)
    assert (work.update, work.total_updates, work.run()) == (10, 20, None)
    work.advance(1)
    assert work.finished
    assert tuple(run.hparams for run in contest(all_hparams, settings)) == work.run()
