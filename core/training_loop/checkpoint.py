"""Saving a run and taking it up again, as the PyTorch documentation recommends: state dicts, weights only.

Source: https://docs.pytorch.org/tutorials/beginner/saving_loading_models.html
"""

import io
import pickletools
import zipfile

import torch
from torch import Generator, Tensor

from core.nn import MLP
from core.settings import quote
from core.training_loop.loop import make_optimizer
from core.training_loop.run import Checkpoint, OptimizerState
from core.training_loop.settings import LoopSettings

MAX_BYTES = 1_000_000  # of the file, and of what it unpacks to; the largest network here takes 20 kB
MAX_EPOCH = 10_000
ALLOWED = {  # what a state dict needs; torch itself also allows bytearray(n), with any n
    "collections OrderedDict",
    "torch._utils _rebuild_tensor_v2",
    "torch._utils _rebuild_parameter",
    "torch FloatStorage",
    "torch DoubleStorage",
}


def save(checkpoint: Checkpoint) -> bytes:
    """A file for `torch.load(..., weights_only=True)`: epoch, model and optimizer state."""
    file = io.BytesIO()
    optimizer = {"state": checkpoint.optimizer}
    parts = {"model": checkpoint.weights, "optimizer": optimizer, "gradients": checkpoint.gradients}
    torch.save({"epoch": checkpoint.epoch, **parts}, file)
    return file.getvalue()


def load(content: bytes, settings: LoopSettings) -> Checkpoint:
    """Reads a saved run of the course's network, or the bare `model.state_dict()` of a program of the reader's own.

    Raises:
        ValueError: in one sentence, if the file is too large, is not a torch file, or does not fit the settings.
    """
    saved = _read(content)
    whole_run = "model" in saved
    model, optimizer = _after_one_update(settings)
    weights = saved["model"] if whole_run else saved
    _check(weights, model.state_dict(), "the network")
    if not whole_run:
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


def _read(content: bytes) -> dict:
    if len(content) > MAX_BYTES:
        raise ValueError(f"The weights file has {len(content):,} bytes; allowed: at most {MAX_BYTES:,}.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            saved = torch.load(_packed_again(archive), weights_only=True) if unpacked <= MAX_BYTES else None
    except Exception:  # torch raises many kinds; whichever it is, torch.save did not write this
        raise ValueError(
            "This is not a weights file; allowed: a file that torch.save wrote from model.state_dict()."
        ) from None
    if saved is None:
        raise ValueError(f"The weights file unpacks to {unpacked:,} bytes; allowed: at most {MAX_BYTES:,}.")
    if not isinstance(saved, dict):
        raise ValueError("The weights file holds no state_dict; allowed: what model.state_dict() gives.")
    return saved


def _packed_again(archive: zipfile.ZipFile) -> io.BytesIO:
    """The records that were measured, and no others: torch finds records in a zip file by other rules than Python."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as copy:
        for entry in archive.infolist():
            record = archive.read(entry)
            if entry.filename.endswith(".pkl") and not _globals(record) <= ALLOWED:
                raise ValueError
            copy.writestr(entry.filename, record)
    file.seek(0)
    return file


def _globals(pickled: bytes) -> set[object]:
    return {argument for code, argument, _ in pickletools.genops(pickled) if "GLOBAL" in code.name}


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
        raise ValueError(
            f"The weights file does not hold the tensors of {what}; allowed: {', '.join(map(str, expected))}."
        )
    for name, tensor in expected.items():
        got = found[name]
        if not isinstance(got, Tensor) or got.shape != tensor.shape or got.dtype != tensor.dtype:
            said = (
                f"{quote(tuple(got.shape))} of {got.dtype}"
                if isinstance(got, Tensor)
                else "something that is not a tensor"
            )
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
