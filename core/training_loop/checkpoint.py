"""Saving a run and taking it up again, as the PyTorch documentation recommends: state dicts, weights only."""

import io
from dataclasses import dataclass, field

import torch
from torch import Generator, Tensor

from core.nn import MLP, Weights
from core.quote import quote
from core.training_loop.loop import make_optimizer
from core.training_loop.settings import LoopSettings
from core.weights_file import read_weights

MAX_EPOCH = 10_000
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
    """A file for `torch.load(..., weights_only=True)`: epoch, model and optimizer state."""
    file = io.BytesIO()
    state = {"optimizer": {"state": checkpoint.optimizer}, "gradients": checkpoint.gradients}
    torch.save({"epoch": checkpoint.epoch, "model": checkpoint.weights} | state, file)
    return file.getvalue()


def load(content: bytes, settings: LoopSettings) -> Checkpoint:
    """Reads a saved run of the course's network, or the bare `model.state_dict()` of a program of the reader's own.

    Raises:
        ValueError: in one sentence, if the file is too large, is not a torch file, or does not fit the settings.
    """
    saved = read_weights(content)
    model, optimizer = _after_one_update(settings)
    weights = saved.get("model", saved)
    _check(weights, model.state_dict(), "the network")
    if "model" not in saved:
        return Checkpoint(0, dict(weights), {})
    epoch = saved.get("epoch")
    if type(epoch) is not int or not 0 <= epoch <= MAX_EPOCH:
        raise ValueError(f"The weights file names no epoch; allowed: a whole number from 0 to {MAX_EPOCH:,}.")
    state = _optimizer_state(saved.get("optimizer"), optimizer.state_dict()["state"])
    gradients = saved.get("gradients") or {}  # there are some only where zero_grad was left out
    if gradients:
        _check(gradients, model.state_dict(), "the network's gradients")
    return Checkpoint(epoch, dict(weights), state, dict(gradients))


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


def _check(found: object, expected: dict, what: str) -> None:
    """Refuses tensors that are not, name by name, those that are expected."""
    if not isinstance(found, dict) or set(found) != set(expected):
        raise ValueError(f"The weights file does not hold the tensors of {what}; allowed: {', '.join(expected)}.")
    for name, tensor in expected.items():
        got = found[name]
        if not isinstance(got, Tensor) or got.shape != tensor.shape or got.dtype != tensor.dtype:
            said = f"{quote(tuple(got.shape))} of {got.dtype}" if isinstance(got, Tensor) else "no tensor"
            raise ValueError(
                f"The weights file has {said} as {name} of {what}; the settings on screen need "
                f"{tuple(tensor.shape)} of {tensor.dtype}. Set the hidden units to those of the file."
            )
        if name == "step" and got < 0:
            raise ValueError(f"The weights file counts {got.item():g} steps of {what}; allowed: 0 or more.")
        if not torch.isfinite(got).all():
            raise ValueError(f"The weights file holds a number that is not finite, in {name} of {what}.")


def _optimizer_state(found: object, expected: OptimizerState) -> OptimizerState:
    """The state per weight, name by name as expected; an empty one lets the optimizer begin afresh."""
    state = found.get("state") if isinstance(found, dict) else None
    if isinstance(found, dict) and not state:
        return {}
    if not isinstance(state, dict) or set(state) != set(expected):
        raise ValueError("The weights file's optimizer state does not belong to this network; save the run again.")
    wanted = {i: {key: v for key, v in tensors.items() if isinstance(v, Tensor)} for i, tensors in expected.items()}
    for i, tensors in wanted.items():
        if tensors:
            _check(state[i], tensors, "the optimizer that is chosen here")
    return {i: {key: state[i][key] for key in tensors} for i, tensors in wanted.items() if tensors}
