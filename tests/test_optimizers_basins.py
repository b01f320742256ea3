"""The map of starts: each cell goes where its start goes alone, and is counted where it ends."""

import ast
from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
import torch
from programs import printed
from visitor import charts, components, link_of, visit

from core.optim.hyperparameters import hyperparameters_of
from core.optim.known import PLANE_OPTIMIZERS
from core.optimizers.basins import (
    BY_COORDINATE,
    DIVERGED,
    MOVING,
    OUTSIDE,
    SIDE,
    STAY,
    WHOLE_TENSOR,
    BasinSettings,
    BasinTask,
    Nearby,
    has_stayed,
    radius_of,
    starts,
)
from core.optimizers.program.basins import basins_program
from core.optimizers.race import race
from core.optimizers.settings import SurfaceSettings
from core.plane.surfaces import SURFACES, surface_of
from core.program import source, with_constants
from figures.optimizers.basins import ENDS, VALLEYS, basin_map, frame_steps, label
from pages.optimizers import basins as page
from ui.controls import Controls

HIMMELBLAU = SurfaceSettings(surface="himmelblau")


def basins(surface, name, steps, side, **changes):
    return BasinTask(surface, hyperparameters_of(name)(**changes), steps, side).run()


def check_cells(surface, hparams, steps, side, cells):
    """Place, state and step of some cells against the run of that start alone."""
    task = BasinTask(surface, hparams, steps, side)
    found, points = task.run(), task.points.detach().view(-1, 2)
    begun = starts(found.box, side)
    for cell in cells:
        x, y = begun[cell].tolist()
        run = race(replace(surface, x=x, y=y), (hparams,), steps).runs[0]
        state, since = found.state.flatten()[cell].item(), found.since.flatten()[cell].item()
        if run.diverged_at is not None:
            assert (state, since) == (DIVERGED, run.diverged_at)
            continue
        assert torch.equal(points[cell], run.path[-1]), (hparams, cell)
        if state >= 0:
            distance = (run.path - torch.tensor([found.minima[state].x, found.minima[state].y])).norm(dim=1)
            assert (distance[since:] <= found.radius).all()
            inside = found.box[1] >= run.path[since - 1].abs().max()  # the boxes are square
            assert since == 0 or distance[since - 1] > found.radius or not inside
    return found


@pytest.mark.parametrize("name", BY_COORDINATE)
def test_every_cell_is_the_single_run_of_its_start_bit_for_bit(name):
    cls = hyperparameters_of(name)
    check_cells(HIMMELBLAU, cls(lr=0.02), 40, 20, (0, 27, 133, 250, 399))
    check_cells(SurfaceSettings(surface="ackley"), cls(lr=0.1), 20, 20, (5, 210))


def test_the_whole_map_too_and_with_every_hyperparameter():
    adam = hyperparameters_of("Adam")(lr=0.05, amsgrad=True, weight_decay=0.1)
    found = check_cells(HIMMELBLAU, adam, 20, SIDE, (0, 12345, 39999))
    assert found.state.shape == (SIDE, SIDE)
    momentum = hyperparameters_of("Momentum")(lr=0.01, dampening=0.1)
    check_cells(SurfaceSettings(), momentum, 20, SIDE, (0, 777, 20100, 39999))


