"""Weight decay: where SGD, Adam and AdamW rest, against closed forms and plain loops; figure, program and page."""

import ast
from dataclasses import replace

import numpy as np
import pytest
import torch
from programs import printed
from visitor import charts, components, visit

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.program.weight_decay import decay_program
from core.optimizers.settings import SurfaceSettings
from core.optimizers.weight_decay import (
    RUNNERS,
    DecaySettings,
    DecayTask,
    held_at_edge,
    moved_minimum,
    newton_step,
    outcome,
    way_of_minimum,
    with_decay,
)
from core.plane.derivatives import hessians, value_and_gradient
from core.plane.surfaces import surface_of
from core.program import source, with_constants
from figures.optimizers.weight_decay import OUTCOMES, balance_table, decay_plane, frame_steps, label, style_of

BEALE, BOOTH = SurfaceSettings(), SurfaceSettings(surface="booth", x=-7.0, y=2.0)
ROSENBROCK = SurfaceSettings(surface="rosenbrock", x=-1.2, y=1.0)
QUICK = {"beta2": 0.95}  # forgets the large gradients of the way within a hundred steps


def runs(surface=BOOTH, adamw=None, **changes):
    settings = DecaySettings(**{"weight_decay": 0.5, "lr": 0.05, "steps": 150} | changes)
    made = [hyperparameters_of(name)(**((adamw or {}) if name == "AdamW" else {})) for name in RUNNERS]
    return DecayTask(surface, with_decay(made, settings), settings.steps).run()


def typed(text, **start):
    return SurfaceSettings(surface="typed", text=text, **start)


@pytest.fixture(scope="module")
def bowl():
    return runs()


def test_each_path_is_that_of_a_plain_loop():
    found = runs(BEALE, weight_decay=0.3, lr=0.01, steps=45)
    for run in found.runs:
        p = torch.tensor([1.2, 1.2], dtype=torch.float64, requires_grad=True)
        optimizer = getattr(torch.optim, run.name)([p], lr=0.01, weight_decay=0.3)
        for point in run.path:
            assert torch.equal(p.detach(), point)
            optimizer.zero_grad()
            found.function(p[0], p[1]).backward()
            optimizer.step()


def test_steps_of_any_number_make_the_same_runs_and_a_stopped_task_has_what_it_did():
    whole = runs(BEALE, steps=37)
    task = DecayTask(BEALE, tuple(run.hparams for run in whole.runs), 37)
    task.step(20)
    assert task.result().steps == 20
    task.step(100)
    for one, other in zip(whole.runs, task.result().runs, strict=True):
        assert torch.equal(one.path, other.path)


@pytest.mark.parametrize("surface", ["booth", "matyas"])
def test_on_a_bowl_the_moved_minimum_is_the_closed_form(surface):
    function = surface_of(surface).function
    p = torch.tensor([[1.0, 3.0] if surface == "booth" else [0.0, 0.0]], dtype=torch.float64)
    curvature, decays = hessians(function, p)[0], (0.0, 0.01, 0.1, 1.0, 10.0)
    for decay, place in zip(decays, moved_minimum(function, *p[0].tolist(), decays), strict=True):
        closed = torch.linalg.solve(curvature + decay * torch.eye(2, dtype=torch.float64), curvature @ p[0])
        assert torch.allclose(place, closed, atol=1e-12)


def test_sgd_and_adam_rest_at_the_moved_minimum_and_adamw_comes_back_to_f_s_own():
    found = runs(adamw=QUICK, weight_decay=0.2, steps=1200)
    sgd, adam, adamw = (run.end for run in found.runs)
    moved, own = way_of_minimum(found)[-1], torch.tensor([1.0, 3.0], dtype=torch.float64)
    assert (found.minimum.x, found.minimum.y) == pytest.approx((1, 3))
    assert torch.allclose(sgd, moved, atol=1e-9)
    assert torch.allclose(adam, moved, atol=0.005)
    assert (moved - own).norm() > 0.1
    assert (adamw - own).norm() < 0.01
    farthest = (found.runs[2].path[200:] - own).norm(dim=1).max()
    assert farthest > (moved - own).norm()  # on the way it is moved further than the two others
    assert [outcome(found, run) for run in found.runs] == ["moved", "moved", "own"]


