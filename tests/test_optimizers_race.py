"""The race as it is drawn, said, programmed and visited."""

import ast
import json
from urllib.parse import parse_qsl

import numpy as np
import pytest
from programs import printed
from visitor import charts, components, link_of, shown, visit

from core.optim.hyperparameters import hyperparameters_of
from core.optim.known import DEFAULT_OPTIMIZERS, FOURTEEN, PLANE_OPTIMIZERS
from core.optimizers.lr_sweep import LrSweepTask
from core.optimizers.measures import distances, lowest_at_the_end, reference
from core.optimizers.program.race import race_program
from core.optimizers.race import race
from core.optimizers.settings import RaceSettings, SurfaceSettings
from core.optimizers.time_axis import time_axis
from core.plane.surfaces import SURFACES, surface_of
from core.program import source
from figures.optimizers.optimizer_style import style
from figures.optimizers.race.landscape import race_landscape
from figures.optimizers.race.map import moment_label, race_box, race_map
from figures.optimizers.race.ranking import candidates, ends_words, explanations, ranking, ranking_table
from figures.optimizers.race.timeline import MEASURES, timeline
from figures.optimizers.surface_map import close_box
from figures.plane import left_at

QUICK = {"steps": "10"}


def raced(names=("SGD", "Momentum", "Adam"), steps=40, surface="beale", start=(1.0, 1.5), text="x^2", **values):
    all_hparams = tuple(hyperparameters_of(name)(**values) for name in names)
    return race(SurfaceSettings(surface=surface, text=text, x=start[0], y=start[1]), all_hparams, steps)


def pictures(found, time, follow="Adam"):
    drawn = [race_map(found, time, follow), race_landscape(found, time, follow)]
    return drawn + [p for name in MEASURES if (p := timeline(found, time, follow, name)) is not None]


def words(at):
    return "\n".join(shown(at))


def scrubber(at):
    (found,) = components(at, "scrubber")
    return found


def number(text):
    return float(text.replace("−", "-").replace("∞", "inf"))


def test_heads_are_where_the_runs_are_and_lines_go_up_to_them():
    found = raced(lr=0.02)
    for axis in ("steps", "gradients"):
        time = time_axis(found, axis)
        for picture in pictures(found, time):
            assert len(picture.frames) == len(time.frame_steps)
            lines = {t.name: t for t in picture.figure.data if t.name in PLANE_OPTIMIZERS}
            names = sorted(lines, key=lambda name: name == "Adam")
            for i in range(len(time.frame_steps)):
                head = picture.frames[i]["data"][-1]
                for k, name in enumerate(names):
                    at = lines[name].meta["upto"][i]
                    assert at == time.index(found.of(name), time.frame_steps[i])
                    for key in {"x", "y", "z"} & head.keys():
                        assert np.array_equal(head[key][k], lines[name][key][at], equal_nan=True)
    drawn = {trace.name: trace for trace in race_map(found, time, "Adam").figure.data if trace.name == "Adam"}
    assert np.allclose(np.column_stack([drawn["Adam"].x, drawn["Adam"].y]), found.of("Adam").path, rtol=1e-6)


def test_the_lines_hold_the_runs_numbers():
    found = raced(lr=0.005)
    time, known = time_axis(found, "steps"), reference(found)
    lines = {t.name: t for t in timeline(found, time, "SGD", "distance").figure.data if t.mode == "lines"}
    losses = {t.name: t for t in timeline(found, time, "SGD", "loss").figure.data if t.mode == "lines"}
    for run in found.runs:
        assert np.allclose(lines[run.name].y, distances(run, known.minima).numpy(), rtol=1e-6)
        assert np.allclose(losses[run.name].y, (run.loss - known.level).numpy(), rtol=1e-5)
    saddle = raced(surface="saddle", start=(-1.7, 0.0), lr=0.05)
    assert timeline(saddle, time, "SGD", "distance") is None
    losses = {t.name: t for t in timeline(saddle, time, "SGD", "loss").figure.data if t.mode == "lines"}
    assert np.allclose(losses["SGD"].y, saddle.of("SGD").loss.numpy(), atol=1e-6)
    far = raced(["SGD"], 300, "saddle", (-1.7, 0.001), lr=0.05)
    line = timeline(far, time_axis(far, "steps"), "SGD", "loss").figure.data[1]
    assert np.allclose(line.customdata, far.runs[0].loss.numpy(), rtol=1e-5)


