"""Schedules against their closed forms, noisy runs against single runs, the cloud against theory."""

import ast
import json
import math
import warnings
from dataclasses import replace

import numpy as np
import pytest
import torch
from programs import printed
from visitor import after_presets, charts, components, shown, visit

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.noisy_runs import RUNS, NoisyRunsTask, frame_steps, levels, median_distance
from core.optimizers.program.schedules import schedules_program
from core.optimizers.schedules import BY_ROWS, PARAMETERS, SCHEDULES, ScheduleSettings, make_scheduler
from core.optimizers.settings import SurfaceSettings
from core.optimizers.stationary_variance import burn_in, cloud, ellipse, variance
from core.plane.derivatives import value_and_gradient
from core.plane.surfaces import SURFACES, surface_of
from core.program import source, with_constants
from core.settings import parameters
from figures.optimizers.schedules import base_of, clouds, end_table, label, schedule_losses, theory_table
from figures.style import GREY
from figures.words import fmt

BEALE, BOOTH = SurfaceSettings(), SurfaceSettings(surface="booth", x=-7.0, y=2.0)


def compare(surface, hparams, settings):
    """The constant learning rate and the schedule of the settings; twice the same where that is the constant one."""
    names = tuple(dict.fromkeys(("constant", settings.schedule)))
    found = NoisyRunsTask(surface, hparams, settings, names).run()
    return found[0], found[-1]


def recorded(settings):
    """The lr that each step uses when the scheduler steps after the optimizer."""
    p = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([p], lr=settings.lr)
    scheduler, found = make_scheduler(settings, optimizer), []
    for _ in range(settings.steps):
        found.append(optimizer.param_groups[0]["lr"])
        p.grad = torch.zeros(1)
        optimizer.step()
        scheduler.step(*([1.0] if settings.schedule == "plateau" else []))
    return found


def cosine(t, top, bottom, period):
    return bottom + (top - bottom) * (1 + math.cos(math.pi * t / period)) / 2


def one_cycle(t, s):
    """PyTorch's default: up by a cosine to max_lr, then down to max_lr / 25 / 10,000."""
    low, peak, last = s.lr / 25, s.pct_start * s.steps - 1, s.steps - 1
    if t <= peak:
        return cosine(t, low, s.lr, peak)
    return cosine(t - peak, s.lr, low / 1e4, last - peak)


