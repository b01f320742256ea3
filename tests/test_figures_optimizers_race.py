"""The figures of the race say what its runs say."""

import math
import re

import numpy as np
import pytest
import torch

from core.optim.hyperparameters import hyperparameters_of
from core.optim.known import DEFAULT_OPTIMIZERS, PLANE_OPTIMIZERS
from core.optimizers.measures import distances, ground
from core.optimizers.race import race
from core.optimizers.settings import SurfaceSettings
from core.optimizers.time_axis import time_axis
from core.plane.surfaces import SURFACES, box_of
from figures.optimizers.landscape import terrain
from figures.optimizers.plane import close_box, moment_label, plane, plane_caption, view_of
from figures.optimizers.race_words import answer, candidates, first_step, questions
from figures.optimizers.ranking import explanations, ranking, rows, sign
from figures.optimizers.timeline import distance_lines, gradient_lines, line_caption, loss_lines
from figures.optimizers.timeline_measures import loss_measure
from figures.optimizers.timeline_names import _apart
from figures.plane import height_map, left_at, scale_bar

DRAWN = (plane, loss_lines, gradient_lines, distance_lines, terrain)


def raced(names=("SGD", "Momentum", "Adam"), steps=40, surface="beale", start=(1.0, 1.5), text="x^2", **values):
    all_hparams = tuple(hyperparameters_of(name)(**values) for name in names)
    return race(SurfaceSettings(surface=surface, text=text, x=start[0], y=start[1]), all_hparams, steps)


def number(text):
    return float(text.replace("−", "-").replace("∞", "inf"))


def test_the_heads_are_where_the_runs_are_and_the_ways_go_up_to_them():
    found = raced(lr=0.02)
    time = time_axis(found, "steps")
    picture = plane(found, time, "Adam")
    assert len(picture.frames) == len(time.moments)
    ways = {trace.name: trace for trace in picture.figure.data if trace.type == "scatter" and trace.mode == "lines"}
    names = [run.name for run in sorted(found.runs, key=lambda run: run.name == "Adam")]
    for i, moment in enumerate(time.moments):
        head = picture.frames[i]["data"][0]
        for name, x, y in zip(names, head["x"], head["y"], strict=True):
            run = found.of(name)
            at = time.index(run, moment)
            assert ways[name].meta["upto"][i] == at
            if left_at(run.path, view_of(found)) is None:
                assert (x, y) == pytest.approx(tuple(run.path[at].tolist()), rel=1e-6)
            assert np.array_equal([x, y], [ways[name].x[at], ways[name].y[at]], equal_nan=True)


def test_a_run_that_leaves_is_named_at_the_edge():
    found = raced(lr=0.02)
    box = view_of(found)
    step, x, y = exits(found.of("Momentum"), box)
    assert step == left_at(found.of("Momentum"), box)
    assert any(math.isclose(v, edge, abs_tol=1e-9) for v, edge in zip((x, x, y, y), box, strict=True))
    figure = plane(found, time_axis(found, "steps"), "Adam").figure
    (leaving,) = [trace for trace in figure.data if trace.name == "leaves"]
    assert "Momentum leaves" in leaving.text
    assert leaving.meta["upto"][0] == 0
    assert leaving.meta["upto"][-1] == len(leaving.text) - 1
    assert "Momentum" in plane(found, time_axis(found, "steps"), "Adam").caption


@pytest.mark.parametrize("surface", SURFACES)
def test_the_close_picture_holds_start_and_goals(surface):
    box, whole = close_box(surface, "x^2 + y^2"), box_of(surface, "x^2 + y^2")
    assert whole[0] <= box[0] < box[1] <= whole[1]
    assert whole[2] <= box[2] < box[3] <= whole[3]
    found = raced(["SGD"], 1, surface, SURFACES[surface].start, "x^2 + y^2", lr=1e-3)
    x_low, x_high, y_low, y_high = view_of(found)
    for x, y in [(goal.x, goal.y) for goal in ground(found).goals] + [SURFACES[surface].start]:
        assert x_low <= x <= x_high
        assert y_low <= y <= y_high


@pytest.mark.parametrize("axis", ["steps", "gradients"])
def test_the_longest_races_stay_below_a_megabyte(axis):
    found = raced(DEFAULT_OPTIMIZERS, 500, lr=0.011)
    time = time_axis(found, axis)
    for draw in DRAWN:
        picture = draw(found, time, "Adam")
        assert len(picture.json()) < 1_000_000
        assert len(picture.alt) >= 40


