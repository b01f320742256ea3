"""Any single update of a recorded run, done again line by line with its real tensors."""

from copy import deepcopy
from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor

from core.nn import MLP, Weights
from core.training_loop.data import epoch_order
from core.training_loop.loop import execute, make_optimizer
from core.training_loop.run import Run


@dataclass(frozen=True)
class OneUpdate:
    """What every line of the loop had in its hands in one update.

    Attributes:
        update: number of the update in the run, from 1.
        rows: which samples of the training set made the batch, shape (batch,).
        X: shape (batch, inputs); y: shape (batch, 1) or (batch,).
        predictions: what the network answered before the update, shape (batch, outputs).
        loss: the batch's loss before the update, as the run has recorded it.
        weights_before, weights_after: the weights around the update.
        gradients: what `backward` left in `.grad`.
        seen_by_step: what `step` found in `.grad` when it ran; empty if it found nothing.
        optimizer: the optimizer's state after the update, per weight.
        order: the lines that ran, in their order.
    """

    update: int
    rows: Tensor
    X: Tensor
    y: Tensor
    predictions: Tensor
    loss: float
    weights_before: Weights
    weights_after: Weights
    gradients: Weights
    seen_by_step: Weights
    optimizer: dict[str, dict[str, Tensor]]
    order: tuple[str, ...]

    @property
    def steps(self) -> Weights:
        """How far each weight has moved."""
        return {name: self.weights_after[name] - before for name, before in self.weights_before.items()}

    def furthest(self) -> tuple[str, int]:
        """The weight that has moved furthest: the name of its tensor and its place in the flattened one."""
        size = {name: step.abs().nan_to_num(nan=-1).flatten() for name, step in self.steps.items()}
        name = max(size, key=lambda n: size[n].max().item())
        return name, int(size[name].argmax())


def replay(run: Run, update: int) -> OneUpdate:
    """Goes back to the last snapshot before the update and runs the loop up to it, bit for bit.

    Raises:
        ValueError: if the run has no such update.
    """
    if not 1 <= update <= run.updates:
        raise ValueError(f"update = {update} is not in this run; allowed: 1 to {run.updates:,}")
    snapshot = run.snapshots[run.snapshot_at(update - 1)]
    outputs, hidden = snapshot.weights["output_layer.weight"].shape
    model = MLP([run.X.shape[1], hidden, outputs], torch.Generator())
    model.load_state_dict(snapshot.weights)
    optimizer = make_optimizer(run.settings.optimizer, model.parameters(), run.settings.lr)
    state = deepcopy(snapshot.optimizer)  # torch keeps the tensors it is given
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    for name, weight in model.named_parameters():
        weight.grad = snapshot.gradients[name].clone() if name in snapshot.gradients else None
    loss_function = nn.MSELoss() if run.y.is_floating_point() else nn.CrossEntropyLoss()
    for earlier in range(snapshot.update + 1, update):
        rows = batch_rows(run, earlier)
        for _ in execute(run.settings.loop, model, loss_function, optimizer, run.X[rows], run.y[rows]):
            pass
    return _watched(run, update, model, loss_function, optimizer)


def batch_rows(run: Run, update: int) -> Tensor:
    """Which samples the batch of an update (counted from 1) is made of, shape (batch,)."""
    epoch, batch = divmod(update - 1, run.per_epoch)
    seed = run.shuffle_seeds[epoch] if run.shuffle_seeds else None
    return epoch_order(len(run.X), seed).split(run.settings.batch_size)[batch]


def _watched(
    run: Run, update: int, model: MLP, loss_function: nn.Module, optimizer: torch.optim.Optimizer
) -> OneUpdate:
    rows = batch_rows(run, update)
    X, y = run.X[rows], run.y[rows]
    before, after_line, gradients, seen_by_step = _copied(model.state_dict()), {}, _gradients(model), {}
    for line, latest in execute(run.settings.loop, model, loss_function, optimizer, X, y):
        after_line[line] = latest.detach()
        if line == "step":
            seen_by_step = gradients
        gradients = _gradients(model)
        if line == "backward":
            left_by_backward = gradients
    return OneUpdate(
        update=update,
        rows=rows,
        X=X,
        y=y,
        predictions=after_line["forward"],
        loss=after_line["loss"].item(),
        weights_before=before,
        weights_after=_copied(model.state_dict()),
        gradients=left_by_backward,
        seen_by_step=seen_by_step,
        optimizer={
            name: {key: value.clone() for key, value in optimizer.state[weight].items() if isinstance(value, Tensor)}
            for name, weight in model.named_parameters()
        },
        order=tuple(after_line),
    )


def _copied(weights: Weights) -> Weights:
    """The weights as they are now; later updates do not change the copy."""
    return {name: tensor.detach().clone() for name, tensor in weights.items()}


def _gradients(model: nn.Module) -> Weights:
    return {name: w.grad.clone() for name, w in model.named_parameters() if w.grad is not None}