@pytest.mark.parametrize("surface", SURFACES)
def test_the_map_holds_the_start_the_goals_and_where_runs_end(surface):
    shape = surface_of(surface, "x^2 + y^2")
    box, whole = close_box(shape), shape.box
    assert whole[0] <= box[0] < box[1] <= whole[1]
    assert whole[2] <= box[2] < box[3] <= whole[3]
    found = raced(["SGD", "Rprop"], 60, surface, shape.start, "x^2 + y^2", lr=1e-3)
    x_low, x_high, y_low, y_high = race_box(found)
    ends = [run.path[-1].tolist() for run in found.runs if left_at(run.path, whole) is None]
    for x, y in [*((point.x, point.y) for point in shape.lowest), shape.start, *ends]:
        assert x_low <= x <= x_high
        assert y_low <= y <= y_high


@pytest.mark.parametrize("axis", ["steps", "gradients"])
def test_the_longest_races_stay_below_a_megabyte(axis):
    found = raced(FOURTEEN, 500, lr=0.011)
    assert all(len(picture.json) < 1_000_000 for picture in pictures(found, time_axis(found, axis)))


@pytest.mark.parametrize(
    "case",
    [
        {"surface": "ackley", "start": (0.0, 0.0)},
        {"surface": "saddle", "start": (-1.7, 0.0)},
        {"surface": "typed", "text": "5"},
        {"surface": "typed", "text": "log(x)", "start": (-1.0, 1.0)},
        {"surface": "typed", "text": "log(x)", "start": (0.0, 1.0)},
        {"surface": "typed", "text": "1/x", "start": (0.0, 1.0)},
        {"surface": "typed", "text": "exp(exp(x*y))", "start": (20.0, 20.0)},
        {"surface": "typed", "text": "exp(-x^2)", "start": (20.0, 0.0)},
        {"surface": "beale", "start": (20.0, -20.0), "lr": 100.0},
        {"surface": "beale", "start": (3.0, 0.5)},
        {"surface": "monkey", "start": (1.5, 0.1), "lr": 10.0},
    ],
    ids=str,
)
def test_nothing_breaks_a_picture_or_a_word(case, recwarn):
    for steps in (1, 12):
        found = raced(PLANE_OPTIMIZERS, steps, **{"lr": 0.1} | case)
        for axis in ("steps", "gradients"):
            time = time_axis(found, axis)
            for picture in pictures(found, time, "LBFGS"):
                json.loads(picture.json)
                assert len(picture.caption.split()) <= 45
            for count in (time.frame_steps[0], time.frame_steps[len(time.frame_steps) // 2], steps):
                ranks = ranking(found, time, count)
                assert len(ranking_table(found, ranks, "LBFGS")) == len(PLANE_OPTIMIZERS)
                assert "nan" not in " ".join(explanations(found, ranks))
                assert moment_label(found, time, count, "LBFGS")
        assert ends_words(found, candidates(found))
    assert [w for w in recwarn if "cast" in str(w.message)] == []


def test_the_table_ranks_by_height_with_the_diverged_last():
    found = raced(FOURTEEN, 60, lr=0.02)
    ranks = ranking(found, time_axis(found, "steps"), 60)
    heights = [one.run.loss[one.at].item() for one in ranks if one.outcome.kind != "diverged"]
    assert heights == sorted(heights)
    table = ranking_table(found, ranks, "Adam")
    assert table["rank"].tolist()[:2] == ["1", "2"]
    last = table.iloc[-1]
    assert (last["rank"], last["optimizer"]) == ("–", "Momentum")
    assert last["what happened"] == f"diverged at step {found.of('Momentum').diverged_at}: f is infinite"
    assert number(table["f"][0]) == pytest.approx(heights[0], rel=1e-3)
    (why,) = [text for text in explanations(found, ranks) if "Momentum" in text]
    assert "lr = 0.02 is above 2(1 + b)/L = 0.0154 at (−0.08716, −2.022), after 2 steps" in why


def test_a_limit_is_written_below_the_lr_and_says_what_its_curvature_counts():
    for values, said in (
        ({}, "Its lr = 1.0004 is above 2/L = 1 at"),
        ({"weight_decay": 0.1}, "(L is the largest curvature with weight decay and dampening as set)."),
    ):
        found = raced(["SGD"], 40, "typed", (1.0, 0.0), "x^2", lr=1.0004, **values)
        (why,) = explanations(found, ranking(found, time_axis(found, "steps"), 40))
        assert said in why
        assert ("curvature there" in why) == (not values)


def test_equal_ones_share_a_rank_and_those_that_diverged_have_none():
    found = raced(["SGD", "Adam", "SparseAdam"], 20, lr=0.1)
    ranks = {count: ranking_table(found, ranking(found, time_axis(found, "steps"), count), "") for count in (0, 20)}
    assert list(ranks[0]["rank"]) == ["1", "1", "1"]
    assert dict(zip(ranks[20]["optimizer"], ranks[20]["rank"], strict=True)) == {
        "Adam": "1",
        "SparseAdam": "1",
        "SGD": "–",
    }


def test_ends_that_differ_are_written_apart():
    found = raced(["SGD", "Adam"], 1, "typed", (1.0, 0.0), "9911 + x/1e5", lr=0.1)
    assert "f = 9911.00001" in ends_words(found, ("SGD", "Adam"))
    assert "SGD ends at f = 9911; Adam" not in ends_words(found, ("SGD", "Adam"))


def test_each_optimizer_has_a_look_of_its_own_and_the_four_differ_in_colour_and_dash():
    assert len({style(name) for name in PLANE_OPTIMIZERS}) == len(PLANE_OPTIMIZERS)
    assert len({style(name).color for name in DEFAULT_OPTIMIZERS}) == 4
    assert len({style(name).dash for name in DEFAULT_OPTIMIZERS}) == 4
    assert style("AdamW").color == style("Adam").color


def test_the_guess_is_right_or_wrong_by_the_race():
    found = raced(steps=60, lr=0.01)
    best = min((run for run in found.runs if run.diverged_at is None), key=lambda run: run.loss[-1].item()).name
    assert lowest_at_the_end(found, candidates(found)) == [best]
    assert "Momentum diverges at step 10" in ends_words(found, candidates(found))
    twins = raced(["SGD", "Momentum"], 1, lr=0.01)
    assert lowest_at_the_end(twins, candidates(twins)) == ["SGD", "Momentum"]
    assert lowest_at_the_end(raced(["SGD"], 40, lr=1.0), ("SGD",)) == []
    assert candidates(raced(["LBFGS", "Adam"], 1)) == ("Adam", "LBFGS")


def test_the_programs_print_the_lines_of_the_page():
    changed = hyperparameters_of("Adam")(lr=0.05, beta1=0.8, amsgrad=True, weight_decay=0.1)
    hump = SurfaceSettings(surface="three_hump", x=-2.5, y=2.5)
    races = [
        raced(FOURTEEN, 12, lr=0.01),
        raced(PLANE_OPTIMIZERS, 12, "ackley", (-3.3, 2.7)),
        race(hump, (changed, hyperparameters_of("SGD")(lr=0.5)), 20),
        raced(["SGD"], 30, "typed", (1.0, -1.0), "sqrt(x) + pi*y^2", lr=0.9),
        raced(["Adam", "LBFGS"], 3, "typed", text="2*e"),
    ]
    programs = [race_program(found) for found in races]
    assert any("diverged after" in line for program in programs for line in program.prints)
    assert printed([program.text for program in programs], warnings_are_errors=True) == [p.prints for p in programs]
    assert '{"lr": 0.05, "betas": (0.8, 0.999), "weight_decay": 0.1, "amsgrad": True}' in programs[2].text


def test_the_example_is_the_program_of_the_defaults():
    usual = RaceSettings()
    found = raced(usual.optimizers, usual.steps, start=SURFACES["beale"].start, lr=usual.lr)
    assert ast.dump(ast.parse(race_program(found).text)) == ast.dump(ast.parse(source("optimizers")))


def test_it_opens_in_full_swing_and_the_table_stands_where_the_reader_rests():
    at = visit("optimizers")
    keys = ["race_plane", "race_loss", "race_gradient", "race_distance", "race_landscape"]
    assert scrubber(at)["charts"] == keys == [chart["key"] for chart in charts(at)]
    assert "After 40 steps" in scrubber(at)["labels"][scrubber(at)["index"]]
    assert "After 40 of 200 steps" in at.subheader[0].value
    steep = QUICK | {"x": "1", "y": "1.5"}
    at = visit("optimizers", **steep | {"race.at": "3"})
    assert scrubber(at)["index"] == 3
    assert "diverged" not in at.table[0].value.to_string()
    assert "diverged at step 10" in visit("optimizers", **steep).table[0].value.to_string()


def test_another_surface_moves_the_start_to_a_point_that_is_worth_seeing():
    at = visit("optimizers", **QUICK)
    at.selectbox(key="optimizers.surface").set_value("rosenbrock").run()
    assert dict(parse_qsl(link_of(at))) == {"surface": "rosenbrock", "x": "-1.2", "y": "1.0", **QUICK}


def test_own_rates_are_pytorch_s_and_can_be_changed():
    at = visit("optimizers", rule="own", **QUICK)
    at.select_slider(key="optimizers.Adam.lr").set_value(0.1).run()
    assert link_of(at) == "Adam.lr=0.1&rule=own&steps=10"
    assert '("Adam", torch.optim.Adam, {"lr": 0.1})' in words(at)


def test_the_best_rates_are_those_of_the_sweep():
    at = visit("optimizers", rule="best", optimizers="SGD,Adam", **QUICK)
    assert not at.exception
    all_hparams = (hyperparameters_of("SGD")(), hyperparameters_of("Adam")())
    best = LrSweepTask(SurfaceSettings(), all_hparams, 10).run().best()
    for name in ("SGD", "Adam"):
        assert f'("{name}", torch.optim.{name}, {{"lr": {best[name]!r}}})' in words(at)


def test_who_is_followed_races_and_without_a_minimum_there_is_no_distance():
    at = visit("optimizers", optimizers="SGD", follow="Nesterov", **QUICK)
    assert "Nesterov at" in scrubber(at)["labels"][-1]
    at = visit("optimizers", surface="saddle", x="-1.7", y="0.0", **QUICK)
    assert "race_distance" not in scrubber(at)["charts"]
    assert "never left the line y = 0" in words(at)


@pytest.mark.parametrize(
    "link",
    [
        {"lr": "100", "x": "20", "y": "-20", "steps": "60", "axis": "gradients"},
        {"surface": "typed", "text": "log(x)/y", "x": "0", "y": "0"},
        {"surface": "ackley", "x": "0", "y": "0", "rule": "best"},
        {"Adam.eps": "0", "surface": "typed", "text": "x^2", "rule": "own"},
        {"Adadelta.rho": "1", "Rprop.step_min": "1", "rule": "own", "optimizers": "Adadelta,Rprop"},
        {"optimizers": "", "follow": "LBFGS"},
    ],
    ids=str,
)
def test_wild_links_are_harmless(link):
    at = visit("optimizers", **QUICK | link)
    assert not at.exception
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))


def test_a_wrong_function_gets_a_sentence():
    at = visit("optimizers", surface="typed", text="x^2 + z", **QUICK)
    assert not at.exception
    assert "`z` is not a name" in at.error[0].value


def test_a_path_that_leaves_is_counted():
    found = raced(lr=0.02)
    gone = [run for run in found.runs if left_at(run.path, race_box(found)) is not None]
    assert f"{len(gone)} of 3 runs" in race_map(found, time_axis(found, "steps"), "Adam").caption
