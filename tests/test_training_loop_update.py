"""An update done again is the update that was done, and its gradients are derivatives."""

from copy import deepcopy
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F

from core.nn import predict
from core.sample_tables import sample_table
from core.training_loop.loop import LINES
from core.training_loop.own import own_training, prepare_own
from core.training_loop.settings import LOOPS, OPTIMIZERS, OwnSettings, TrainingLoopSettings
from core.training_loop.train import number_sum_training, train
from core.training_loop.update import replay

SMALL = TrainingLoopSettings(data_low=1, data_high=9, batch_size=10, num_epochs=12, hidden=5, seed=1, lr=0.003)
UPDATES = [1, 2, 9, 51, 84]  # of 7 an epoch and 84 in all; some are recorded moments, some lie between


def central_difference(weights, features, targets, h=1e-6):
    """Derivative of the batch's mean loss by every weight, in float64 and without autograd."""
    weights = {name: tensor.double() for name, tensor in weights.items()}
    loss = F.mse_loss if targets.is_floating_point() else F.cross_entropy
    targets = targets.double() if targets.is_floating_point() else targets

    def loss_at(name, place, shift):
        moved = {**weights, name: weights[name].clone()}
        moved[name].view(-1)[place] += shift
        return loss(predict(moved, features.double()), targets)

    slopes = {
        name: [(loss_at(name, i, h) - loss_at(name, i, -h)) / (2 * h) for i in range(tensor.numel())]
        for name, tensor in weights.items()
    }
    return {name: torch.stack(slope).reshape(weights[name].shape).float() for name, slope in slopes.items()}


def assert_close(found, expected, rtol=1e-3):
    assert found.keys() == expected.keys()
    for name in expected:
        torch.testing.assert_close(found[name], expected[name], rtol=rtol, atol=1e-4)


def assert_equal(found, expected):
    assert found.keys() == expected.keys()
    assert all(torch.equal(found[name], expected[name]) for name in expected)


MOVING = {"course", "no_zero_grad"}


@pytest.mark.parametrize(
    ("loop", "optimizer"),
    [(loop, name) for loop in LOOPS for name in OPTIMIZERS],
)
def test_a_replayed_update_has_the_recorded_loss_and_hands_on_its_weights(loop, optimizer):
    run = train(replace(SMALL, loop=loop, optimizer=optimizer))
    for update in UPDATES:
        seen = replay(run, update)
        assert seen.loss == run.batch_losses[update - 1].item()
        assert seen.order == LINES[loop]
        assert run.epoch_of(update) == divmod(update - 1, 7)
        following = replay(run, update + 1).weights_before if update < run.updates else run.weights
        assert_equal(seen.weights_after, following)
    assert_equal(replay(run, 1).weights_before, run.snapshots[0].weights)


@pytest.mark.parametrize("loop", ["course", "no_step", "step_before_backward"])
@pytest.mark.parametrize("update", UPDATES)
def test_gradients_are_the_derivatives_of_the_batch_loss(loop, update):
    seen = replay(train(replace(SMALL, loop=loop)), update)
    assert_close(seen.gradients, central_difference(seen.weights_before, seen.X, seen.y))


def test_gradients_of_cross_entropy_are_its_derivatives():
    settings, table = OwnSettings(hidden=4, num_epochs=2), sample_table("iris")
    run = own_training(settings, prepare_own(settings, table)).run()
    seen = replay(run, 13)
    assert seen.loss == run.batch_losses[12].item()
    assert_close(seen.gradients, central_difference(seen.weights_before, seen.X, seen.y))


@pytest.mark.parametrize("update", UPDATES[1:])
def test_without_zero_grad_the_gradients_of_all_updates_add_up(update):
    run = train(replace(SMALL, loop="no_zero_grad"))
    before, seen = replay(run, update - 1), replay(run, update)
    fresh = central_difference(seen.weights_before, seen.X, seen.y)
    assert_close(seen.gradients, {name: before.gradients[name] + fresh[name] for name in fresh})
    assert_equal(seen.seen_by_step, seen.gradients)


