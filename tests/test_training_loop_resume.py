"""A run can be watched, stopped, saved and taken up again, and is the same run."""

from dataclasses import replace

import hypothesis
import hypothesis.strategies as st
import pytest
import torch

from core.frame_steps import PARTS
from core.training_loop.checkpoint import load, save
from core.training_loop.settings import LOOPS, OPTIMIZERS, TrainingLoopSettings
from core.training_loop.train import number_sum_training, train

SMALL = TrainingLoopSettings(data_low=1, data_high=7, batch_size=10, num_epochs=4, hidden=5, seed=2, lr=0.01)
HALF = replace(SMALL, num_epochs=2)


def go_on(settings, checkpoint):
    return number_sum_training(settings, start=checkpoint).run()


def assert_same(found, expected):
    """Equal bit for bit, whatever dictionaries and lists the tensors stand in."""
    assert type(found) is type(expected)
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        found, expected = list(found.values()), list(expected.values())
    if isinstance(expected, list | tuple):
        assert len(found) == len(expected)
        for a, b in zip(found, expected, strict=True):
            assert_same(a, b)
    elif isinstance(expected, torch.Tensor):
        assert torch.equal(found, expected)
    else:
        assert found == expected


def assert_continues(first, second, whole):
    assert_same(torch.cat([first.batch_losses, second.batch_losses]), whole.batch_losses)
    assert first.epoch_sums + second.epoch_sums == whole.epoch_sums
    assert first.validation_losses + second.validation_losses == whole.validation_losses
    assert first.shuffle_seeds + second.shuffle_seeds == whole.shuffle_seeds
    assert first.lines() + second.lines() == whole.lines()
    assert_same(second.weights, whole.weights)


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_two_halves_are_one_long_run_also_through_a_file(optimizer, shuffle):
    settings = replace(SMALL, optimizer=optimizer, shuffle=shuffle)
    half = replace(settings, num_epochs=2)
    whole, first = train(settings), train(half)
    assert_continues(first, go_on(half, first.checkpoint), whole)
    assert_continues(first, go_on(half, load(save(first.checkpoint), half)), whole)


@pytest.mark.parametrize("loop", LOOPS)
def test_two_halves_of_a_broken_loop_are_one_long_run(loop):
    change = {"loop": loop, "validation": 0.25}
    first = train(replace(HALF, **change))
    assert_continues(first, go_on(replace(HALF, **change), first.checkpoint), train(replace(SMALL, **change)))


def test_four_quarters_are_one_long_run():
    run, parts = None, []
    for _ in range(4):
        run = go_on(replace(SMALL, num_epochs=1), run and run.checkpoint)
        parts.append(run)
    assert [line for part in parts for line in part.lines()] == train(SMALL).lines()


def test_going_on_with_another_learning_rate_uses_it():
    first = train(replace(HALF, optimizer="SGD"))
    slow = go_on(replace(HALF, optimizer="SGD", lr=1e-5, num_epochs=1), first.checkpoint)
    fast = go_on(replace(HALF, optimizer="SGD", lr=1e-3, num_epochs=1), first.checkpoint)
    for name, start in first.weights.items():
        slow_move, fast_move = (run.snapshots[1].weights[name] - start for run in (slow, fast))  # in the first update
        torch.testing.assert_close(100 * slow_move, fast_move, rtol=0.05, atol=1e-4)


def test_going_on_leaves_the_checkpoint_as_it_was():
    checkpoint = train(HALF).checkpoint
    before = save(checkpoint)
    go_on(HALF, checkpoint)
    assert_same(load(before, HALF).weights, checkpoint.weights)
    assert_same(load(before, HALF).optimizer, checkpoint.optimizer)


@hypothesis.settings(deadline=None, derandomize=True, max_examples=15)
@hypothesis.given(st.lists(st.integers(0, 9), max_size=6))
def test_in_whatever_portions_a_run_advances_it_is_the_same_run(portions):
    training = number_sum_training(SMALL)
    for updates in [*portions, 1000]:
        training.step(updates)
        training.result()  # looking changes nothing
    whole = train(SMALL)
    assert training.finished
    assert_same(training.result().batch_losses, whole.batch_losses)
    assert_same([m.weights for m in training.result().snapshots], [m.weights for m in whole.snapshots])


@pytest.mark.parametrize("stop", [0, 1, 4, 6, 15, 16])
def test_a_run_that_was_stopped_is_a_run_as_far_as_it_got(stop):
    training = number_sum_training(SMALL)
    training.step(stop)
    part, whole = training.result(), train(SMALL)
    assert (part.updates, part.per_epoch, part.finished) == (stop, 4, stop == 16)
    assert_same(part.batch_losses, whole.batch_losses[:stop])
    assert part.epoch_sums == whole.epoch_sums[: stop // 4]
    assert part.snapshots[-1].update == stop
    assert (part.checkpoint is None) == (stop % 4 != 0)


def test_a_stopped_run_does_not_change_when_its_training_goes_on():
    training = number_sum_training(SMALL)
    training.step(5)
    part, before = training.result(), train(SMALL).batch_losses[:5]
    weights = {name: tensor.clone() for name, tensor in part.weights.items()}
    training.step(100)
    assert_same((part.batch_losses, part.weights, part.updates), (before, weights, 5))


@pytest.mark.parametrize("num_epochs", [1, 2, 7, 10, 50])
@pytest.mark.parametrize("batch_size", [5, 10, 1000])
def test_snapshots_begin_at_the_start_end_at_the_end_and_hold_every_epoch(num_epochs, batch_size):
    run = train(replace(SMALL, num_epochs=num_epochs, batch_size=batch_size))
    updates = [snapshot.update for snapshot in run.snapshots]
    assert (updates[0], updates[-1]) == (0, run.updates)
    assert updates == sorted(set(updates))
    assert set(range(0, run.updates + 1, run.per_epoch)) <= set(updates)
    assert len(updates) <= 2 * PARTS + num_epochs + 1


@pytest.mark.parametrize("optimizer", ["Adam", "SGD_momentum"])
@pytest.mark.parametrize("loop", LOOPS)
def test_every_snapshot_is_the_state_of_a_run_that_was_stopped_there(loop, optimizer):
    """A moment that shared its memory with later ones would hold the last state, not its own."""
    settings = replace(SMALL, loop=loop, optimizer=optimizer)
    for snapshot in train(settings).snapshots:
        stopped = number_sum_training(settings)
        stopped.step(snapshot.update)
        last = stopped.result().snapshots[-1]
        assert_same(vars(snapshot), vars(last))


def test_snapshots_share_no_memory():
    run = train(SMALL)
    places = [t.data_ptr() for m in run.snapshots for t in (*m.weights.values(), *m.gradients.values())]
    states = [t.data_ptr() for m in run.snapshots for s in m.optimizer.values() for t in s.values()]
    assert len(states) > 0
    assert len(set(places + states)) == len(places + states)