def test_adamw_is_held_at_the_edge_when_f_s_minimum_lies_beyond_it():
    found = runs(adamw=QUICK, steps=800)
    x, y = found.runs[2].end.tolist()
    assert y == pytest.approx(2.0, abs=0.03)  # 1/λ, instead of 3
    assert x == pytest.approx(1.8, abs=0.03)  # along the edge y = 2, f is lowest there
    assert value_and_gradient(found.function, found.runs[2].end[None])[1][0, 1] < -3  # and falls on
    assert outcome(found, found.runs[2]) == "edge"
    assert not held_at_edge(found, found.runs[0])
    inwards = replace(found.runs[2], path=torch.tensor([[1.0, -2.0]], dtype=torch.float64))
    assert not held_at_edge(found, inwards)  # there f falls towards 0


def test_outcomes_tell_own_moved_neither_and_diverged():
    same = runs(BOOTH, weight_decay=0.0, steps=1500)
    assert [outcome(same, run) for run in same.runs] == ["own"] * 3  # without decay both minima are one
    assert outcome(runs(steps=2), runs(steps=2).runs[0]) == "neither"
    lost = runs(ROSENBROCK, lr=0.5, steps=50)
    assert [outcome(lost, run) == "diverged" for run in lost.runs] == [True, False, False]
    assert len(lost.runs[0].path) < 51
    bowl = surface_of("typed", "x^2 + 4*y^2").function
    p = torch.tensor([3.0, 4.0], dtype=torch.float64)
    assert newton_step(bowl, p, 0.0) == pytest.approx(5.0)
    assert newton_step(bowl, p, 2.0) == pytest.approx(5.0)
    assert newton_step(surface_of("saddle").function, p, 1.0) == torch.inf  # bends down along y
    assert newton_step(surface_of("typed", "sqrt(x)").function, -p, 0.0) == torch.inf


def test_what_pulls_down_is_the_step_that_adamw_takes_beside_its_decay():
    found = runs(BEALE, weight_decay=0.1, lr=0.01, steps=7)
    before, after = found.runs[2].path[-2:]
    assert torch.allclose(after, before * (1 - 0.01 * 0.1) + 0.01 * found.runs[2].downhill, atol=1e-14)
    for run in found.runs[:2]:
        assert torch.equal(run.downhill, -value_and_gradient(found.function, run.end[None])[1][0])


def test_a_valley_that_decay_has_filled_is_none():
    function = typed("cos(3*x) + (y - 1)^2").shape.function
    way = moved_minimum(function, 3 * torch.pi / 3, 1.0, (0.0, 0.5, 1.0, 5.0, 9.0, 12.0))
    assert torch.isfinite(way[0]).all()
    assert torch.isnan(way[-1]).all()


def test_every_moment_is_a_frame_with_the_three_where_they_are(bowl):
    picture, steps = decay_plane(bowl), frame_steps(bowl.steps)
    assert len(picture.frames) == len(steps)
    for frame, step in list(zip(picture.frames, steps, strict=True))[::9]:
        at = np.stack([run.path[step].numpy() for run in bowl.runs])
        assert np.allclose(np.stack([frame["data"][0]["x"], frame["data"][0]["y"]], axis=1), at)
    for trace in picture.figure.data[1:4]:
        assert trace.meta["upto"] == steps
    assert len(picture.json) < 1_000_000
    assert style_of("Adam").color != style_of("AdamW").color


def test_the_square_of_adamw_is_drawn_where_it_is_in_the_picture(bowl):
    (square,) = decay_plane(bowl).figure.layout.shapes
    assert (square.x0, square.x1) == (-2.0, 2.0)
    assert not decay_plane(runs(steps=2, weight_decay=0.0)).figure.layout.shapes


