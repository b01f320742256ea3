"""What PyTorch itself says about a tensor, and where in its storage each element lies."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True)
class Facts:
    """Read from the tensor, not computed.

    Attributes:
        shape, stride: lengths, and steps in the storage in elements, one for each dimension.
        offset: slot of the storage at which the first element lies.
        dtype: without `torch.`; itemsize: bytes of one element.
        elements: how many the shape has; slots: how many the storage has; storage_bytes: what that costs.
        contiguous: whether reading order is the order of the storage.
    """

    shape: tuple[int, ...]
    stride: tuple[int, ...]
    offset: int
    dtype: str
    itemsize: int
    elements: int
    slots: int
    storage_bytes: int
    contiguous: bool


def facts(tensor: Tensor) -> Facts:
    """The facts about one tensor."""
    storage_bytes = tensor.untyped_storage().nbytes()
    return Facts(
        shape=tuple(tensor.shape),
        stride=tensor.stride(),
        offset=tensor.storage_offset(),
        dtype=str(tensor.dtype).removeprefix("torch."),
        itemsize=tensor.element_size(),
        elements=tensor.numel(),
        slots=storage_bytes // tensor.element_size(),
        storage_bytes=storage_bytes,
        contiguous=tensor.is_contiguous(),
    )


def is_view(tensor: Tensor, base: Tensor) -> bool:
    """Whether both live in the same storage: what is written to one is seen in the other.

    An empty slice of a full storage is a view. An empty storage has the address 0, which says nothing.
    """
    return tensor.untyped_storage().data_ptr() == base.untyped_storage().data_ptr() != 0


def slots(tensor: Tensor) -> Tensor:
    """The storage slot of each element, shape of the tensor, int64.

    The numbers 0, 1, 2, ... are laid into a storage of the same length and seen with the same shape and strides.
    """
    known = facts(tensor)
    return torch.arange(max(known.slots, 1)).as_strided(known.shape, known.stride, known.offset)


def slot_of(tensor: Tensor, index: tuple[int, ...]) -> int:
    """The storage slot of one element: offset + the sum of index times stride."""
    return tensor.storage_offset() + sum(i * s for i, s in zip(index, tensor.stride(), strict=True))


def storage(tensor: Tensor) -> Tensor:
    """Everything in the tensor's storage as one row, in the order of the slots."""
    return tensor.as_strided((facts(tensor).slots,), (1,), 0)


def index_of(place: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The index of an element that stands at a place in reading order, both counted from 0."""
    # torch.unravel_index imports sympy: 35 MB.
    return tuple(int(i) for i in np.unravel_index(place, shape)) if shape else ()
