"""What the network knows of addition, checked on networks that know it exactly and on one that learned."""

import hypothesis
import hypothesis.strategies as st
import pytest
import torch

from core.nn import predict
from core.training_loop.addition import answer, error_map, local_plane, sums_along_the_diagonal
from core.training_loop.settings import TrainingLoopSettings
from core.training_loop.train import train

LEARNED = train(TrainingLoopSettings(data_low=0, data_high=8, batch_size=8, num_epochs=20, hidden=9, lr=0.01))


def by_hand(slope_a, slope_b, bias=1024.0):
    """A network that computes slope_a a + slope_b b exactly, wherever |a| and |b| are below its bias."""
    return {
        "hidden_layer.weight": torch.eye(2),
        "hidden_layer.bias": torch.full((2,), bias),
        "output_layer.weight": torch.tensor([[slope_a, slope_b]]),
        "output_layer.bias": torch.tensor([-(slope_a + slope_b) * bias]),
    }


ADDITION = by_hand(1.0, 1.0)


@pytest.mark.parametrize(("a", "b"), [(3, 7), (-100, 99), (0, 0), (0.5, 0.25)])
def test_a_network_that_knows_addition_answers_exactly(a, b):
    assert answer(ADDITION, a, b) == a + b


def test_the_error_map_of_addition_is_zero_everywhere():
    _, errors, _ = error_map(ADDITION, (0, 100))
    assert errors.abs().max() < 1e-3  # rounding at the size of the bias


def test_the_error_map_of_a_network_that_forgets_b_is_minus_b_up_the_rows():
    numbers, errors, _ = error_map(by_hand(1.0, 0.0), (0, 100), n=7)
    expected = -numbers[:, None].expand(7, 7)  # row i belongs to the second number numbers[i]
    torch.testing.assert_close(errors, expected, rtol=0, atol=1e-3)


def test_the_map_reaches_one_width_beyond_the_range_and_inside_is_the_range():
    numbers, _, inside = error_map(ADDITION, (10, 15), n=13)
    assert numbers.tolist() == list(range(6, 19))
    covered = torch.tensor([10 <= number <= 14 for number in range(6, 19)])
    assert torch.equal(inside, torch.outer(covered, covered))


def test_the_sums_along_the_diagonal_are_answers_at_every_snapshot():
    sums, inside, answers = sums_along_the_diagonal(LEARNED, n=22)
    assert sums.tolist() == [2.0 * number for number in range(-7, 15)]
    assert inside.tolist() == [0 <= number <= 7 for number in range(-7, 15)]
    for snapshot, row in zip(LEARNED.snapshots, answers, strict=True):
        expected = [answer(snapshot.weights, number, number) for number in range(-7, 15)]
        assert row.tolist() == pytest.approx(expected, rel=1e-5, abs=1e-5)


@hypothesis.settings(deadline=None, derandomize=True)
@hypothesis.given(st.floats(-1000, 1000, width=32), st.floats(-1000, 1000, width=32))
def test_the_local_plane_passes_through_the_answer(a, b):
    plane = local_plane(LEARNED.weights, a, b)
    said = answer(LEARNED.weights, a, b)
    bias = LEARNED.weights["output_layer.bias"].item()
    near = {"rel": 1e-4, "abs": 1e-4 * (1 + abs(a) + abs(b))}
    assert (plane.slopes @ torch.tensor([a, b])).item() + plane.intercept == pytest.approx(said, **near)
    assert plane.contributions.sum().item() + bias == pytest.approx(said, **near)
    assert torch.equal(plane.contributions != 0, plane.active & (LEARNED.weights["output_layer.weight"][0] != 0))


def test_the_slopes_are_the_derivatives_of_the_answer():
    for a, b in [(3.3, 4.4), (-20.0, 13.0), (150.0, -2.0)]:
        pair = torch.tensor([[a, b]], requires_grad=True)
        predict(LEARNED.weights, pair).sum().backward()
        torch.testing.assert_close(local_plane(LEARNED.weights, a, b).slopes, pair.grad[0])


@pytest.mark.parametrize("slopes", [(1.0, 1.0), (2.0, -3.0)])
def test_the_plane_of_a_network_made_by_hand_has_the_slopes_it_was_made_with(slopes):
    plane = local_plane(by_hand(*slopes), 3, 7)
    assert (plane.slopes.tolist(), plane.intercept) == (list(slopes), 0)
    assert plane.active.all()


def test_a_unit_that_is_off_adds_nothing():
    weights = by_hand(1.0, 1.0, bias=0.0)
    plane = local_plane(weights, 5, -5)
    assert plane.active.tolist() == [True, False]
    assert (plane.slopes.tolist(), plane.contributions.tolist()) == ([1, 0], [5, 0])