@pytest.mark.parametrize("update", UPDATES)
def test_step_sees_the_gradients_only_where_the_loop_is_right(update):
    seen = {loop: replay(train(replace(SMALL, loop=loop)), update) for loop in LOOPS}
    assert_equal(seen["course"].seen_by_step, seen["course"].gradients)
    assert seen["no_step"].seen_by_step == seen["step_before_backward"].seen_by_step == {}
    for loop in ("no_step", "step_before_backward"):
        assert_equal(seen[loop].weights_after, seen[loop].weights_before)


def test_the_batches_of_an_epoch_are_the_training_set_in_some_order():
    run = train(replace(SMALL, validation=0.25))
    for epoch in (0, 3):
        batches = [replay(run, epoch * run.per_epoch + i + 1) for i in range(run.per_epoch)]
        rows = [row for batch in batches for row in batch.rows]
        assert sorted(rows) == list(range(48))
        assert rows != sorted(rows)
        assert torch.equal(torch.cat([b.X for b in batches]), run.X[rows])
        assert torch.equal(torch.cat([b.y for b in batches]), run.y[rows])


def test_predictions_are_those_of_the_weights_before():
    seen = replay(train(SMALL), 50)
    assert torch.equal(seen.predictions, predict(seen.weights_before, seen.X))
    assert seen.loss == pytest.approx((seen.predictions - seen.y).square().mean().item())


@pytest.mark.parametrize("optimizer", ["Adam", "Adagrad"])
def test_the_first_step_is_lr_times_the_sign_of_the_gradient(optimizer):
    seen = replay(train(replace(SMALL, optimizer=optimizer)), 1)
    for name, g in seen.gradients.items():
        assert (g.abs() > 1e-3).any()
        step = seen.weights_after[name] - seen.weights_before[name]
        torch.testing.assert_close(step, -SMALL.lr * g / (g.abs() + 1e-8), rtol=1e-4, atol=1e-7)


def test_the_optimizer_state_is_adams_after_its_first_step():
    seen = replay(train(SMALL), 1)
    for name, g in seen.gradients.items():
        state = seen.optimizer[name]
        assert state["step"].item() == 1
        torch.testing.assert_close(state["exp_avg"], 0.1 * g)  # (1 - beta1) g
        torch.testing.assert_close(state["exp_avg_sq"], 0.001 * g * g)  # (1 - beta2) g^2


def test_an_sgd_step_with_momentum_is_lr_times_the_decaying_sum_of_gradients():
    run = train(replace(SMALL, optimizer="SGD_momentum", lr=1e-4))
    first, second = replay(run, 1), replay(run, 2)
    for name, before in second.weights_before.items():
        velocity = 0.9 * first.gradients[name] + second.gradients[name]
        torch.testing.assert_close(second.weights_after[name], before - 1e-4 * velocity)


def test_updates_of_a_continued_run_are_replayed_too():
    first = train(replace(SMALL, num_epochs=2))
    run = number_sum_training(replace(SMALL, num_epochs=2), start=first.checkpoint).run()
    seen = replay(run, 10)
    assert (seen.loss, run.epoch_of(10)) == (run.batch_losses[9].item(), (3, 2))
    assert_equal(seen.weights_before, replay(train(SMALL), 24).weights_before)


@pytest.mark.parametrize("optimizer", [name for name in OPTIMIZERS if name != "SGD"])
def test_replaying_leaves_the_run_as_it_was(optimizer):
    run = train(replace(SMALL, optimizer=optimizer))
    before = deepcopy(run.snapshots)
    replay(run, 51)
    for snapshot, copy in zip(run.snapshots, before, strict=True):
        assert_equal(snapshot.weights, copy.weights)
        for index, state in copy.optimizer.items():
            assert_equal(snapshot.optimizer[index], state)


@pytest.mark.parametrize("update", [0, -1, 85])
def test_an_update_that_is_not_in_the_run_is_refused(update):
    with pytest.raises(ValueError, match=rf"update = {update} is not in this run; allowed: 1 to 84"):
        replay(train(SMALL), update)
