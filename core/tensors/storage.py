"""An operation that arranges a tensor anew: what becomes of its storage."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.tensors.facts import is_view, slots
from core.tensors.settings import StorageSettings
from core.tensors.typed import check_typed, seeded, typed_tensor


@dataclass(frozen=True)
class Arranged:
    """Before and after.

    Attributes:
        view: whether y lies in x's storage.
        x_slots, y_slots: the storage slot of each element, in the shape of its tensor.
    """

    x: Tensor
    y: Tensor
    view: bool
    x_slots: Tensor
    y_slots: Tensor


def arrange(settings: StorageSettings, seed: int) -> Arranged:
    """Does the operation.

    Raises:
        ExpressionError: in one sentence; `TorchError` if PyTorch refuses it.
    """
    check_typed(settings.x)
    check_typed(settings.y, "x")
    random = seeded(seed)
    x = typed_tensor(settings.x, random)
    y = typed_tensor(settings.y, random, {"x": x})
    return Arranged(x, y, is_view(y, x), slots(x), slots(y))


def jumps(y_slots: Tensor) -> int:
    """How often reading order goes on to another slot than the next one; 0 exactly where a tensor is contiguous."""
    return int((torch.diff(y_slots.flatten()) != 1).sum())
