"""Saving a run and taking it up again: weights, gradients and optimizer state in one safetensors file.

In the file the weights have the names of `model.state_dict()`. The other tensors' names begin with `gradients.` and
`optimizer.`, and the epoch is a note.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Generator, Tensor

from core.nn import MLP, Weights
from core.training_loop.loop import make_optimizer
from core.training_loop.settings import LoopSettings
from core.weights_file import read_weights, write_weights

MAX_EPOCH = 10_000
GRADIENTS, OPTIMIZER = "gradients.", "optimizer."
OptimizerState = dict[int, dict[str, Tensor]]  # the "state" of `optimizer.state_dict()`


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Where a run can be taken up again: after `epoch` whole epochs, with these weights. Equal to itself only.

    An empty `optimizer` means that the optimizer begins afresh; `gradients` are those that no zero_grad has cleared.
    """

    epoch: int
    weights: Weights
    optimizer: OptimizerState
    gradients: Weights = field(default_factory=dict)


def save(checkpoint: Checkpoint) -> bytes:
    """A file for `safetensors.torch.load_file`."""
    besides = _named(GRADIENTS, checkpoint.gradients) | _flat(checkpoint.optimizer)
    return write_weights(checkpoint.weights | besides, {"epoch": str(checkpoint.epoch)})


def load(content: bytes, settings: LoopSettings) -> Checkpoint:
    """Reads a saved run of the course's network, or the bare `model.state_dict()` of a program of the reader's own.

    Raises:
        ValueError: in one sentence, if the file is too large, is not a safetensors file, or does not fit the settings.
    """
    model, optimizer = _after_one_update(settings)
    weights, state = model.state_dict(), _flat(optimizer.state_dict()["state"])
    gradients = _named(GRADIENTS, weights)
    tensors, notes = read_weights(content, weights, gradients | state)
    epoch = notes.get("epoch", "0")
    if not (epoch.isascii() and epoch.isdecimal() and len(epoch) <= 9 and int(epoch) <= MAX_EPOCH):
        raise ValueError(f"The weights file names no epoch; allowed: a whole number from 0 to {MAX_EPOCH:,}.")
    for names, what in ((gradients, "gradients"), (state, "optimizer state")):
        if names.keys() & tensors.keys() and not names.keys() <= tensors.keys():
            raise ValueError(f"The weights file's {what} is not whole; save the run again.")
    if any(tensors[name] < 0 for name in state if name in tensors and name.endswith(".step")):
        raise ValueError("The weights file counts fewer than 0 steps of the optimizer; allowed: 0 or more.")
    state_found: OptimizerState = {}
    for name in [name for name in state if name in tensors]:
        i, key = name.removeprefix(OPTIMIZER).split(".")
        state_found.setdefault(int(i), {})[key] = tensors[name]
    return Checkpoint(
        epoch=int(epoch),
        weights={name: tensors[name] for name in weights},
        optimizer=state_found,
        gradients={name: tensors[GRADIENTS + name] for name in weights if GRADIENTS + name in tensors},
    )


def fits(checkpoint: Checkpoint, settings: LoopSettings) -> bool:
    """Whether a run with these settings can begin from the checkpoint."""
    try:
        load(save(checkpoint), settings)
    except ValueError:
        return False
    return True


def _after_one_update(settings: LoopSettings) -> tuple[MLP, torch.optim.Optimizer]:
    """A network and an optimizer as these settings make them: they show which tensors a file must hold."""
    model = MLP([2, settings.hidden, 1], Generator())
    optimizer = make_optimizer(settings.optimizer, model.parameters(), settings.lr)
    model(torch.zeros(1, 2)).sum().backward()
    optimizer.step()
    return model, optimizer


def _named(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {prefix + name: tensor for name, tensor in tensors.items()}


def _flat(state: OptimizerState) -> dict[str, Tensor]:
    """The tensors of an optimizer's state by names such as `optimizer.0.exp_avg`."""
    named = {f"{OPTIMIZER}{i}.{key}": value for i, one in state.items() for key, value in one.items()}
    return {name: value for name, value in named.items() if isinstance(value, Tensor)}
