"""One update as it is drawn, said, programmed and visited."""

import ast
import json
import math
import re
from functools import partial

import numpy as np
import pytest
import torch
from programs import printed
from visitor import after_presets, charts, components, link_of, shown, visit

from core.optim.hyperparameters import hyperparameters_of
from core.optim.known import PLANE_OPTIMIZERS
from core.optimizers.program.update import update_program
from core.optimizers.settings import MAX_STEPS, OptimizersViewState, RaceSettings, SurfaceSettings
from core.optimizers.update import follows_steepness, opening, step_trace
from core.plane.surfaces import SURFACES
from core.program import source
from core.settings import parameters
from figures.optimizers.update.arrows import arrows, step_label
from figures.optimizers.update.calculation import calculation, direction, step_question, sum_of_terms
from figures.optimizers.update.contours import REACH, chain, window_of
from figures.optimizers.update.history import history
from figures.optimizers.update.map import update_map
from figures.words import fmt
from ui.controls import Controls

DRAWN = (arrows, update_map, history)


def trace_of(name="Adam", surface="beale", steps=20, lr=0.02, **changes):
    x, y = SURFACES[surface].start
    return step_trace(SurfaceSettings(surface=surface, x=x, y=y), hyperparameters_of(name)(lr=lr, **changes), steps)


def typed(text, name, steps=5, x=1.0, y=1.5, **changes):
    return step_trace(SurfaceSettings(surface="typed", text=text, x=x, y=y), hyperparameters_of(name)(**changes), steps)


def words(at):
    tables = [table.value.to_string() for table in at.table]
    return "\n".join([*shown(at), *tables])


def scrubber(at):
    (found,) = components(at, "scrubber")
    return found


@pytest.mark.parametrize("name", PLANE_OPTIMIZERS)
def test_every_step_is_a_frame_whose_arrows_lead_from_the_point_to_the_next(name):
    trace = trace_of(name)
    picture = arrows(trace)
    assert all(len(draw(trace).frames) == trace.run.steps for draw in DRAWN)
    for at, frame in enumerate(picture.frames):
        assert len(frame["data"]) == len(frame["traces"]) == len(picture.figure.data)
        points = [(data["x"], data["y"]) for data in frame["data"][3:] if data["x"][0] is not None]
        assert (points[0][0][0], points[0][1][0]) == (0, 0)
        for (x, y), (x_next, y_next) in zip(points, points[1:], strict=False):
            assert (x[-1], y[-1]) == (x_next[0], y_next[0])
        taken = trace.step(at).tolist()
        assert (points[-1][0][-1], points[-1][1][-1]) == pytest.approx(taken, rel=1e-3, abs=1e-12)


def test_the_contours_are_those_of_the_surface():
    trace = trace_of("Momentum", "himmelblau", lr=0.005)
    for at in (0, 7, 19):
        around, half = arrows(trace).frames[at]["data"][0], window_of(chain(trace, at))[2]
        z = np.asarray(around["z"], dtype=float)
        x = torch.tensor([around["x0"] + around["dx"] * i for i in range(z.shape[1])]) + trace.run.path[at, 0]
        y = torch.tensor([around["y0"] + around["dy"] * i for i in range(z.shape[0])]) + trace.run.path[at, 1]
        assert (x[-1] - x[0]).item() == pytest.approx(2 * REACH[0] * half, rel=1e-3)
        f = trace.surface.shape.function(x[None, :].expand(z.shape), y[:, None].expand(z.shape)).numpy()
        assert np.all(np.diff(z.flatten()[np.argsort(f.flatten())]) >= -1)  # up to rounding in one order


def test_the_longest_run_stays_below_a_megabyte():
    trace = trace_of("AdamW", "rastrigin", MAX_STEPS, 0.001)  # three terms
    assert max(len(draw(trace).json) for draw in DRAWN) < 1_000_000
    short, long = (len(arrows(trace_of("LBFGS", "booth", n, 0.001, max_iter=25)).json) for n in (4, 8))
    assert short + (long - short) / 4 * MAX_STEPS < 1_000_000  # 25 moves in each step


