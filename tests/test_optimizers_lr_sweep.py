"""Many learning rates of one optimizer at once are the runs of the single ones, and the best of them is the lowest."""

import ast
import json
import math
from dataclasses import replace
from functools import cache
from unittest import mock

import numpy as np
import pytest
import torch
from programs import printed
from visitor import charts, shown, visit

from core.optim.hyperparameters import hyperparameters_of
from core.optim.known import PLANE_OPTIMIZERS
from core.optimizers.lbfgs_run import LbfgsRun
from core.optimizers.lr_sweep import LBFGS_RATES, LrCurve, LrSweepTask, frame_steps
from core.optimizers.program.lr_sweep import lr_sweep_program
from core.optimizers.race import RaceTask
from core.optimizers.settings import RaceSettings, SurfaceSettings
from core.plane.lr_batch import BASES, learning_rates, lr_batch
from core.plane.surfaces import SURFACES
from core.program import source, with_constants
from figures.optimizers.heights import FLOOR
from figures.optimizers.lr_sweep import lr_rows_picture, lr_sweep_picture
from figures.words import fmt
from pages.optimizers import lr_sweep as page

STEPS = 20
DECAYS = ("SGD", "Nesterov", "Adagrad", "RMSprop", "Adam", "AdamW", "NAdam", "RAdam", "Adafactor", "ASGD")
DECOUPLED = {"weight_decay": 0.05, "decoupled_weight_decay": True}
CASES = [  # name, hyperparameters, surface, every how many learning rates, from which on
    *(
        (name, {}, "beale", 2 if name == "LBFGS" else 5 if name in ("ASGD", "Adafactor") else 4, 0)
        for name in PLANE_OPTIMIZERS
    ),
    *((name, {}, "ackley", 6, 1) for name in ("SGD", "Momentum", "Adam", "Rprop", "SparseAdam")),
    *((name, {"weight_decay": 0.05}, "himmelblau", 5, 2) for name in DECAYS),
    *((name, DECOUPLED, "himmelblau", 5, 2) for name in ("Adam", "NAdam", "RAdam")),
    ("SGD", {"momentum": 0.5, "dampening": 0.3}, "rosenbrock", 7, 1),
    ("Adagrad", {"lr_decay": 0.1, "initial_accumulator_value": 1.0}, "rosenbrock", 7, 1),
    ("RMSprop", {"centered": True, "momentum": 0.8}, "rosenbrock", 7, 1),
    ("Adam", {"amsgrad": True, "beta1": 0.5}, "rosenbrock", 7, 1),
    ("NAdam", {"momentum_decay": 0.1}, "rosenbrock", 7, 1),
    ("Rprop", {"step_max": 0.5, "eta_plus": 1.5}, "rosenbrock", 7, 1),
    ("ASGD", {"lambd": 0.1, "t0": 10.0}, "rosenbrock", 7, 1),
]


def on(name):
    x, y = SURFACES[name].start
    return SurfaceSettings(surface=name, x=x, y=y)


def single(surface, hparams, lr, steps):
    """The race's run with one learning rate alone."""
    return RaceTask(surface, (replace(hparams, lr=lr),), steps).run().runs[0]


def swept(surface, steps, *names, **changes):
    return LrSweepTask(surface, tuple(hyperparameters_of(name)(**changes) for name in names), steps).run()


def test_the_learning_rates_are_half_octaves_of_exact_scales():
    lr = learning_rates().tolist()
    assert lr == [2.0 ** (k / 2) for k in range(-34, 14)]
    for name in PLANE_OPTIMIZERS:
        if name != "LBFGS":
            start = torch.tensor([1.0, 2.0]).double()
            batch = lr_batch(hyperparameters_of(name)(), start)
            assert torch.equal(batch.points(), start.expand(len(batch.lr), 2))
            assert batch.lr.tolist() in (lr, lr[:: len(BASES)])


@pytest.mark.parametrize(("name", "changes", "surface", "every", "first"), CASES)
def test_every_learning_rate_is_bit_for_bit_the_single_run(name, changes, surface, every, first):
    hparams = hyperparameters_of(name)(**changes)
    (curve,) = LrSweepTask(on(surface), (hparams,), STEPS).run().curves
    for i in range(first, len(curve.lr), every):
        run = single(on(surface), hparams, curve.lr[i].item(), STEPS)
        for step, loss in zip(frame_steps(STEPS), curve.loss[:, i].tolist(), strict=True):
            if run.diverged_at is not None and step >= run.diverged_at:
                assert math.isnan(loss)
            else:
                assert loss == run.loss[step].item(), (curve.lr[i], step)