@pytest.mark.parametrize(
    "case",
    [
        {"surface": "ackley", "start": (0.0, 0.0)},
        {"surface": "saddle", "start": (-1.7, 0.0)},
        {"surface": "typed", "text": "5"},
        {"surface": "typed", "text": "log(x)", "start": (-1.0, 1.0)},
        {"surface": "typed", "text": "1/x", "start": (0.0, 1.0)},
        {"surface": "typed", "text": "exp(exp(x*y))", "start": (20.0, 20.0)},
        {"surface": "beale", "start": (20.0, -20.0), "lr": 100.0},
        {"surface": "monkey", "start": (1.5, 0.1), "lr": 10.0},
    ],
    ids=str,
)
def test_nothing_breaks_a_picture(case, recwarn):
    found = raced(PLANE_OPTIMIZERS, 12, **{"lr": 0.1} | case)
    for axis in ("steps", "gradients"):
        time = time_axis(found, axis)
        for draw in DRAWN:
            picture = draw(found, time, "LBFGS")
            assert picture is None or picture.json()
        for moment in (time.moments[0], time.moments[1], time.moments[len(time.moments) // 2], time.moments[-1]):
            standing = ranking(found, time, moment)
            assert len(rows(found, standing)) == len(PLANE_OPTIMIZERS)
            explanations(standing)
            moment_label(found, time, moment, "LBFGS")
    for run in found.runs:
        assert "**" in first_step(run) or "lost" in first_step(run)
    assert [w for w in recwarn if "cast" in str(w.message)] == []


def test_the_lines_hold_the_runs_numbers():
    found = raced(lr=0.005)
    time = time_axis(found, "steps")
    known = ground(found)
    lines = {trace.name: trace for trace in distance_lines(found, time, "SGD").figure.data if trace.mode == "lines"}
    for run in found.runs:
        assert np.allclose(lines[run.name].y, distances(run, known).numpy(), rtol=1e-6)
    assert distance_lines(raced(surface="saddle", lr=0.01), time_axis(found, "steps"), "SGD") is None


def test_the_names_do_not_cover_each_other():
    places = _apart([0.0, 0.01, 0.02, 5.0, 9.99, 10.0], 0.5, 0.2, 9.8)
    assert all(b - a >= 0.5 - 1e-12 for a, b in zip(places, places[1:], strict=False))
    assert min(places) >= 0.2 - 1e-9
    assert max(places) <= 9.8 + 1e-9


def test_the_table_ranks_by_height_with_the_lost_last():
    found = raced(DEFAULT_OPTIMIZERS, 60, lr=0.02)
    standing = ranking(found, time_axis(found, "steps"), 60)
    heights = [one.run.loss[one.at].item() for one in standing if one.outcome.kind != "lost"]
    assert heights == sorted(heights)
    assert standing[-1].run.name == "Momentum"
    cells = rows(found, standing)
    assert [row[0] for row in cells[:2]] == ["1", "2"]
    assert cells[-1][2] == "lost at step 6: f is infinite"
    assert number(cells[0][4]) == pytest.approx(heights[0], rel=1e-3)
    (why,) = [text for text in explanations(standing) if "Momentum" in text]
    assert "lr = 0.02 is above 2(1 + b)/L = 0.0154 at (−0.08716, −2.022), step 2" in why
    assert len({sign(name) for name in PLANE_OPTIMIZERS}) == len(PLANE_OPTIMIZERS)


@pytest.mark.parametrize("name", [name for name in PLANE_OPTIMIZERS if name != "LBFGS"])
@pytest.mark.parametrize("other", [False, True], ids=["defaults", "decay"])
def test_the_step_written_out_is_the_step_taken(name, other):
    values = {"lr": 0.02} | ({"weight_decay": 0.1} if other and name not in ("SparseAdam", "Rprop") else {})
    run = raced([name], 2, **values).runs[0]
    text = first_step(run)
    x0, length, after = re.search(r"the new x is (\S+) − (\S+) = \*\*(\S+)\*\*", text).groups()
    x0, length, after = (number(v.strip("()")) for v in (x0, length, after))
    assert after == pytest.approx(run.path[1, 0].item(), rel=1e-5)
    assert x0 - length == pytest.approx(after, rel=1e-5, abs=1e-5)
    arithmetic = re.search(r": (\S+) = \S+, and the new x", text).group(1).replace("−", "-").replace("·", "*")
    assert re.fullmatch(r"[\d.e+\-*/()]*", arithmetic)
    assert eval(arithmetic) == pytest.approx(length, rel=1e-4)


def test_lbfgs_s_first_move_is_the_one_written_out():
    run = raced(["LBFGS"], 2, max_iter=1, lr=0.5).runs[0]
    assert number(re.search(r"\*\*(\S+)\*\*", first_step(run)).group(1)) == pytest.approx(
        run.path[1, 0].item(), rel=1e-5
    )


def test_the_guess_is_answered_from_the_race():
    found = raced(steps=60, lr=0.01)
    text = answer(found, candidates(found))
    best = min((run for run in found.runs if run.diverged_at is None), key=lambda run: run.loss[-1].item())
    assert text.startswith(f"{best.name} is lowest")
    assert "Momentum is lost at step 10" in text
    assert torch.isfinite(best.loss).all()
    first = (found.of("Adam").path[1] - found.of("Adam").path[0]).norm().item()
    assert f"Adam's {first:.2g}" in text


def test_only_those_who_race_are_guessed_and_asked_about():
    assert candidates(raced(DEFAULT_OPTIMIZERS, 1)) == ("SGD", "Momentum", "Adam")
    assert candidates(raced(["LBFGS", "Adam"], 1)) == ("Adam", "LBFGS")
    two = raced(["Momentum", "Adam"], 1)
    for rule in ("same", "best", "own"):
        assert not re.search("SGD|LBFGS", questions(two, rule, "steps"))
        assert ("size of lr" in questions(two, rule, "steps")) == (rule == "same")
    assert "steps instead of gradients" in questions(raced(DEFAULT_OPTIMIZERS, 1), "best", "gradients")


def test_runs_that_have_arrived_are_as_good_as_each_other():
    found = raced(["LBFGS", "Rprop", "SGD"], 300, "booth", (-7.0, 2.0), lr=0.1)
    assert "are as good as each other" in answer(found, candidates(found))


def test_the_lines_grow_and_their_names_go_with_them():
    found = raced(DEFAULT_OPTIMIZERS, 60, lr=0.02)
    time = time_axis(found, "steps")
    picture = loss_lines(found, time, "Adam")
    lines = {trace.name: trace for trace in picture.figure.data if trace.mode == "lines" and trace.name}
    for run in found.runs:
        assert lines[run.name].meta["upto"] == [time.index(run, moment) for moment in time.moments]
    for i in (0, 20, len(time.moments) - 1):
        at = {run.name: run.loss[time.index(run, time.moments[i])].item() for run in found.runs}
        places = picture.frames[i]["data"][2]["y"]
        assert sorted(at.values()) == [at[found.runs[k].name] for k in np.argsort(places)]


def test_a_caption_speaks_of_its_moment():
    found = raced(lr=0.01)
    time, measure = time_axis(found, "steps"), loss_measure(found)
    lowest = min(found.runs, key=lambda run: run.loss[3])
    said = line_caption(found, time, measure, 3)
    assert f"After 3 steps lowest {lowest.name} with {lowest.loss[3].item():.4g}" in said
    assert "Lost" not in said
    assert "Lost: Momentum" in line_caption(found, time, measure, 40)
    assert "Outside" not in plane_caption(found, time, 0)
    assert "Outside of the picture at the end: Momentum" in plane_caption(found, time, 40)


def test_what_spans_little_has_an_even_scale_and_f_has_one_zero():
    found = raced(["SGD", "Adam"], 20, "rastrigin", (-3.3, 3.7), lr=0.002)
    axis = distance_lines(found, time_axis(found, "steps"), "SGD").figure.layout.yaxis
    assert axis.type != "log"
    assert len(axis.tickvals) >= 3
    saddle = raced(["SGD", "Adam"], 40, "saddle", (-1.7, 0.0), lr=0.05)
    drawn = {trace.name: trace for trace in loss_lines(saddle, time_axis(saddle, "steps"), "SGD").figure.data}
    assert np.allclose(drawn["SGD"].y, saddle.of("SGD").loss.numpy(), atol=1e-6)
    bar = plane(saddle, time_axis(saddle, "steps"), "SGD").figure.data[0].colorbar
    assert bar.title.text == "f"
    assert [number(text) for text in bar.ticktext] == list(bar.tickvals) == [-2, 0, 2]


def test_the_colour_bar_names_values_of_f():
    found = raced(["SGD"], 2, "six_hump", (-1.9, 1.2), lr=0.01)
    heights = height_map(found.function, view_of(found), ground(found).level, 30)
    bar = scale_bar(heights)
    for place, text in zip(bar["tickvals"][1:], bar["ticktext"][1:], strict=True):
        assert number(text) == pytest.approx(10**place - heights.floor + heights.low, rel=1e-3, abs=1e-6)


def test_the_map_holds_every_place_of_arrival():
    found = raced(["Momentum", "Rprop"], 200, "ackley", (0.4, 0.3), lr=0.05)
    box = view_of(found)
    arrived = [one for one in ranking(found, time_axis(found, "steps"), 200) if one.outcome.kind == "arrived"]
    assert len(arrived) == 2
    for one in arrived:
        assert box[0] < one.outcome.place.x < box[1]
        assert left_at(one.run, box) is None
