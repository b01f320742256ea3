"""Where in its storage each element of a tensor lies."""

import numpy as np
import torch
from torch import Tensor


def dtype_of(tensor: Tensor) -> str:
    """The name of the dtype without `torch.`."""
    return str(tensor.dtype).removeprefix("torch.")


def is_view(tensor: Tensor, base: Tensor) -> bool:
    """Whether both live in the same storage: what is written to one is seen in the other.

    An empty slice of a full storage is a view. An empty storage has the address 0, which says nothing.
    """
    return tensor.untyped_storage().data_ptr() == base.untyped_storage().data_ptr() != 0


def copied(part: Tensor, whole: Tensor) -> int:
    """How many numbers PyTorch copied to make a part: none for a view."""
    return 0 if is_view(part, whole) else part.numel()


def storage(tensor: Tensor) -> Tensor:
    """Everything in the tensor's storage as one row, in the order of the slots."""
    return tensor.as_strided((tensor.untyped_storage().nbytes() // tensor.itemsize,), (1,), 0)


def slots(tensor: Tensor) -> Tensor:
    """The storage slot of each element, shape of the tensor, int64.

    The numbers 0, 1, 2, ... are laid into a storage of the same length and seen with the same shape and strides.
    """
    numbered = torch.arange(max(len(storage(tensor)), 1))
    return numbered.as_strided(tensor.shape, tensor.stride(), tensor.storage_offset())


def slot_of(tensor: Tensor, index: tuple[int, ...]) -> int:
    """The storage slot of one element: offset + the sum of index times stride."""
    return tensor.storage_offset() + sum(i * s for i, s in zip(index, tensor.stride(), strict=True))


def index_of(place: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The index of an element that stands at a place in reading order, both counted from 0."""
    # torch.unravel_index imports sympy: 35 MB.
    return tuple(int(i) for i in np.unravel_index(place, shape)) if shape else ()
