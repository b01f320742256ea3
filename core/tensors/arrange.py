"""An operation that arranges a tensor anew: what becomes of its storage."""

from dataclasses import dataclass

import torch
from torch import Tensor

from core.tensors.facts import index_of, is_view, slot_of, slots
from core.tensors.settings import IndexSettings, StorageSettings
from core.tensors.typed import check_typed, seeded, select, typed_tensor


@dataclass(frozen=True)
class Picked:
    """What an index picks.

    Attributes:
        x: the whole. y: the picked part. places: where in x each element of y stands, in reading order.
        view: whether y lies in x's own storage.
    """

    x: Tensor
    y: Tensor
    places: Tensor
    view: bool


def pick(settings: IndexSettings, seed: int) -> Picked:
    """Applies the index.

    Raises:
        ExpressionError: in one sentence.
    """
    check_typed(settings.x)
    check_typed(settings.at, "x")
    random = seeded(seed)
    x = typed_tensor(settings.x, random)
    y, places = select(settings.at, "x", x, random)
    return Picked(x, y, places, is_view(y, x))


@dataclass(frozen=True)
class Arranged:
    """Before and after.

    Attributes:
        x, y: the tensors. view: whether y lies in x's storage.
        x_slots, y_slots: the storage slot of each element, in the shape of its tensor.
        index: of the chosen cell of y; slot: where it lies; arithmetic: how the strides lead there.
    """

    x: Tensor
    y: Tensor
    view: bool
    x_slots: Tensor
    y_slots: Tensor
    index: tuple[int, ...]
    slot: int
    arithmetic: str


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
    index = index_of(min(settings.place, max(y.numel() - 1, 0)), tuple(y.shape)) if y.numel() else ()
    arithmetic, slot = slot_of(y, index) if y.numel() else ("", 0)
    return Arranged(x, y, is_view(y, x), slots(x), slots(y), index, slot, arithmetic)


def turns(y_slots: Tensor) -> int:
    """How often reading order goes on to another slot than the next one."""
    flat = y_slots.flatten()
    return int((torch.diff(flat) != 1).sum())