def test_lbfgs_at_rest_would_not_have_moved():
    surface = on("booth")
    start = torch.tensor([surface.x, surface.y]).double()
    run = LbfgsRun(hyperparameters_of("LBFGS")(), 1.0, start, surface.shape.function, [0, 20])
    run.go_on(21)
    assert run.at_rest
    assert run.finished
    point = run.x.detach().clone()
    for _ in range(5):
        run.optimizer.step(run._closure)
        assert torch.equal(point, run.x.detach())


def test_the_best_is_the_learning_rate_whose_single_run_ends_lowest():
    names = ("SGD", "Momentum", "Adam", "Rprop", "LBFGS")
    surface = on("rosenbrock")
    best = swept(surface, STEPS, *names).best()
    assert list(best) == list(names)
    for name in names:
        ends = {}
        for lr in LBFGS_RATES if name == "LBFGS" else sorted({*learning_rates().tolist()[::3], best[name]}):
            run = single(surface, hyperparameters_of(name)(), lr, STEPS)
            if run.diverged_at is None:
                ends[lr] = run.loss[-1].item()
        assert best[name] == min(ends, key=ends.get)


def test_divergence_begins_where_single_runs_begin_to_diverge():
    curve = swept(on("booth"), 500, "SGD").of("SGD")
    first = curve.diverges_from()
    runs = {lr: single(on("booth"), curve.hparams, lr, 500) for lr in (first, first / 2**0.5)}
    assert [run.diverged_at is None for run in runs.values()] == [False, True]
    assert curve.diverged().tolist() == (curve.lr >= first).tolist()


def curve(*ends, start=100.0):
    """SGD with one learning rate for each loss at the end."""
    end = torch.tensor(ends, dtype=torch.float64)
    return LrCurve(
        hyperparameters_of("SGD")(), learning_rates()[: len(end)], torch.stack([torch.full_like(end, start), end])
    )


def test_ties_and_divergence():
    nan = math.nan
    lr = learning_rates().tolist()
    assert curve(2, 1, 1, nan, 1).best() == 1  # the first of equals
    assert curve(nan, 3).best() == 1
    assert curve(nan, nan).best() is None
    assert curve(2, 1, 1, nan, 1).diverges_from() is None  # in between does not count
    assert curve(1, nan, 1, nan, nan).diverges_from() == lr[3]
    assert curve(nan, nan).diverges_from() == lr[0]
    assert curve(1).diverges_from() is None
    assert curve(nan, nan).diverged(0).tolist() == [False, False]


def test_who_came_down_is_a_thousandth_of_the_first_height_above_the_lowest():
    assert curve(0.1, 0.11, math.nan, -5).came_down(0.0).tolist() == [True, False, False, True]
    assert curve(70.02, 70.05, start=100.0).came_down(70.0).tolist() == [True, False]
    assert curve(0.0, 1.0).came_down(None).tolist() == [False, False]
    assert not curve(0.0, 1.0).came_down(0.0, 0).any()


def test_lowest_is_the_lowest_minimum_unless_a_run_gets_below_it():
    assert swept(on("himmelblau"), 5, "SGD").lowest == pytest.approx(0, abs=1e-12)
    assert swept(on("saddle"), 5, "SGD").lowest is None
    below = swept(SurfaceSettings(surface="typed", text="x^3 - 3*x + y^2", x=-1.5, y=1.0), 40, "SGD")
    assert below.surface.shape.minima
    assert below.lowest is None


def test_sgd_s_best_on_a_bowl_is_next_to_theory_s():
    # 2/(mu + L): Booth's curvatures are 2 and 18, so 0.1; half an octave is a factor of 1.41.
    sweep = swept(on("booth"), 60, "SGD")
    assert 0.1 / 2**0.5 < sweep.best()["SGD"] < 1 / 9  # 2/L is the cliff
    sgd = sweep.of("SGD")
    above = sgd.lr > 1 / 9
    assert bool((sgd.loss[-1][above] > sgd.loss[0][above]).logical_or(sgd.diverged()[above]).all())