def test_only_what_treats_each_coordinate_by_itself_is_offered():
    assert set(BY_COORDINATE) | set(WHOLE_TENSOR) == set(PLANE_OPTIMIZERS)
    for name in WHOLE_TENSOR:
        hparams, start = hyperparameters_of(name)(lr=0.05), starts((-5, 5, -5, 5), 4)
        alone = race(replace(HIMMELBLAU, x=start[0, 0].item(), y=start[0, 1].item()), (hparams,), 1).runs[0].path[-1]
        points = start.clone().requires_grad_()
        optimizer = hparams.make([points])

        def closure(points=points, optimizer=optimizer):
            optimizer.zero_grad()
            x, y = points.T
            value = ((x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2).sum()
            value.backward()
            return value

        if name == "Adafactor":
            closure()
            optimizer.step()
        else:
            optimizer.step(closure)
        assert not torch.allclose(points.detach()[0], alone)


def test_small_steps_of_sgd_go_to_himmelblau_s_four_minima():
    found = basins(HIMMELBLAU, "SGD", 100, 60, lr=0.01)
    places = [(round(point.x, 4), round(point.y, 4)) for point in found.minima]
    assert sorted(places) == [(-3.7793, -3.2832), (-2.8051, 3.1313), (3.0, 2.0), (3.5844, -1.8481)]
    assert sum(found.count(i) for i in range(4)) == found.state.numel()
    for number, point in enumerate(found.minima):
        row, column = int((point.y + 5) / 10 * 60), int((point.x + 5) / 10 * 60)
        assert found.state[row, column] == number
        assert found.since[row, column] <= 2


def test_past_the_limit_of_every_minimum_almost_none_is_reached():
    limit = max(point.limit for point in surface_of("himmelblau").minima)
    found = basins(HIMMELBLAU, "SGD", 200, 60, lr=1.05 * limit)
    assert sum(found.count(i) for i in range(4)) < 0.02 * found.state.numel()
    assert found.count(DIVERGED) > 0
    assert found.count(MOVING) > 0.1 * found.state.numel()


def test_larger_steps_of_adagrad_find_far_better_holes_on_rastrigin():
    mean = {}
    for lr in (0.3, 4.0):
        found = basins(SurfaceSettings(surface="rastrigin"), "Adagrad", 300, 40, lr=lr)
        values = torch.tensor([point.value for point in found.minima], dtype=torch.float64)
        assert len(values) == 121
        mean[lr] = values[found.state[found.state >= 0].long()].mean().item()
    assert mean[4.0] < mean[0.3] / 5


def test_who_flies_past_has_not_reached_a_minimum():
    assert has_stayed(torch.tensor([0, 5, 6, 10]), 10).tolist() == [True, True, False, False]
    assert has_stayed(torch.tensor([0, 1]), 2).tolist() == [True, False]  # one that began there
    task = BasinTask(HIMMELBLAU, hyperparameters_of("SGD")(lr=0.01), 100, 20)
    task.step(10)
    came = (task.since == 10) & (task.state >= 0)
    assert came.any()
    task.step(STAY - 1)
    came &= (task.since == 10) & (task.state >= 0)
    assert (task.result().state.flatten()[came] == MOVING).all()
    task.step(1)
    assert (task.result().state.flatten()[came] >= 0).all()


def test_the_radius_is_a_hundredth_of_the_box_and_less_where_minima_are_close():
    assert radius_of(surface_of("himmelblau")) == pytest.approx(0.1)
    assert radius_of(surface_of("booth")) == pytest.approx(0.2)
    close = surface_of("typed", "sin(9*x)^2 + sin(9*y)^2")
    points = torch.tensor([(point.x, point.y) for point in close.minima], dtype=torch.float64)
    assert radius_of(close) == pytest.approx(min(0.01 * close.width, 0.3 * torch.pdist(points).min().item()))


def test_the_table_of_what_is_near_says_what_all_distances_say():
    shape = surface_of("rastrigin")
    radius = radius_of(shape)
    minima = torch.tensor([(point.x, point.y) for point in shape.minima], dtype=torch.float64)
    generator = torch.Generator().manual_seed(3)
    near = minima.repeat(20, 1) + 1.5 * radius * torch.randn(2420, 2, dtype=torch.float64, generator=generator)
    distance = torch.cdist(near, minima)
    expected = torch.where(distance.amin(dim=1) <= radius, distance.argmin(dim=1), -1)
    nearby = Nearby(shape.box, shape.minima, radius)
    assert torch.equal(nearby(*near.T), expected)
    strange = torch.tensor([torch.nan, torch.inf, -torch.inf, 1e300], dtype=torch.float64)
    assert nearby(strange, strange).tolist() == [-1, -1, -1, -1]


def test_who_has_diverged_once_stays_so():
    steep = SurfaceSettings(surface="typed", text="exp(exp(x^2))+y^2")  # not finite beyond |x| = 2.6
    found = basins(steep, "Rprop", 50, 20, lr=0.5)
    assert (found.state[:, 0] == DIVERGED).all()
    assert (found.since[:, 0] == 0).all()


@pytest.mark.parametrize("text", ["5", "x", "x^2", "sqrt(x)", "1/x", "sin(9*x)*sin(9*y)", "saddle", "ackley", "monkey"])
def test_every_start_ends_somewhere_on_any_surface(text):
    known = text in ("saddle", "ackley", "monkey")
    surface = SurfaceSettings(surface=text) if known else SurfaceSettings(surface="typed", text=text)
    found = basins(surface, "SGD", 100, 20, lr=0.05)
    assert sum(found.count(state) for state in (*range(len(found.minima)), MOVING, OUTSIDE, DIVERGED)) == 400
    if text == "saddle":
        assert found.count(OUTSIDE) == 400
    if text == "5":
        assert found.count(MOVING) == 400


def test_a_part_of_a_map_counts_as_far_as_it_got_and_the_settings_own_start_does_not_count():
    hparams = hyperparameters_of("Adam")(lr=0.1)
    task, whole = BasinTask(HIMMELBLAU, hparams, 30, 20), BasinTask(HIMMELBLAU, hparams, 30, 20).run()
    task.step(7)
    assert (task.result().steps, task.finished) == (7, False)
    assert torch.equal(task.run().state, whole.state)
    assert torch.equal(task.result().since, whole.since)
    assert task.key == BasinTask(replace(HIMMELBLAU, x=3.0), hparams, 30, 20).key


def case(surface, optimizer, lr, steps):
    x, y = SURFACES[surface].start
    settings, hparams = SurfaceSettings(surface=surface, x=x, y=y), hyperparameters_of(optimizer)(lr=lr)
    return BasinTask(settings, hparams, steps, 100).run(), race(settings, (hparams,), steps).runs[0]


@pytest.fixture(scope="module")
def four():
    return case("himmelblau", "Momentum", 0.02, 120)


@pytest.fixture(scope="module")
def many():
    return case("rastrigin", "Adam", 0.5, 300)


@pytest.mark.parametrize("color", ["valley", "steps"])
@pytest.mark.parametrize("case", ["four", "many"])
def test_who_is_where_it_ends_by_a_step_is_coloured_and_who_is_not_is_grey(case, color, request):
    found, run = request.getfixturevalue(case)
    picture = basin_map(found, run, color)
    heat, steps = picture.figure.data[0], frame_steps(found.steps)
    assert len(picture.frames) == len(steps)
    share = (np.asarray(heat.z, dtype=float) - heat.zmin) / (heat.zmax - heat.zmin)
    for i, step in list(enumerate(steps))[::7]:
        stops = picture.frames[i]["data"][0]["colorscale"]
        at = np.array([stop for stop, _ in stops])
        assert (np.diff(at) >= -1e-12).all()
        assert (at[0], at[-1]) == (0, pytest.approx(1))
        place = np.searchsorted(at, share, side="right") - 1
        grey = np.array([tone == ENDS[MOVING][1] for _, tone in stops])[place]
        assert (grey == ~((found.since <= step) & (found.state != MOVING)).numpy()).all()
    assert len(picture.json) < 1_000_000


def test_each_valley_has_a_colour_of_its_own_and_a_number_and_many_a_scale(four, many):
    picture = basin_map(*four, "valley")
    (minima,) = [trace for trace in picture.figure.data if trace.name == "minima"]
    assert list(minima.text) == ["1", "2", "3", "4"]
    scale = picture.frames[-1]["data"][0]["colorscale"]
    assert {tone for _, tone in scale} == {*VALLEYS[:4], *(tone for _, tone in ENDS.values())}
    assert any(trace.name == "scale" for trace in basin_map(*many, "valley").figure.data)


@pytest.mark.parametrize("color", ["valley", "steps"])
@pytest.mark.parametrize("case", ["four", "many"])
def test_caption_label_and_table_count_the_starts(case, color, request):
    found, run = request.getfixturevalue(case)
    picture = basin_map(found, run, color)
    reached = f"{int((found.state >= 0).sum()):,}"
    assert len(picture.caption.split()) <= 45
    assert f" {reached} of 10,000 starts" in picture.caption
    assert label(found, found.steps).startswith(
        f"After {found.steps} of {found.steps} steps: of 10,000 starts, {reached}"
    )
    assert picture.table["starts"].sum() == found.state.numel()
    assert picture.table["share"].sum() == pytest.approx(1, abs=1e-2)
    assert len(picture.table) == len(found.minima) + len(ENDS)
    limits = picture.table["stable below lr"].dropna()
    assert list(limits) == ([pytest.approx(1.9 * point.limit) for point in found.minima] if case == "four" else [])


def test_a_map_without_minima_is_drawn():
    found, run = case("saddle", "SGD", 0.5, 30)
    picture = basin_map(found, run, "steps")
    assert " 0 of 10,000" in picture.caption
    assert found.count(OUTSIDE) + found.count(DIVERGED) == found.state.numel()
    assert np.isfinite(np.asarray(picture.figure.data[0].z)).all()


def test_the_programs_print_the_lines_of_the_page():
    usual = BasinSettings()
    maps = [
        basins(SurfaceSettings(), usual.optimizer, 40, 12, lr=usual.lr),
        basins(SurfaceSettings(surface="rastrigin"), "NAdam", 5, 40, lr=0.5),
        basins(HIMMELBLAU, "SparseAdam", 4, 12, lr=0.5, beta1=0.5),
        basins(SurfaceSettings(surface="typed", text="pi*x^2 + abs(y)"), "Rprop", 9, 12, lr=0.1),
        basins(SurfaceSettings(surface="typed", text="5"), "SGD", 3, 12),
        basins(HIMMELBLAU, "SGD", 60, 20, lr=0.0235),
    ]
    made = [basins_program(found) for found in maps]
    texts = [with_constants(each.text, {"SIDE": found.side}) for each, found in zip(made, maps, strict=True)]
    assert printed(texts, warnings_are_errors=True) == [list(program.prints) for program in made]
    example = with_constants(made[0].text, {"STEPS": usual.steps, "SIDE": SIDE})
    assert ast.dump(ast.parse(example)) == ast.dump(ast.parse(source("optimizers_basins")))


SHORT = {"view": "basins", "basins.steps": "20"}


def test_a_change_of_the_optimizer_makes_another_map_and_the_link_has_it():
    at = visit("optimizers", **SHORT)
    assert "Each cell is a start of Momentum" in at.caption[0].value
    at.selectbox(key="optimizers.basins.optimizer").set_value("Rprop").run()
    assert "Each cell is a start of Rprop" in at.caption[0].value
    assert "basins.optimizer=Rprop" in link_of(at)
    (scrubber,) = components(at, "scrubber")
    assert scrubber["labels"][0].startswith("After 0 of 20 steps")


def test_each_preset_shows_another_map():
    at = visit("optimizers", **SHORT)
    captions = [at.caption[0].value]
    take = Controls._take
    with mock.patch.object(Controls, "_take", lambda self, values: take(self, values | {"basins.steps": 15})):
        for name in page.PRESETS:
            at = at.button(key=f"optimizers-preset-{name}").click().run()
            assert not at.exception
            captions.append(at.caption[0].value + link_of(at))
    assert len(set(captions)) == 1 + len(page.PRESETS)


@pytest.mark.parametrize("text", ["5", "sqrt(x)", "1/x", "exp(exp(x))", "-x^2", "x^"])
def test_a_surface_of_any_kind_and_the_wildest_values_are_harmless(text):
    wild = {"basins.surface": "typed", "text": text, "x": "-20", "y": "20", "basins.lr": "100", "basins.steps": "5"}
    wild |= {"basins.optimizer": BY_COORDINATE[-1], "basins.color": "steps"}
    at = visit("optimizers", **SHORT | wild)
    assert not at.exception
    assert len(at.error) == (text == "x^")
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))