def plateau(t, s):
    """For a loss that never changes: a cut after each `patience` + 1 steps, unless it would be below 1e-8."""
    lr = s.lr
    for _ in range(max(t - 1, 0) // (s.patience + 1)):
        lr = lr * s.factor if lr - lr * s.factor > 1e-8 else lr
    return lr


CLOSED = {
    "constant": lambda t, s: s.lr,
    "step": lambda t, s: s.lr * s.gamma ** (t // s.step_size),
    "multistep": lambda t, s: s.lr * s.gamma ** ((t >= s.milestone1) + (t >= s.milestone2)),
    "exponential": lambda t, s: s.lr * s.gamma_each**t,
    "linear": lambda t, s: s.lr * (1 - min(t, s.total_iters) / s.total_iters),
    "polynomial": lambda t, s: s.lr * (1 - min(t, s.total_iters) / s.total_iters) ** s.power,
    "cosine": lambda t, s: cosine(t, s.lr, s.eta_min, s.T_max),
    "restarts": lambda t, s: cosine(t % s.T_0, s.lr, s.eta_min, s.T_0),
    "warmup": lambda t, s: (
        s.lr * (s.start_factor + (1 - s.start_factor) * t / s.warmup)
        if t < s.warmup
        else cosine(t - s.warmup, s.lr, s.eta_min, s.T_max - s.warmup)
    ),
    "onecycle": one_cycle,
    "cyclic": lambda t, s: s.lr / 10 + 0.9 * s.lr * (1 - abs(t / s.step_size_up % 2 - 1)),
    "plateau": plateau,
}


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_each_schedule_equals_its_closed_form_at_every_step(schedule):
    usual = ScheduleSettings(schedule=schedule)
    other = replace(usual, lr=0.3, steps=200, T_max=60, warmup=20, step_size=30, milestone1=150, milestone2=20)
    for settings in (usual, replace(other, eta_min=0.01)):
        expected = [CLOSED[schedule](t, settings) for t in range(settings.steps)]
        assert recorded(settings) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_the_cosine_rises_again_after_T_max():
    lr = recorded(ScheduleSettings(T_max=200))
    assert lr[200] == pytest.approx(0.0, abs=1e-12)
    assert lr[400] == pytest.approx(lr[0])
    assert lr[300] == pytest.approx(lr[100])


def test_each_cycle_of_warm_restarts_is_T_mult_times_as_long():
    lr = recorded(ScheduleSettings(schedule="restarts", T_0=50, T_mult=2))
    tops = [t for t, value in enumerate(lr) if value == lr[0]]
    assert tops == [0, 50, 150, 350]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_ends_of_every_parameter_run_without_a_warning(schedule):
    kinds = parameters(ScheduleSettings)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in (*PARAMETERS[schedule], "lr", "steps"):
            for value in (kinds[name].low, kinds[name].high):
                lr = recorded(replace(ScheduleSettings(schedule=schedule, steps=60), **{name: value}))
                assert all(math.isfinite(x) and x >= 0 for x in lr), (name, value)


def single_run(surface, hparams, found, row):
    """One row by itself: the plain loop, with that row's noise and the recorded learning rates."""
    function, s = surface.shape.function, found.settings
    p = torch.tensor([[surface.x, surface.y]], dtype=torch.float64, requires_grad=True)
    optimizer = hparams.make([p], lr=s.lr)
    generator, places = torch.Generator().manual_seed(s.seed), [p.detach().clone()[0]]
    for step in range(s.steps):
        optimizer.param_groups[0]["lr"] = found.lr[step].item()
        _, gradient = value_and_gradient(function, p)
        noise = torch.randn(RUNS, 2, generator=generator, dtype=torch.float64)
        p.grad = gradient + s.noise * noise[row : row + 1]
        optimizer.step()
        places.append(p.detach().clone()[0])
    return torch.stack(places)


def same(a, b):
    return torch.equal(a.nan_to_num(nan=12345.0), b.nan_to_num(nan=12345.0))


@pytest.mark.parametrize("optimizer", BY_ROWS)
def test_each_row_equals_a_single_run_bit_for_bit(optimizer):
    hparams = hyperparameters_of(optimizer)()
    for surface, schedule in ((SurfaceSettings(), "onecycle"), (SurfaceSettings(surface="ackley"), "plateau")):
        settings = ScheduleSettings(optimizer=optimizer, schedule=schedule, lr=0.01, steps=40, noise=2.0, patience=3)
        found = compare(surface, hparams, settings)[1]
        assert same(found.path, single_run(surface, hparams, found, 0))
        for row in (100, RUNS - 1):
            assert same(found.clouds[:, row], single_run(surface, hparams, found, row)[list(found.frame_steps)])


def test_the_run_without_noise_is_the_plain_loop():
    settings = ScheduleSettings(steps=50, noise=7.0)
    constant, found = compare(SurfaceSettings(), hyperparameters_of("SGD")(), settings)
    function = surface_of("beale").function
    p = torch.tensor([1.2, 1.2], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([p], lr=0.02)
    for step in range(50):
        optimizer.zero_grad()
        loss = function(p[0], p[1])
        assert loss.item() == constant.noiseless[step]
        loss.backward()
        optimizer.step()
    assert not torch.equal(found.noiseless, constant.noiseless)


def test_the_plateau_looks_at_the_mean_loss_of_all_runs():
    settings = ScheduleSettings(schedule="plateau", steps=300, patience=5)
    found = compare(SurfaceSettings(), hyperparameters_of("SGD")(), settings)[1]
    assert len(set(found.lr.tolist())) > 2
    ratios = (found.lr[1:] / found.lr[:-1]).tolist()
    assert set(ratios) == {1.0, 0.5}


@pytest.mark.parametrize(
    "name, optimizer, momentum",
    [("booth", "SGD", 0.0), ("booth", "Momentum", 0.9), ("booth", "Momentum", 0.5), ("matyas", "Momentum", 0.9)],
)
def test_the_cloud_of_a_constant_lr_is_as_wide_as_theory_says(name, optimizer, momentum):
    hparams = hyperparameters_of(optimizer)(momentum=momentum)
    minimum = {"booth": (1.0, 3.0), "matyas": (0.0, 0.0)}[name]
    lr = {"booth": 0.05, "matyas": 0.6}[name]
    surface = SurfaceSettings(surface=name, x=minimum[0], y=minimum[1])  # from there, the start is soon forgotten
    expected, squares = None, []
    for seed in range(2):
        settings = ScheduleSettings(optimizer=optimizer, schedule="constant", lr=lr, noise=2.0, seed=seed)
        found = compare(surface, hparams, settings)[0]
        theory = cloud(surface, hparams, found)
        assert (theory.point.x, theory.point.y) == pytest.approx(minimum, abs=1e-9)
        expected = theory.expected
        squares.append(theory.measured.square())
    measured = torch.stack(squares).mean(dim=0).sqrt()
    error = 4 / math.sqrt(2 * 2 * RUNS)  # four standard errors of a spread from that many runs
    assert (measured / expected - 1).abs().max() < error


def test_the_variance_is_that_of_the_linear_recursion():
    for lr, h, b in ((0.1, 2.0, 0.0), (0.5, 1.0, 0.9), (0.9, 2.0, 0.3)):
        step = torch.tensor([[1 + b - lr * h, -b], [1.0, 0.0]], dtype=torch.float64)
        noise = torch.tensor([[(lr * 3.0) ** 2, 0.0], [0.0, 0.0]], dtype=torch.float64)
        P = noise.clone()
        for _ in range(5000):
            P = step @ P @ step.T + noise
        assert variance(lr, 3.0, h, b) == pytest.approx(P[0, 0].item(), rel=1e-9)
    assert variance(1.0, 1.0, 2.0) == math.inf == variance(0.1, 1.0, -1.0)


def test_a_falling_lr_ends_in_a_smaller_cloud_with_a_lower_loss():
    constant, found = compare(BOOTH, hyperparameters_of("SGD")(), ScheduleSettings(lr=0.05, noise=10.0))
    assert median_distance(BOOTH, found.clouds[-1]) < 0.5 * median_distance(BOOTH, constant.clouds[-1])
    assert found.band[-1, 1] < 0.1 * constant.band[-1, 1]


def test_the_ellipse_holds_its_share():
    surface = SurfaceSettings(surface="booth", x=1.0, y=3.0)
    hparams = hyperparameters_of("SGD")()
    found = compare(surface, hparams, ScheduleSettings(schedule="constant", lr=0.05, noise=2.0))[0]
    theory = cloud(surface, hparams, found)
    offset = (found.clouds[-1] - torch.tensor([1.0, 3.0], dtype=torch.float64)) @ theory.directions / theory.expected
    inside = (offset.square().sum(dim=1) <= -2 * math.log(0.1)).double().mean()
    assert inside == pytest.approx(0.9, abs=0.06)
    edge = (ellipse(theory) - torch.tensor([1.0, 3.0], dtype=torch.float64)) @ theory.directions / theory.expected
    assert torch.allclose(edge.square().sum(dim=1), torch.tensor(-2 * math.log(0.1), dtype=torch.float64))


def test_theory_is_silent_where_it_does_not_hold():
    booth, settings = BOOTH, ScheduleSettings(schedule="constant", lr=0.05)
    for name, changes in (("Adam", {}), ("Nesterov", {}), ("SGD", {"weight_decay": 0.1})):
        hparams = hyperparameters_of(name)(**changes)
        found = compare(booth, hparams, replace(settings, optimizer=name))[0]
        assert cloud(booth, hparams, found) is None
    sgd = hyperparameters_of("SGD")()
    assert cloud(booth, sgd, compare(booth, sgd, replace(settings, lr=0.12))[0]) is None  # above 2/L = 1/9
    assert cloud(booth, sgd, compare(booth, sgd, replace(settings, noise=0.0))[0]) is None
    saddle = SurfaceSettings(surface="saddle")
    assert cloud(saddle, sgd, compare(saddle, sgd, replace(settings, steps=20))[0]) is None


def test_runs_that_diverge_are_counted_and_the_first_step_is_known():
    settings = ScheduleSettings(lr=1.0, schedule="constant", steps=50)
    found = compare(SurfaceSettings(), hyperparameters_of("SGD")(), settings)[0]
    assert found.diverged == RUNS
    assert 0 < found.diverged_at < 50
    assert found.band[-1].tolist() == [math.inf] * 3
    assert math.isnan(median_distance(SurfaceSettings(), found.clouds[-1]))


def test_the_median_distance_is_that_to_the_nearest_minimum_or_to_the_middle():
    himmelblau = SurfaceSettings(surface="himmelblau")
    minima = torch.tensor([(point.x, point.y) for point in himmelblau.shape.minima], dtype=torch.float64)
    off = torch.tensor([[0.1, 0.0], [0.0, 0.2], [0.3, 0.0], [0.0, 0.4]], dtype=torch.float64)
    assert median_distance(himmelblau, minima + off) == pytest.approx(0.2)
    points = torch.tensor([[1.0, 0.0], [2.0, 0.0], [4.0, 0.0]], dtype=torch.float64)
    assert median_distance(SurfaceSettings(surface="saddle"), points) == pytest.approx(1.0)
    points[:2] = torch.nan
    assert math.isnan(median_distance(himmelblau, points))


def test_levels_count_what_is_no_number_as_infinite():
    loss = torch.arange(256, dtype=torch.float64)
    assert levels(loss).tolist() == [25.0, 127.0, 229.0]
    loss[::2] = torch.nan
    assert levels(loss)[2] == math.inf


def test_work_that_is_stopped_shows_what_there_is_and_goes_on_to_the_same_end():
    settings, hparams, names = ScheduleSettings(steps=60), hyperparameters_of("Adam")(), ("constant", "cosine")
    whole = NoisyRunsTask(SurfaceSettings(), hparams, settings, names).run()
    task = NoisyRunsTask(SurfaceSettings(), hparams, settings, names)
    task.step(7)
    for part, all_of_it in zip(task.result(), whole, strict=True):
        assert (part.steps, part.frame_steps[-1]) == (7, 7)
        assert len(part.frame_steps) == len(part.clouds)
        assert torch.equal(part.path, all_of_it.path[:8])
        assert torch.equal(part.band, all_of_it.band[:8])
    assert not task.finished
    for end, all_of_it in zip(task.run(), whole, strict=True):
        assert torch.equal(end.clouds, all_of_it.clouds)
        assert end.frame_steps == frame_steps(60)


def test_frames_hold_start_and_end():
    for steps in (20, 50, 51, 333, 500):
        frames = frame_steps(steps)
        assert (frames[0], frames[-1]) == (0, steps)
        assert len(frames) <= 51


def test_every_start_has_a_finite_default_run():
    for name, surface in SURFACES.items():
        settings = SurfaceSettings(surface=name, x=surface.start[0], y=surface.start[1])
        found = compare(settings, hyperparameters_of("SGD")(), ScheduleSettings(steps=20, lr=1e-4))
        assert torch.isfinite(found[1].band).all(), name


@pytest.mark.parametrize("momentum, lr, h", [(0.0, 0.05, 2.0), (0.0, 0.105, 18.0), (0.9, 0.05, 2.0), (0.9, 0.05, 18.0)])
def test_the_start_is_forgotten_as_fast_as_burn_in_says(momentum, lr, h):
    """After 3 times as many steps, e⁻⁹ of the start is left, but for the shape of the swing."""
    x, v, steps = 1.0, 0.0, burn_in(lr, h, momentum)
    for _ in range(round(3 * steps)):
        v = momentum * v + lr * h * x
        x -= v
    assert max(abs(x), abs(v)) < 12 * math.exp(-9)
    assert burn_in(0.05, 18.0, 0.9) == pytest.approx(-3 / math.log(0.9**0.5))
    assert burn_in(1.0, 2.5) == math.inf


def runs_of(surface=BEALE, name="SGD", **changes):
    return tuple(dict.fromkeys(compare(surface, hyperparameters_of(name)(), ScheduleSettings(name, **changes))))


def named(figure, name):
    return next(trace for trace in figure.data if trace.name == name)


def test_each_frame_holds_the_clouds_and_the_path_up_to_its_step():
    runs = runs_of(steps=120)
    picture = clouds(BEALE, runs, None)
    assert len(picture.frames) == len(runs[1].frame_steps)
    for i, frame in enumerate(picture.frames):
        assert [picture.figure.data[trace].name for trace in frame["traces"]] == ["constant lr", "cosine"]
        for data, each in zip(frame["data"], runs, strict=True):
            assert np.array_equal(data["x"], each.clouds[i, :, 0].numpy().astype(np.float32))
            assert len(data["y"]) == RUNS
    path = named(picture.figure, "one run")
    assert np.array_equal(path.x, runs[1].path[:, 0].numpy().astype(np.float32))
    assert path.meta["upto"] == list(runs[1].frame_steps)


def test_the_cursor_stands_on_the_median_and_on_the_lr_of_the_next_step():
    runs = runs_of(steps=100)
    picture = schedule_losses(BEALE, runs)
    for step, frame in zip(runs[1].frame_steps, picture.frames, strict=True):
        loss, lr = frame["data"]
        assert loss["x"][0] == lr["x"][0] == step
        assert loss["y"][0] == pytest.approx(runs[1].band[step, 1].item(), rel=1e-6)
        assert lr["y"][0] == runs[1].lr[min(step, 99)]
    assert named(picture.figure, "lr here").cliponaxis is False  # a mark on the edge is whole
    assert (picture.figure.layout.yaxis.type, picture.figure.layout.yaxis2.type) == ("log", None)
    assert f"lr = {runs[1].lr[50].item():.3g}" in label(runs, 25)


@pytest.mark.parametrize("changes", [{}, {"noise": 0.0}, {"schedule": "constant"}, {"lr": 50.0}])
@pytest.mark.parametrize("name", ["beale", "saddle", "mccormick", "typed"])
def test_captions_say_the_numbers_of_the_runs_on_any_surface(name, changes):
    surface = SurfaceSettings(surface=name, text="-exp(x) + y^4")
    runs = runs_of(surface, **{"steps": 40} | changes)
    for picture, ends in (
        (clouds(surface, runs, None), [median_distance(surface, each.clouds[-1]) for each in runs]),
        (schedule_losses(surface, runs), [each.band[-1, 1].item() for each in runs]),
    ):
        said = [fmt(value, 3) if math.isfinite(value) else "diverged" for value in ends]
        assert all(each in picture.caption for each in said)
        assert len(picture.caption.split()) <= 45
        assert len(picture.json) < 1_000_000
        assert picture.caption.count("constant lr") == 1
    table = end_table(surface, runs)
    assert all(f"{each.diverged} of {RUNS}" in table for each in runs)
    assert "nan" not in table
    assert "inf" not in table
    assert "diverged to diverged" not in table
    assert ("distance to a minimum" in table) == bool(surface.shape.minima)
    assert ("noise of its own" in clouds(surface, runs, None).caption) == (runs[0].settings.noise > 0)
    drawn = [trace.name for trace in clouds(surface, runs, None).figure.data]
    assert drawn.count("constant lr") == 1


def test_the_lines_of_the_map_are_seen_in_both_themes_and_the_legend_has_the_page_s_colours():
    figure = clouds(BEALE, runs_of(steps=20), None).figure
    assert figure.data[0].contours.coloring == "none"
    assert figure.data[0].line.color == GREY
    assert (figure.layout.legend.bgcolor, figure.layout.legend.font.color) == (None, None)


def test_losses_are_counted_from_the_lowest_minimum_where_there_is_one():
    himmelblau, saddle = (SurfaceSettings(surface=name) for name in ("himmelblau", "saddle"))
    assert base_of(himmelblau, runs_of(himmelblau, steps=20)) == pytest.approx(0, abs=1e-12)
    assert base_of(saddle, runs_of(saddle, steps=20)) is None


def test_the_theory_s_table_has_its_numbers():
    runs = runs_of(SurfaceSettings(surface="booth", x=1.0, y=3.0), lr=0.05)
    theory = cloud(SurfaceSettings(surface="booth", x=1.0, y=3.0), hyperparameters_of("SGD")(), runs[0])
    table = theory_table(theory)
    assert all(fmt(value, 3) in table for value in (*theory.expected.tolist(), *theory.measured.tolist()))


PROGRAMS = [
    (SurfaceSettings(surface="ackley"), {"beta1": 0.8}, ScheduleSettings("Adam", "plateau", steps=60)),
    (
        SurfaceSettings(surface="typed", text="x^2 + pi*abs(y)"),
        {},
        ScheduleSettings("Rprop", "warmup", steps=60, seed=5),
    ),
    (SurfaceSettings(surface="typed", text="2"), {}, ScheduleSettings("SGD", "onecycle", steps=33, lr=0.3)),
    (SurfaceSettings(surface="rosenbrock"), {}, ScheduleSettings("Nesterov", "multistep", lr=1.0, steps=20)),
    (SurfaceSettings(surface="booth"), {}, ScheduleSettings("NAdam", "restarts", noise=0.0, steps=20)),
    (SurfaceSettings(surface="booth"), {}, ScheduleSettings("ASGD", "cyclic", noise=50.0, steps=21)),
    (BEALE, {}, ScheduleSettings(steps=20)),
]


def test_the_programs_print_the_lines_of_the_page():
    made = []
    for surface, changes, settings in PROGRAMS:
        hparams = hyperparameters_of(settings.optimizer)(**changes)
        made.append(schedules_program(surface, hparams, compare(surface, hparams, settings)[1]))
    said = printed([program.text for program in made], warnings_are_errors=True)
    assert said == [list(program.prints) for program in made]
    usual = with_constants(made[-1].text, {"STEPS": ScheduleSettings().steps})
    assert ast.dump(ast.parse(usual)) == ast.dump(ast.parse(source("optimizers_schedules")))


def words(at):
    return "\n".join(shown(at))


def test_each_preset_shows_what_it_promises():
    promised = {
        "It rises again": "cosine (CosineAnnealingLR) | 0.01",
        "Warm-up saves it": f"{RUNS} of {RUNS}, from step",
        "A bowl": "256 of 256 runs end nearest to the minimum (1, 3)",
        "Stalled": "ReduceLROnPlateau",
        "Warm restarts": "CosineAnnealingWarmRestarts",
        "It falls": "CosineAnnealingLR",
    }
    at = visit("optimizers", view="schedules", **{"schedules.steps": "20"})
    for said in after_presets(at, "optimizers", promised):
        assert said in words(at)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_is_drawn_with_its_own_settings_alone(schedule):
    at = visit("optimizers", view="schedules", **{"schedules.schedule": schedule, "schedules.steps": "20"})
    assert not at.exception
    assert not at.error
    assert [len(json.loads(chart["figure"])["frames"]) for chart in charts(at)] == [21, 21]
    (scrubber,) = components(at, "scrubber")
    assert scrubber["charts"] == ["schedule_clouds", "schedule_losses"]
    kinds = {
        control.key.removeprefix("optimizers.schedules.")
        for control in [*at.select_slider, *at.slider, *at.number_input]
    }
    every = {name for names in PARAMETERS.values() for name in names}
    assert kinds & every == set(PARAMETERS[schedule])


@pytest.mark.parametrize(
    "surface, noise, lr",
    [("saddle", "1000", "100"), ("monkey", "0", "1e-06"), ("rastrigin", "1000", "0.01"), ("typed", "1000", "100")],
)
def test_the_wildest_values_of_the_link_are_harmless(surface, noise, lr):
    wild = {"surface": surface, "schedules.noise": noise, "schedules.lr": lr, "schedules.steps": "30", "x": "20"}
    at = visit("optimizers", view="schedules", text="exp(exp(x)) + 0/y", **wild)
    assert not at.exception
    assert not at.error
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))


def test_an_optimizer_that_takes_no_schedule_is_named():
    at = visit("optimizers", view="schedules", **{"schedules.optimizer": "Rprop", "schedules.steps": "20"})
    assert "no schedule reaches it" in words(at)