def test_unfinished_work_shows_what_there_is_and_own_learning_rates_do_not_count():
    all_hparams = tuple(hyperparameters_of(name)() for name in ("Adam", "LBFGS"))
    task = LrSweepTask(SurfaceSettings(), all_hparams, 100)
    assert task.total <= 1000
    assert task.key == LrSweepTask(SurfaceSettings(), tuple(replace(h, lr=0.5) for h in all_hparams), 100).key
    task.step(31)
    found = task.result()
    assert found.frame_steps[-1] <= 30 < frame_steps(100)[len(found.frame_steps)]
    assert [each.name for each in found.curves] == ["Adam"]
    assert found.curves[0].loss.shape == (len(found.frame_steps), 48)
    while not task.finished:
        assert task.progress
        task.step(7)
    assert [each.name for each in task.result().curves] == ["Adam", "LBFGS"]
    assert task.result().of("LBFGS").lr.tolist() == sorted(LBFGS_RATES)
    assert task.result().of("SGD") is None


@pytest.mark.parametrize("steps", [1, 24, 25, 200, 500])
def test_every_run_of_lbfgs_comes_to_its_end(steps):
    curve = swept(on("rosenbrock"), steps, "LBFGS").of("LBFGS")
    assert len(curve.lr) == len(LBFGS_RATES)
    assert len(curve.loss) == len(frame_steps(steps))


def test_a_function_without_any_value_has_no_best():
    surface = SurfaceSettings(surface="typed", text="log(-1 - x^2) + y", x=1.0, y=1.0)
    found = swept(surface, 10, "SGD", "Adam", "LBFGS")
    assert found.best() == {}
    assert all(each.diverges_from() == each.lr[0] for each in found.curves)


@cache
def drawn_sweep(name="beale", text="x", steps=40):
    x, y = SURFACES[name].start
    surface = SurfaceSettings(surface=name, text=text, x=x, y=y)
    names = ("SGD", "Momentum", "Adadelta", "Adam", "LBFGS")
    return LrSweepTask(surface, tuple(hyperparameters_of(each)() for each in names), steps).run()


def test_curves_bars_and_marks_are_the_numbers_of_the_sweep():
    sweep = drawn_sweep()
    picture = lr_sweep_picture(sweep, "Adam", 0.01, -1)
    n = len(sweep.curves)
    rows = lr_rows_picture(sweep, "Adam", 0.01, -1)
    assert len(picture.frames) == len(rows.frames) == len(sweep.frame_steps)
    for frame, (above, below) in enumerate(zip(picture.frames, rows.frames, strict=True)):
        curves, bars, (best, diverged) = above["data"], below["data"][:n], below["data"][n:]
        for row, each in enumerate(sweep.curves):
            height = (each.loss[frame] - sweep.lowest).clamp(min=FLOOR).log10().numpy()
            assert np.allclose(curves[row]["y"], height, rtol=1e-6, equal_nan=True)
            assert (np.isfinite(bars[row]["y"]) == each.came_down(sweep.lowest, frame).numpy()).all()
            expected = each.lr[each.best(frame)].item() if frame and each.best(frame) is not None else None
            assert best["x"][row] == expected
            assert (diverged["y"] == row).sum() == each.diverged(frame).sum()


@pytest.mark.parametrize("follow", ["SGD", "Adam", "LBFGS"])
def test_the_numbers_of_the_caption_are_in_the_table(follow):
    sweep = drawn_sweep()
    captions = set()
    for frame in range(len(sweep.frame_steps)):
        picture = lr_sweep_picture(sweep, follow, 0.01, frame)
        assert len(picture.caption.split()) <= 45
        captions.add(picture.caption)
        table = lr_rows_picture(sweep, follow, 0.01, frame).table.set_index("optimizer")
        row = table.loc[follow]
        assert fmt(row["f there"]) in picture.caption
        assert not frame or fmt(row["best lr"]) in picture.caption
    assert len(captions) == len(sweep.frame_steps)
    last = table.loc["SGD"]
    assert last["diverged"] == sweep.of("SGD").diverged().sum()
    assert last["all diverge from"] == sweep.of("SGD").diverges_from()


def test_learning_rates_that_end_alike_are_counted():
    sweep = swept(SurfaceSettings(surface="himmelblau", x=3.0, y=2.0), 8, "SGD")
    caption = lr_sweep_picture(sweep, "SGD", 0.01, -1).caption
    assert "SGD: 48 of 48 lr end equally low, f = 0;" in caption
    assert len(caption.split()) <= 45


@pytest.mark.parametrize(
    ("name", "text"), [("saddle", "x"), ("monkey", "x"), ("typed", "log(-1 - x^2) + y"), ("typed", "5")]
)
def test_surfaces_without_a_lowest_minimum_or_any_value_are_drawn(name, text):
    sweep = drawn_sweep(name, text, 8)
    for frame in (0, len(sweep.frame_steps) - 1):
        picture = lr_sweep_picture(sweep, "Adam", 0.01, frame)
        assert picture.json
        assert lr_rows_picture(sweep, "Adam", 0.01, frame).json
        assert "nan" not in picture.caption
        assert len(lr_sweep_picture(sweep, "Adam", 0.01, frame).caption.split()) <= 45


