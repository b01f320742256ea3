"""Any single update of a recorded run, done again line by line with its real tensors."""

from copy import deepcopy
from dataclasses import dataclass

import torch
import torch.nn as nn
from torch import Tensor

from core.batches import epoch_order
from core.nn import MLP, Weights, copied
from core.training_loop.health import all_finite
from core.training_loop.loop import execute, make_optimizer
from core.training_loop.run import Run, Snapshot


@dataclass(frozen=True)
class OneUpdate:
    """What every line of the loop had in its hands in one update.

    Attributes:
        rows: which samples of the training set made the batch, shape (batch,); X, y: those samples.
        predictions: what the network answered before the update, shape (batch, outputs); loss: what that cost.
        weights_before, weights_after: the weights around the update.
        gradients: what `backward` left in `.grad`; seen_by_step: what `step` found there, empty if nothing.
        optimizer: the optimizer's state after the update, per weight.
        order: the lines that ran, in their order.
    """

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

    @property
    def finite(self) -> bool:
        """Whether its arithmetic can be written out: no number in it is NaN or infinite."""
        parts = (self.gradients, self.seen_by_step, self.steps, *self.optimizer.values())
        tensors = [v for part in parts for v in part.values() if isinstance(v, Tensor)]
        return all_finite(self.predictions, self.loss, *tensors)

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
    snapshot = [snapshot for snapshot in run.snapshots if snapshot.update < update][-1]
    model, optimizer = _restored(run, snapshot)
    loss_function = nn.MSELoss() if run.y.is_floating_point() else nn.CrossEntropyLoss()
    for number in range(snapshot.update + 1, update + 1):
        rows = batch_rows(run, number)
        lines = execute(run.settings.loop, model, loss_function, optimizer, run.X[rows], run.y[rows])
        if number < update:
            list(lines)
    before, latest_after, gradients_after = copied(model.state_dict()), {}, {}
    for line, latest in lines:  # of the update in question, which have not run yet
        latest_after[line], gradients_after[line] = latest.detach(), _gradients(model)
    order = tuple(latest_after)
    before_step = order[order.index("step") - 1] if "step" in order else None
    return OneUpdate(
        rows=rows,
        X=run.X[rows],
        y=run.y[rows],
        predictions=latest_after["forward"],
        loss=latest_after["loss"].item(),
        weights_before=before,
        weights_after=copied(model.state_dict()),
        gradients=gradients_after["backward"],
        seen_by_step=gradients_after[before_step] if before_step else {},
        optimizer={name: dict(optimizer.state[weight]) for name, weight in model.named_parameters()},
        order=order,
    )


def _restored(run: Run, snapshot: Snapshot) -> tuple[MLP, torch.optim.Optimizer]:
    outputs, hidden = snapshot.weights["output_layer.weight"].shape
    model = MLP([run.X.shape[1], hidden, outputs], torch.Generator())
    model.load_state_dict(snapshot.weights)
    optimizer = make_optimizer(run.settings.optimizer, model.parameters(), run.settings.lr)
    state = deepcopy(snapshot.optimizer)  # torch keeps the tensors it is given
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    for name, weight in model.named_parameters():
        weight.grad = snapshot.gradients[name].clone() if name in snapshot.gradients else None
    return model, optimizer


def batch_rows(run: Run, update: int) -> Tensor:
    """Which samples the batch of an update (counted from 1) is made of, shape (batch,)."""
    epoch, batch = divmod(update - 1, run.per_epoch)
    seed = run.shuffle_seeds[epoch] if run.shuffle_seeds else None
    return epoch_order(len(run.X), seed).split(run.settings.batch_size)[batch]


def _gradients(model: nn.Module) -> Weights:
    return {name: w.grad.clone() for name, w in model.named_parameters() if w.grad is not None}
