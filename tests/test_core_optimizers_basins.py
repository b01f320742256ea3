"""The map of starts: each cell goes where its start goes alone, and is counted where it ends."""

from dataclasses import replace

import pytest
import torch

from core.optim.hyperparameters import hyperparameters_of
from core.optim.known import PLANE_OPTIMIZERS
from core.optimizers.basins import (
    BOUNCING,
    EACH,
    LEVEL,
    LOST,
    OUTSIDE,
    SIDE,
    UNDER_WAY,
    WHOLE,
    BasinSettings,
    BasinWork,
    Nearby,
    basins,
    hparams_of,
    minima_of,
    radius_of,
    starts,
)
from core.optimizers.race import race
from core.optimizers.settings import SurfaceSettings
from core.plane.surfaces import box_of

HIMMELBLAU = SurfaceSettings(surface="himmelblau")


def check_cells(surface, hparams, steps, side, cells):
    """Place, state and step of some cells against the run of that start alone."""
    work = BasinWork(surface, hparams, steps, side)
    work.advance(steps)
    found, places = work.run(), work.points.detach().view(-1, 2)
    begun = starts(found.box, side)
    for cell in cells:
        x, y = begun[cell].tolist()
        run = race(replace(surface, x=x, y=y), (hparams,), steps).runs[0]
        state, since = found.state.flatten()[cell].item(), found.since.flatten()[cell].item()
        if run.diverged_at is not None:
            assert (state, since) == (LOST, run.diverged_at)
            continue
        assert torch.equal(places[cell], run.path[-1]), (hparams, cell)
        if state >= 0:
            distance = (run.path - torch.tensor([found.minima[state].x, found.minima[state].y])).norm(dim=1)
            assert (distance[since:] <= found.radius).all()
            inside = box_of(surface.surface, surface.text)[1] >= run.path[since - 1].abs().max()  # the boxes are square
            assert since == 0 or distance[since - 1] > found.radius or not inside
    return found


@pytest.mark.parametrize("name", EACH)
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
    assert set(EACH) | set(WHOLE) == set(PLANE_OPTIMIZERS)
    for name in WHOLE:
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
    found = basins(HIMMELBLAU, hyperparameters_of("SGD")(lr=0.01), 100, 60)
    places = [(round(point.x, 4), round(point.y, 4)) for point in found.minima]
    assert sorted(places) == [(-3.7793, -3.2832), (-2.8051, 3.1313), (3.0, 2.0), (3.5844, -1.8481)]
    assert sum(found.count(i) for i in range(4)) == found.state.numel()
    for number, point in enumerate(found.minima):
        row, column = int((point.y + 5) / 10 * 60), int((point.x + 5) / 10 * 60)
        assert found.state[row, column] == number
        assert found.since[row, column] <= 2


def test_past_the_limit_of_every_minimum_almost_none_arrives():
    limit = max(point.limit for point in minima_of(HIMMELBLAU))
    found = basins(HIMMELBLAU, hyperparameters_of("SGD")(lr=1.05 * limit), 200, 60)
    assert sum(found.count(i) for i in range(4)) < 0.02 * found.state.numel()
    assert found.count(LOST) > 0


def test_larger_steps_of_adagrad_find_far_better_holes_on_rastrigin():
    mean = {}
    for lr in (0.3, 4.0):
        found = basins(SurfaceSettings(surface="rastrigin"), hyperparameters_of("Adagrad")(lr=lr), 300, 40)
        values = torch.tensor([point.value for point in found.minima], dtype=torch.float64)
        assert len(values) == 121
        mean[lr] = values[found.state[found.state >= 0].long()].mean().item()
    assert mean[4.0] < mean[0.3] / 5