@pytest.mark.parametrize(
    "trace",
    [
        lambda: trace_of("SGD", "rosenbrock", 30, 1.0),
        lambda: trace_of("LBFGS", "monkey", 9, 1.0),
        lambda: trace_of("RMSprop", "beale", 30, 100.0),
        lambda: trace_of("Adam", "booth", 5, 1e-8),
        lambda: step_trace(SurfaceSettings(x=3.0, y=0.5), hyperparameters_of("LBFGS")(), 20),  # no step moves
        lambda: step_trace(SurfaceSettings(x=3.0, y=0.5), hyperparameters_of("Adam")(), 1),
        *(
            lambda name=name: typed("exp(-x^2)", name, x=20.0, y=0.0)  # a gradient of 1e-172, whose square is 0
            for name in PLANE_OPTIMIZERS
        ),
        lambda: typed("3", "Adadelta"),
        lambda: typed("x^2 + y^2", "Adam", y=0.0, eps=0.0),  # 0/0
    ],
)
def test_wild_runs_are_drawn_and_said(trace):
    trace = trace()
    for draw in DRAWN:
        json.loads(draw(trace).json)
        assert len(draw(trace).caption.split()) <= 45
    for at in range(trace.run.steps):
        assert step_label(trace, at)
        before, after = re.search(r"f from (.+) to (.+)\.", step_label(trace, at)).groups()
        assert (before == after) == (trace.run.loss[at] == trace.run.loss[at + 1]).item()
        assert direction(trace, at)
        assert len(calculation(trace, at)) > 1
        assert len(sum_of_terms(trace, at)) > 0
    if trace.run.diverged_at is not None and not torch.isfinite(trace.run.path[-1]).all():
        assert trace.run.diverged in direction(trace, trace.run.steps - 1)


@pytest.mark.parametrize("name", PLANE_OPTIMIZERS)
def test_the_numbers_in_the_tables_can_be_checked_by_hand(name):
    trace = trace_of(name, lr=0.002)
    for table in (calculation(trace, 5), sum_of_terms(trace, 5)):
        for written, x in zip(table["in numbers, for x"], table["x"], strict=True):
            if not written or re.search("[a-zA-Z‖]{4}", written):
                continue
            for sign, python in (("−", "-"), ("·", "*"), ("²", "**2"), ("^", "**"), ("√", "math.sqrt")):
                written = written.replace(sign, python)
            written = re.sub(r"\|([^|]+)\|", r"abs(\1)", re.sub(r"(?<=\d),(?=\d{3})", "", written))
            found = eval(written, {"math": math, "sign": lambda v: (v > 0) - (v < 0)} | {"max": max, "min": min})
            assert found == pytest.approx(float(x.replace("−", "-").replace(",", "").strip("*")), rel=1e-4, abs=1e-9), (
                written
            )
    total, taken = sum_of_terms(trace, 5).tail(2)[["x", "y"]].to_numpy().tolist()
    assert total == taken


def test_a_long_lasting_divergence_is_all_on_the_axis():
    trace = trace_of("Momentum", lr=0.01, steps=200)
    lengths = history(trace).figure.data[0].y
    assert lengths.max() == pytest.approx((trace.run.path[1:] - trace.run.path[:-1]).norm(dim=1).max().item())
    assert 10 ** history(trace).figure.layout.yaxis.range[1] > lengths.max()


def test_the_programs_print_the_lines_of_the_page():
    wolfe = {"lr": 0.5, "line_search_fn": "strong_wolfe", "max_iter": 4}
    steps = [
        *((trace_of(name, "ackley", 7, 0.1), 4) for name in PLANE_OPTIMIZERS),
        (typed("pi*x^2 + abs(y) + sin(2)", "LBFGS", 3, y=0.3, **wolfe), 0),
        (typed("2 - 3", "LBFGS", 3, **wolfe), 1),
        (trace_of("Adam", "ackley", 7, amsgrad=True, weight_decay=0.1, beta1=0.5), 6),
    ]
    programs = [update_program(trace, at) for trace, at in steps]
    assert printed([p.text for p in programs], warnings_are_errors=True) == [p.prints for p in programs]
    usual = trace_of(OptimizersViewState().follow, steps=RaceSettings().steps, lr=RaceSettings().lr)
    example = update_program(usual, opening(usual)).text
    assert ast.dump(ast.parse(example)) == ast.dump(ast.parse(source("optimizers_update")))


def test_another_optimizer_brings_its_formulas_its_hyperparameters_and_its_lr():
    at = visit("optimizers", view="update", steps="20")
    assert "√(vₜ / c₂) + ε" in words(at)
    at.selectbox(key="optimizers.follow").set_value("Rprop").run()
    assert "torch.optim.Rprop moved by" in words(at)
    shown_now = {c.key for kind in ("select_slider", "slider", "toggle", "selectbox") for c in at.get(kind)}
    assert {f"optimizers.Rprop.{name}" for name in parameters(hyperparameters_of("Rprop")) if name != "lr"} <= shown_now
    at = visit("optimizers", view="update", rule="own", follow="Rprop", at="0", **{"Rprop.lr": "0.5"})
    assert "by (−0.5, −0.5)" in scrubber(at)["labels"][0]
    assert "optimizers.lr" not in {c.key for c in at.get("select_slider")}


