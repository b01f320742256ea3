"""Each step written out agrees with the step that the real class takes, and with all that it keeps."""

import copy
import math
import re
from functools import cache

import pytest
import torch

from core.optim.classes import optimizer_classes
from core.optim.hyperparameters import hyperparameters_of
from core.optim.known import PLANE_OPTIMIZERS
from core.optimizers.explain.classes import EXPLAINS, explain
from core.optimizers.explain.derivation import NAME
from core.optimizers.outcome import above_limit
from core.optimizers.race import Runner, race
from core.optimizers.settings import SurfaceSettings
from core.optimizers.update import angle_to_downhill, explained, opening, step_trace
from core.plane.surfaces import SURFACES

STEPS = 8
GROUNDS = {
    name: SurfaceSettings(surface=name, x=SURFACES[name].start[0], y=SURFACES[name].start[1])
    for name in ("beale", "rosenbrock", "rastrigin")
}
OTHERS = {
    "SGD": [{"weight_decay": 0.1}],
    "Momentum": [{"dampening": 0.3, "weight_decay": 0.02}],
    "Nesterov": [{"momentum": 0.5, "weight_decay": 0.1}],
    "ASGD": [{"t0": 3.0, "lambd": 0.01, "weight_decay": 0.1}, {"alpha": 0.25, "t0": 0.0}],
    "Adagrad": [{"lr_decay": 0.1, "weight_decay": 0.1, "initial_accumulator_value": 0.1, "eps": 1e-3}],
    "Adadelta": [{"rho": 0.5, "eps": 1e-3, "weight_decay": 0.1}],
    "RMSprop": [{"momentum": 0.9, "weight_decay": 0.1}, {"centered": True, "alpha": 0.8}, {"eps": 0.1}],
    "Rprop": [{"eta_minus": 0.3, "eta_plus": 2.0, "step_max": 0.1}, {"step_min": 0.005}],
    "Adam": [
        {"weight_decay": 0.1},
        {"weight_decay": 0.1, "decoupled_weight_decay": True},
        {"amsgrad": True, "beta2": 0.5},
    ],
    "AdamW": [{"amsgrad": True, "beta1": 0.5}, {"weight_decay": 0.0, "eps": 0.1}],
    "Adamax": [{"weight_decay": 0.1, "eps": 1e-3}, {"beta1": 0.0, "beta2": 0.5}],
    "NAdam": [{"weight_decay": 0.1}, {"weight_decay": 0.1, "decoupled_weight_decay": True, "momentum_decay": 0.1}],
    "RAdam": [{"weight_decay": 0.1, "beta2": 0.9}, {"weight_decay": 0.1, "decoupled_weight_decay": True, "beta2": 0.5}],
    "SparseAdam": [{"eps": 0.01}, {"beta1": 0.5, "beta2": 0.8}],
    "Adafactor": [{"weight_decay": 0.1, "d": 2.0}, {"beta2_decay": -0.5, "eps2": 1.0}],
    "LBFGS": [{"max_iter": 3, "history_size": 2}, {"line_search_fn": "strong_wolfe"}, {"max_iter": 1}],
}
CASES = [(name, {"lr": 0.02} | other) for name in PLANE_OPTIMIZERS for other in ({}, *OTHERS[name])]


@cache
def run_of(name, changes, ground):
    return step_trace(GROUNDS[ground], hyperparameters_of(name)(**dict(changes)), STEPS)


def runs(name, changes):
    return [run_of(name, tuple(changes.items()), ground) for ground in GROUNDS]


def close(found, true, scale=0.0):
    found, true = torch.as_tensor(found, dtype=torch.float64), torch.as_tensor(true, dtype=torch.float64)
    return bool(((found - true).abs() <= 1e-12 * true.abs() + scale).all()) or torch.equal(found, true)


@pytest.mark.parametrize(("name", "changes"), CASES)
def test_the_terms_add_up_to_the_step_that_the_real_class_takes(name, changes):
    for trace in runs(name, changes):
        assert trace.run.steps >= 3
        for i in range(trace.run.steps):
            taken, shown = trace.run.path[i + 1] - trace.run.path[i], explained(trace, i)
            rounding = 4 * torch.finfo(torch.float64).eps * trace.run.path[i : i + 2].abs().amax(dim=0)
            assert close(trace.terms[i].sum(dim=0), taken, rounding), (i, trace.terms[i], taken)
            assert close(shown.step, taken, rounding)
            assert [(term.kind, term.name) for term in shown.terms] == list(trace.names) or name == "LBFGS"


@pytest.mark.parametrize(("name", "changes"), CASES)
def test_what_the_optimizer_keeps_is_what_is_written(name, changes):
    for trace in runs(name, changes):
        for i in range(trace.run.steps):
            kept = {q.kept: q.value for q in explained(trace, i).quantities if q.kept}
            after = trace.states[i + 1]
            for key, value in kept.items():
                assert close(value, after[key]), (key, i, value, after[key])
            assert name == "LBFGS" or set(after) - {"step"} == set(kept)


