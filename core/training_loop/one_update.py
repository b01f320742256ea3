"""Any single update of a recorded run, done again line by line with its real tensors."""

from copy import deepcopy
from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor

from core.training_loop.data import epoch_order
from core.training_loop.loop import execute
from core.training_loop.model import MLP, Weights, copy_weights, make_optimizer
from core.training_loop.record import Run


@dataclass(frozen=True)
class OneUpdate:
    """What every line of the loop had in its hands in one update.

    Attributes:
        update: number of the update in the run, from 1.
        epoch, batch: where it stands, both from 0.
        rows: which samples of the training set made the batch, shape (batch,).
        features: shape (batch, inputs); targets: shape (batch, 1) or (batch,).
        predictions: what the network answered before the update, shape (batch, outputs).
        loss: the batch's loss before the update, as the run has recorded it.
        weights_before, weights_after: the weights around the update.
        gradients: what `backward` left in `.grad`; empty if a line order leaves nothing for `step` to see.
        seen_by_step: what `step` found in `.grad` when it ran; empty if it found nothing.
        optimizer: the optimizer's state after the update, per weight.
        order: the lines that ran, in their order.
    """

    update: int
    epoch: int
    batch: int
    rows: Tensor
    features: Tensor
    targets: Tensor
    predictions: Tensor
    loss: float
    weights_before: Weights
    weights_after: Weights
    gradients: Weights
    seen_by_step: Weights
    optimizer: dict[str, dict[str, Tensor]]
    order: tuple[str, ...]


def replay(run: Run, update: int) -> OneUpdate:
    """Goes back to the last recorded moment before the update and runs the loop up to it, bit for bit.

    Raises:
        ValueError: if the run has no such update.
    """
    if not 1 <= update <= run.updates:
        raise ValueError(f"update = {update} is not in this run; allowed: 1 to {run.updates:,}")
    moment = run.moments[run.moment_at(update - 1)]
    outputs, hidden = moment.weights["output_layer.weight"].shape
    model = MLP(run.samples.features.shape[1], hidden, outputs, torch.Generator())
    model.load_state_dict(moment.weights)
    optimizer = make_optimizer(run.settings.optimizer, model.parameters(), run.settings.lr)
    state = deepcopy(moment.optimizer["state"])  # torch keeps the tensors it is given
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    for name, weight in model.named_parameters():
        weight.grad = moment.gradients[name].clone() if name in moment.gradients else None
    loss_function = nn.MSELoss() if run.samples.targets.is_floating_point() else nn.CrossEntropyLoss()
    for done in range(moment.update, update - 1):
        features, targets = run.samples[batch_rows(run, done)]
        for _ in execute(run.settings.loop, model, loss_function, optimizer, features, targets):
            pass
    return _watched(run, update, model, loss_function, optimizer)


def batch_rows(run: Run, done: int) -> Tensor:
    """Which samples the batch after `done` updates is made of, shape (batch,)."""
    epoch, batch = divmod(done, run.per_epoch)
    seed = run.shuffle_seeds[epoch] if run.shuffle_seeds else None
    return epoch_order(len(run.samples), seed).split(run.settings.batch_size)[batch]


def _watched(
    run: Run, update: int, model: MLP, loss_function: nn.Module, optimizer: torch.optim.Optimizer
) -> OneUpdate:
    rows = batch_rows(run, update - 1)
    features, targets = run.samples[rows]
    before, after_line, order = copy_weights(model), {}, []
    gradients_after = {"start": _gradients(model)}
    for line, latest in execute(run.settings.loop, model, loss_function, optimizer, features, targets):
        order.append(line)
        after_line[line] = latest.detach()
        gradients_after[line] = _gradients(model)
    previous = order[order.index("step") - 1] if "step" in order else None
    epoch, batch = divmod(update - 1, run.per_epoch)
    return OneUpdate(
        update=update,
        epoch=run.first_epoch + epoch,
        batch=batch,
        rows=rows,
        features=features,
        targets=targets,
        predictions=after_line["forward"],
        loss=after_line["loss"].item(),
        weights_before=before,
        weights_after=copy_weights(model),
        gradients=gradients_after["backward"],
        seen_by_step=gradients_after[previous] if previous else {},
        optimizer={
            name: {key: value.clone() for key, value in optimizer.state[weight].items() if isinstance(value, Tensor)}
            for name, weight in model.named_parameters()
        },
        order=tuple(order),
    )


def _gradients(model: nn.Module) -> Weights:
    return {name: w.grad.clone() for name, w in model.named_parameters() if w.grad is not None}