def test_who_cannot_settle_is_told_apart_from_who_is_under_way_or_flies_past():
    above = hyperparameters_of("SGD")(lr=0.0235)  # more than 2/L at the minima 1 and 4
    found = basins(HIMMELBLAU, above, 200, 40)
    assert found.count(BOUNCING) > 0.2 * found.state.numel()
    assert found.state[int(3 / 10 * 40), int(9 / 10 * 40)] == BOUNCING  # next to (4, -2)
    assert basins(HIMMELBLAU, hyperparameters_of("SGD")(lr=0.001), 100, 40).count(BOUNCING) == 0
    slow = basins(HIMMELBLAU, hyperparameters_of("Momentum")(lr=0.002, momentum=0.98), 60, 40)
    assert bool((slow.since[slow.state >= 0] <= 60 - 5).logical_or(slow.since[slow.state >= 0] == 0).all())


def test_the_table_of_what_is_near_says_what_all_distances_say():
    surface = SurfaceSettings(surface="rastrigin")
    box, minima = box_of("rastrigin", ""), minima_of(surface)
    radius = radius_of(box, minima)
    places = torch.tensor([(point.x, point.y) for point in minima], dtype=torch.float64)
    generator = torch.Generator().manual_seed(3)
    near = places.repeat(20, 1) + 1.5 * radius * torch.randn(2420, 2, dtype=torch.float64, generator=generator)
    distance = torch.cdist(near, places)
    expected = torch.where(distance.amin(dim=1) <= radius, distance.argmin(dim=1), -1)
    assert torch.equal(Nearby(box, minima, radius)(*near.T), expected)
    strange = torch.tensor([torch.nan, torch.inf, -torch.inf, 1e300], dtype=torch.float64)
    assert Nearby(box, minima, radius)(strange, strange).tolist() == [-1, -1, -1, -1]


def test_who_is_lost_once_stays_lost():
    steep = SurfaceSettings(surface="typed", text="exp(exp(x^2))+y^2")  # not finite beyond |x| = 2.6
    found = basins(steep, hyperparameters_of("Rprop")(lr=0.5), 50, 20)
    lost = found.state == LOST
    assert lost[:, 0].all()
    assert (found.since[:, 0] == 0).all()


@pytest.mark.parametrize("surface", ["saddle", "monkey", "ackley", "mccormick"])
def test_ground_without_a_minimum_or_with_a_cusp(surface):
    found = basins(SurfaceSettings(surface=surface), hyperparameters_of("SGD")(lr=0.05), 100, 20)
    ends = (UNDER_WAY, LEVEL, OUTSIDE, LOST, BOUNCING)
    counts = [found.count(state) for state in (*range(len(found.minima)), *ends)]
    assert sum(counts) == 400
    if surface == "saddle":
        assert found.count(OUTSIDE) == 400


@pytest.mark.parametrize("text", ["5", "x", "x^2", "sqrt(x)", "1/x", "sin(9*x)*sin(9*y)"])
def test_ground_of_any_kind_is_harmless(text):
    found = basins(SurfaceSettings(surface="typed", text=text), hyperparameters_of("Adam")(lr=0.1), 20, 20)
    assert found.state.shape == (20, 20)


def test_a_plain_is_level_ground_everywhere():
    found = basins(SurfaceSettings(surface="typed", text="5"), hyperparameters_of("Momentum")(), 20, 20)
    assert found.count(LEVEL) == 400


def test_a_map_in_slices_is_the_map_at_once_and_a_part_of_it_counts_as_far_as_it_got():
    settings = BasinSettings(optimizer="Adam", lr=0.1, steps=30)
    hparams = hparams_of(hyperparameters_of("Adam")(), settings)
    assert hparams.lr == 0.1
    work = BasinWork(HIMMELBLAU, hparams, 30, 20)
    work.advance(7)
    assert (work.update, work.run().steps, work.finished) == (7, 7, False)
    work.advance(100)
    whole = basins(HIMMELBLAU, hparams, 30, 20)
    assert work.finished
    assert torch.equal(work.run().state, whole.state)
    assert torch.equal(work.run().since, whole.since)