def test_the_programs_print_the_lines_of_the_page():
    changed = hyperparameters_of("Adam")(weight_decay=0.1, amsgrad=True)
    sweeps = [
        swept(SurfaceSettings(), 12, "SGD", "Momentum", "RMSprop", "Adam"),
        LrSweepTask(on("ackley"), (changed, hyperparameters_of("LBFGS")()), 6).run(),
        swept(on("ackley"), 8, "SparseAdam", "Adafactor", "ASGD"),
        swept(SurfaceSettings(surface="typed", text="log(-1 - x^2)"), 3, "SGD", "LBFGS"),
        swept(SurfaceSettings(surface="typed", text="2*e"), 3, "SGD"),
        swept(on("saddle"), 6, "SGD", "Rprop"),
    ]
    made = [lr_sweep_program(sweep) for sweep in sweeps]
    said = printed([program.text for program in made], warnings_are_errors=True)
    assert said == [list(program.prints) for program in made]
    assert said[3] == ["SGD: diverged with 48 of 48", "LBFGS: diverged with 6 of 6"]
    usual = with_constants(made[0].text, {"STEPS": RaceSettings().steps})
    assert ast.dump(ast.parse(usual)) == ast.dump(ast.parse(source("optimizers_lr_sweep")))


def words(at):
    return "\n".join(shown(at))


SHORT = {"view": "lr_sweep", "optimizers": "SGD,Momentum,LBFGS", "steps": "20"}


def test_the_view_starts_by_itself_and_leads_to_the_race():
    at = visit("optimizers", **SHORT)
    assert not at.exception
    assert "Adam: best lr = " in words(at)  # the followed one takes part
    at.selectbox(key="optimizers.follow").set_value("SGD").run()
    assert "SGD's best is lr = " in words(at)
    assert "Adam: best lr = " not in words(at)
    late, early = words(at), words(visit("optimizers", at="3", **SHORT))
    assert "f after 20 steps" in late
    assert "f after 3 steps" in early
    for rule in ("best", "same"):
        at = visit("optimizers", lr="0.5", **SHORT)
        at.button(key=f"optimizers-lr_sweep-{rule}").click().run()
        values = at.session_state["optimizers"]
        assert (values["view"], values["rule"], values["lr"]) == ("race", rule, 0.5)


def test_the_race_at_the_best_learning_rates_finds_them_done():
    at = visit("optimizers", **SHORT)
    found = [line.split()[4] for line in words(at).splitlines() if ": best lr = " in line]
    with mock.patch.object(LrSweepTask, "advance", side_effect=AssertionError):
        at = visit("optimizers", **SHORT | {"view": "race", "rule": "best"})
    assert not at.exception
    (text,) = [code.value for code in at.code if code.language == "python"]
    assert len(found) == 4
    assert all(f'"lr": {lr.rstrip(",")[:7]}' in text for lr in found)


def test_a_click_chooses_a_learning_rate_and_in_a_row_the_optimizer():
    controls, sweep = mock.Mock(), drawn_sweep()
    page._choose(controls, 0.9, page._in_row(sweep, 3.2))
    controls.set.assert_called_once_with(lr=1.0, follow="Adam")
    page._choose(controls, 0.9, page._in_row(sweep, 99.0))
    controls.set.assert_called_with(lr=1.0)
    page._choose(controls, 1e9)
    assert controls.set.call_count == 2


@pytest.mark.parametrize("text", ["sqrt(x)", "exp(exp(x))", "5"])
def test_functions_with_holes_or_poles_and_the_wildest_values_are_harmless(text):
    wild = {"surface": "typed", "text": text, "x": "-20", "y": "20", "steps": "1", "follow": "Rprop"}
    at = visit("optimizers", **SHORT | wild | {"LBFGS.max_iter": "25"})
    assert not at.exception
    assert not at.error
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))


def test_all_optimizers_have_a_row_that_can_be_read():
    at = visit("optimizers", **SHORT | {"steps": "60", "optimizers": ",".join(PLANE_OPTIMIZERS)})
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))
    layout = json.loads(charts(at)[1]["figure"])["layout"]
    assert len(layout["yaxis"]["ticktext"]) == len(PLANE_OPTIMIZERS)
    assert layout["height"] >= 20 * len(PLANE_OPTIMIZERS)