@pytest.mark.parametrize(("name", "changes"), CASES)
def test_each_formula_with_its_numbers_put_in_gives_its_value(name, changes):
    for trace in runs(name, changes):
        for i in (0, 1, trace.run.steps - 1):
            shown = explained(trace, i)
            for line in (*shown.quantities, *shown.terms):
                if "{" not in line.formula:
                    continue
                for axis in (0, 1):
                    true = part(line.value, axis)
                    used = [abs(part(shown[symbol], axis)) for symbol in NAME.findall(line.formula)]
                    if not max([*used, abs(true)]) < 1e150:  # on its way out; Python refuses the square of such a float
                        continue
                    found = calculated(line.formula, shown.symbols, axis)
                    assert math.isclose(found, true, rel_tol=1e-6, abs_tol=1e-13 * max([*used, 1e-300])), (
                        line,
                        found,
                        true,
                    )


def part(value, axis):
    return value[axis].item() if isinstance(value, torch.Tensor) and value.ndim else float(value)


def calculated(formula, symbols, axis):
    """The formula's value: the text itself is evaluated, so that it cannot say anything else than what is computed."""
    text = NAME.sub(lambda found: f"({part(symbols[found[1]], axis)!r})", formula)
    for sign, python in (("−", "-"), ("·", "*"), ("²", "**2"), ("^", "**"), ("√", "math.sqrt")):
        text = text.replace(sign, python)
    text = re.sub(r"\|([^|]+)\|", r"abs(\1)", text)
    return eval(text, {"math": math, "sign": lambda v: (v > 0) - (v < 0), "max": max, "min": min})


@pytest.mark.parametrize("name", PLANE_OPTIMIZERS)
def test_the_run_is_the_race_s(name):
    for ground in GROUNDS.values():
        hparams = hyperparameters_of(name)(lr=0.02)
        (raced,) = race(ground, (hparams,), STEPS).runs
        trace = step_trace(ground, hparams, STEPS)
        assert torch.equal(trace.run.path, raced.path)
        assert torch.equal(trace.run.loss, raced.loss)
        assert trace.run.diverged == raced.diverged
        assert torch.equal(trace.run.gradients_taken, raced.gradients_taken)


@pytest.mark.parametrize("search", ["none", "strong_wolfe"])
def test_the_moves_of_lbfgs_are_those_of_the_class_with_fewer_moves(search):
    hparams, ground = hyperparameters_of("LBFGS")(lr=0.3, line_search_fn=search), GROUNDS["beale"]
    trace = step_trace(ground, hparams, 3)
    runner = Runner(hparams, trace.run.path[0], trace.surface.shape.function)
    for step in range(2):
        for move, place in enumerate(trace.within[step][1:], 1):
            state = copy.deepcopy(runner.optimizer.state_dict())
            other = Runner(hparams, trace.run.path[step], trace.surface.shape.function)
            other.optimizer.load_state_dict(state)
            other.optimizer.param_groups[0]["max_iter"] = move
            other.step(torch.zeros(2))
            assert torch.equal(other.point.detach(), place)
        runner.step(torch.zeros(2))


def test_the_first_move_of_lbfgs_has_the_direction_that_the_class_keeps():
    for ground in GROUNDS.values():
        trace = step_trace(ground, hyperparameters_of("LBFGS")(lr=0.1, max_iter=1, history_size=3), STEPS)
        for i in range(trace.run.steps):
            if len(trace.within[i]) < 2:
                continue
            shown, after = explained(trace, i), trace.states[i + 1]
            torch.testing.assert_close(shown["d"], after["d"], rtol=1e-12, atol=0)
            assert close(shown["τ"], after["t"])
            assert i == 0 or close(shown["γ"], after["H_diag"]) or shown["y·s"] <= 1e-10


def test_every_class_of_torch_optim_is_explained():
    assert set(EXPLAINS) | {"LBFGS"} == set(optimizer_classes())