def test_what_is_asked_of_a_step_follows_from_its_own_numbers():
    bowl = partial(typed, "x^2 + 25*y^2", x=1.0, y=0.4)
    for name, said in (("SGD", "like"), ("Adam", "even"), ("Rprop", "even")):
        trace = bowl(name)
        assert follows_steepness(trace, 0) == said
        question, options, why = step_question(trace, 0)
        assert "10 times as large in y as in x" in question
        assert list(options) == ["even", "like", "neither"]
        assert all(fmt(part, 3) in why for part in trace.step(0).abs().tolist())
    assert follows_steepness(bowl("Momentum", lr=0.01), 4) == "neither"
    assert "10 times as large in x as in y" in step_question(bowl("SGD", x=10.0, y=0.04), 0)[0]
    assert follows_steepness(bowl("SGD", x=1.0, y=0.04), 0) is None  # as steep in both
    assert follows_steepness(bowl("SGD", x=1.0, y=0.0), 0) is None


PROMISED = {  # what each preset shows, in the label of its step, a table or a sentence
    "Adam's first step": r"by \(−0.01, −0.01\)",
    "RMSprop's first step": r"by \(−0.1, −0.1\)",
    "Adadelta's start": r"by \(−0.00316, −0.00316\)",
    "Carried uphill": r"straight down is (9[1-9]|1\d\d)°",
    "Nesterov looks ahead": "looking ahead",
    "Rprop turns": r"same sign 1, turned −1, else 0\W+sign\(g·gₜ₋₁\).*−1 +\S+",
    "RAdam warms up": r"gradients that v holds.*[^.]\b[1-4]\.\d+",
    "AdamW's pull": "weight decay",
    "Adafactor's limit": "limit, 1 if u is small enough",
    "LBFGS in one step": "makes 15 moves and takes 16 gradients",
}


def test_each_preset_shows_what_it_promises(monkeypatch):
    take = Controls._take  # no promise is about a late step
    monkeypatch.setattr(Controls, "_take", lambda controls, values: take(controls, values | {"steps": 32}))
    at = visit("optimizers", view="update", steps="10")
    for said in after_presets(at, "optimizers", PROMISED):
        data = scrubber(at)
        assert re.search(said, words(at) + data["labels"][data["index"]]), said


@pytest.mark.parametrize("follow", ["Momentum", "Rprop", "RAdam", "LBFGS"])
def test_the_wildest_values_of_the_link_are_harmless(follow):
    fields = parameters(hyperparameters_of(follow)).items()
    wild = {f"{follow}.{name}": str(kind.high) for name, kind in fields if hasattr(kind, "high")}
    place = {"surface": "rosenbrock", "x": "20", "y": "-20", "steps": "20"}
    at = visit("optimizers", view="update", follow=follow, rule="own", **place, **wild)
    assert not at.exception
    assert not at.error
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))


def test_a_start_from_which_no_step_is_possible_gets_a_sentence_and_the_map():
    at = visit("optimizers", view="update", surface="typed", text="log(x) + y^2", x="-1", y="1")
    assert not at.exception
    assert "No step can be taken from this start" in at.warning[0].value
    assert [chart["key"] for chart in charts(at)] == ["update_plane"]
    at.text_input(key="optimizers.text").set_value("x^2 + z").run()
    assert "`z` is not a name" in at.error[0].value


def test_the_step_is_in_the_link_and_without_one_a_telling_one_is_shown():
    at = visit("optimizers", view="update", at="17", follow="NAdam")
    assert scrubber(at)["labels"][scrubber(at)["index"]].startswith("Step 18 of 200")
    assert "Step 18 of NAdam in numbers" in words(at)
    assert set(link_of(at).split("&")) == {"view=update", "at=17", "follow=NAdam"}
    assert "Step 5 of Adam in numbers" in words(visit("optimizers", view="update"))
    at = visit("optimizers", view="update", follow="Momentum", x="1", y="1.5")
    assert "Step 6 of Momentum in numbers" in words(at)
    assert "is above 2(1 + b)/L" in at.warning[0].value


def test_slow_runs_of_lbfgs_are_shortened_and_say_so():
    at = visit(
        "optimizers", view="update", follow="LBFGS", steps="500", surface="booth", lr="1.0", **{"LBFGS.max_iter": "25"}
    )
    assert "160 steps of it are shown" in at.info[0].value
    assert len(scrubber(at)["labels"]) == 160


def test_where_the_race_looks_for_rates_the_view_says_which_one_it_has():
    at = visit("optimizers", view="update", rule="best", follow="Rprop", optimizers="Adam", **{"Rprop.lr": "0.5"})
    assert any("here Rprop has the lr that is set above" in caption.value for caption in at.caption)
    assert at.select_slider(key="optimizers.Rprop.lr").value == 0.5
