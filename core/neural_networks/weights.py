"""The weights of a model in a safetensors file: what stands in it byte by byte, and loading one of the reader's own."""

import json
from dataclasses import dataclass

import torch
from torch import Tensor

from core.neural_networks.class_code import class_code
from core.neural_networks.model import fresh
from core.neural_networks.settings import ModelSettings
from core.weights_file import read_weights, write_weights

LENGTH = 8  # bytes that say how long the header is


@dataclass(frozen=True)
class Part:
    """A part of the file: `name` from byte `start` to before byte `end`; dtype and shape of a tensor."""

    name: str
    start: int
    end: int
    dtype: str = ""
    shape: tuple[int, ...] = ()


def saved(settings: ModelSettings) -> bytes:
    """The file of the fresh model."""
    model, _ = fresh(settings)
    return write_weights(model.state_dict(), {})


def parts(content: bytes) -> list[Part]:
    """What stands in a file of our own, from the first byte to the last."""
    header = LENGTH + int.from_bytes(content[:LENGTH], "little")
    found = [Part("length of the header", 0, LENGTH), Part("header", LENGTH, header)]
    entries = json.loads(content[LENGTH:header])
    for name, entry in sorted(entries.items(), key=lambda pair: pair[1]["data_offsets"]):
        start, end = (header + offset for offset in entry["data_offsets"])
        found.append(Part(name, start, end, entry["dtype"], tuple(entry["shape"])))
    return found


def load(content: bytes, settings: ModelSettings) -> dict[str, Tensor]:
    """The tensors of a file for this model.

    Raises:
        ValueError: in one sentence, if the file is too large, damaged, or that of another model.
    """
    needed = fresh(settings)[0].state_dict()
    try:
        return read_weights(content, needed, {})[0]
    except ValueError as error:
        if "does not hold the tensors" not in str(error):
            raise
        names = f"{next(iter(needed))} to {list(needed)[-1]}" if needed else "no name at all"
        raise ValueError(
            f"This file holds the weights of another model; allowed: the {len(needed)} tensors of the model on screen, "
            f"from {names}."
        ) from None


def answer(settings: ModelSettings, tensors: dict[str, Tensor] | None = None) -> Tensor | None:
    """What the model says in eval() to its random input, with its first weights or loaded ones; None if it fails."""
    model, generator = fresh(settings)
    x = torch.rand(settings.input_shape, generator=generator)
    if tensors is not None:
        model.load_state_dict(tensors)
    try:
        return model.eval()(x).detach()
    except (RuntimeError, ValueError, IndexError):
        return None


def holds_code(content: bytes, settings: ModelSettings) -> bool:
    """Whether any line of the class stands in the file."""
    lines = [line.strip().encode() for line in class_code(settings.model).splitlines() if line.strip()]
    return any(line in content for line in lines)