@pytest.mark.parametrize("changes", [{}, {"nesterov": False, "weight_decay": 0.0}, {"adjust_lr_fn": "match_rms_adamw"}])
@pytest.mark.parametrize("shape", [(3, 2), (2, 4)])
def test_muon_s_step_is_the_real_one(changes, shape):
    source = torch.Generator().manual_seed(0)
    p = torch.randn(shape, generator=source, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Muon([p], **{"lr": 0.1} | changes)
    for _ in range(4):
        p.grad = torch.randn(shape, generator=source, dtype=torch.float64)
        state = {key: value.clone() for key, value in optimizer.state.get(p, {}).items()}
        before = p.detach().clone()
        shown = explain("Muon", optimizer.param_groups[0], state, before, p.grad.clone())
        optimizer.step()
        torch.testing.assert_close(shown.step, p.detach() - before, rtol=1e-12, atol=1e-15)
        torch.testing.assert_close(sum(term.value for term in shown.terms), shown.step, rtol=1e-12, atol=1e-15)
        assert torch.equal(shown["mₜ"], optimizer.state[p]["momentum_buffer"])


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Adam", 0.01),
        ("AdamW", 0.01),
        ("Adagrad", 0.01),
        ("Adamax", 0.01),
        ("Rprop", 0.01),
        ("RMSprop", 0.1),
        ("Adadelta", 0.01 * math.sqrt(1e-6 / 0.1)),
    ],
)
def test_first_steps_have_the_known_length_whatever_the_gradient(name, first):
    for ground in GROUNDS.values():
        quiet = {"weight_decay": 0.0} if name == "AdamW" else {}
        shown = explained(step_trace(ground, hyperparameters_of(name)(lr=0.01, **quiet), 1), 0)
        torch.testing.assert_close(shown.step, -first * shown["g"].sign(), rtol=1e-5, atol=0)


def test_radam_divides_from_its_sixth_step_on():
    trace = step_trace(GROUNDS["beale"], hyperparameters_of("RAdam")(lr=0.01), 8)
    assert ["r" in explained(trace, i) for i in range(8)] == [False] * 5 + [True] * 3


def test_a_run_that_diverges_ends_and_says_why():
    run = step_trace(GROUNDS["rosenbrock"], hyperparameters_of("SGD")(lr=1.0), 50).run
    assert run.diverged_at == run.steps < 50
    assert "infinite" in run.diverged or "NaN" in run.diverged
    assert torch.isfinite(run.path[:-1]).all()


@pytest.mark.parametrize("name", ["Momentum", "Nesterov"])
def test_a_run_that_diverges_opens_where_its_lr_is_above_the_limit_for_good(name):
    trace = step_trace(SurfaceSettings(x=1.0, y=1.5), hyperparameters_of(name)(lr=0.01), 200)
    run, at = trace.run, opening(trace)
    assert 1 <= at < run.steps - 1
    assert above_limit(run, run.steps - 1, trace.surface.shape.function).step == at


def test_other_runs_open_early_and_never_at_the_step_that_ends_them():
    assert opening(step_trace(GROUNDS["beale"], hyperparameters_of("Adam")(lr=0.01), 200)) == 4
    assert opening(step_trace(GROUNDS["beale"], hyperparameters_of("Adam")(lr=0.01), 2)) == 1
    diverged = step_trace(GROUNDS["rosenbrock"], hyperparameters_of("SGD")(lr=1.0), 50)
    assert opening(diverged) < diverged.run.steps - 1


def test_where_no_step_is_possible_nothing_is_explained():
    trace = step_trace(SurfaceSettings(surface="typed", text="log(x) + y", x=-1.0), hyperparameters_of("Adam")(), 5)
    assert (trace.run.steps, trace.terms, trace.run.diverged_at, opening(trace)) == (0, (), 0, 0)


def test_the_angle_to_downhill():
    sgd = step_trace(GROUNDS["beale"], hyperparameters_of("SGD")(lr=0.001), 5)
    assert [angle_to_downhill(sgd, at) for at in range(5)] == pytest.approx([0.0] * 5, abs=1e-5)
    uphill = SurfaceSettings(surface="himmelblau", x=-0.5, y=-1.5)
    momentum = step_trace(uphill, hyperparameters_of("Momentum")(lr=0.005), 20)
    step, down = momentum.step(13), -momentum.run.gradient[13]
    assert step @ down < 0
    angle = angle_to_downhill(momentum, 13)
    assert math.cos(math.radians(angle)) == pytest.approx((step @ down / step.norm() / down.norm()).item())
    tiny = step_trace(SurfaceSettings(surface="typed", text="exp(-x^2)", x=20.0, y=0.0), hyperparameters_of("SGD")(), 2)
    level = step_trace(SurfaceSettings(surface="typed", text="3"), hyperparameters_of("AdamW")(), 2)
    assert angle_to_downhill(tiny, 0) is None  # too short to move
    assert angle_to_downhill(level, 0) is None  # weight decay moves it, but nothing is downhill


def test_the_average_of_asgd_is_that_of_the_places_after_step_t0_plus_1():
    trace = step_trace(GROUNDS["beale"], hyperparameters_of("ASGD")(lr=0.001, t0=3.0), STEPS)
    for after in range(1, STEPS + 1):
        places = trace.run.path[min(after, 5) : after + 1]
        torch.testing.assert_close(trace.states[after]["ax"], places.mean(dim=0), rtol=1e-6, atol=0)