def test_words_and_tables_follow_the_runs(bowl):
    found = runs(adamw=QUICK, steps=800)
    assert OUTCOMES["edge"] in decay_plane(found).caption
    assert decay_plane(found).caption != decay_plane(bowl).caption
    assert decay_plane(bowl).table["x"].tolist()[:3] == [run.end[0].item() for run in bowl.runs]
    lost = runs(BEALE, lr=0.2, weight_decay=0.2, steps=60)
    assert f"diverged after {len(lost.runs[0].path) - 1} steps" in balance_table(lost)
    assert "SGD diverged" in label(lost, 60)
    assert "SGD diverged" in decay_plane(lost).caption
    for name in RUNNERS:
        assert name in balance_table(bowl)


ODD = [
    (ROSENBROCK, {"lr": 1.0}),
    (SurfaceSettings(surface="saddle", x=-1.7, y=0.001), {"lr": 10.0, "steps": 400}),
    (SurfaceSettings(surface="ackley", x=0.0, y=0.0), {}),
    (SurfaceSettings(surface="beale", x=20.0, y=-20.0), {"steps": 1}),
    *((typed(text), {"steps": 20}) for text in ("5", "x", "sqrt(x)", "1/x", "x^2")),
]


@pytest.mark.parametrize("surface, changes", ODD)
def test_odd_surfaces_are_drawn(surface, changes):
    found = runs(surface, **{"steps": 40} | changes)
    picture = decay_plane(found)
    assert len(picture.caption.split()) <= 45
    assert picture.json
    assert "nan" not in balance_table(found)
    label(found, found.steps)


def programs():
    usual = {"lr": 0.01, "steps": 20}
    return [
        runs(BEALE, lr=0.01, weight_decay=0.2, steps=50),
        runs(SurfaceSettings(surface="himmelblau"), {"beta2": 0.9}, **usual, weight_decay=0.01),
        runs(ROSENBROCK, lr=1.0, weight_decay=0.2, steps=50),
        runs(SurfaceSettings(surface="matyas", x=3.0, y=1.0), **usual),
        runs(SurfaceSettings(surface="saddle"), **usual),
        runs(SurfaceSettings(surface="rastrigin", x=0.4, y=1.2), **usual | {"weight_decay": 0.0}),
    ]


def test_the_programs_print_the_lines_of_the_page():
    made = [decay_program(found) for found in programs()]
    said = printed([program.text for program in made], warnings_are_errors=True)
    assert said == [list(program.prints) for program in made]
    assert any("diverged after" in line for line in said[2])
    usual = with_constants(made[0].text, {"STEPS": DecaySettings().steps})
    assert ast.dump(ast.parse(usual)) == ast.dump(ast.parse(source("optimizers_weight_decay")))


def test_the_page_moves_with_its_scrubber():
    at = visit("optimizers", view="weight_decay", **{"weight_decay.steps": "30"})
    assert not at.exception
    (scrubber,) = components(at, "scrubber")
    assert scrubber["charts"] == [chart["key"] for chart in charts(at)]
    at.button(key="optimizers-preset-Held at the edge").click().run()
    assert OUTCOMES["edge"] in "".join(caption.value for caption in at.caption)


@pytest.mark.parametrize("text", ["exp(exp(x))", "-x^2", "x^"])
def test_surfaces_of_any_kind_and_the_wildest_values_are_harmless(text):
    wild = {"surface": "typed", "text": text, "x": "-20", "y": "20", "weight_decay.steps": "30"}
    wild |= {"weight_decay.lr": "10", "weight_decay.weight_decay": "1"}
    wild |= {"Adam.beta1": "0", "Adam.decoupled_weight_decay": "1"}
    at = visit("optimizers", view="weight_decay", **wild)
    assert not at.exception
    assert len(at.error) == (text == "x^")
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))
