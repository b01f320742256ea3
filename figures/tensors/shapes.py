"""Facts about tensors as tables and sentences."""

import pandas as pd
from torch import Tensor

from core.tensors.facts import Facts, facts


def facts_table(**tensors: Tensor) -> pd.DataFrame:
    """What PyTorch says about each tensor, one column a tensor."""
    rows: dict[str, list[str]] = {"fact": [], **{name: [] for name in tensors}}
    rows["fact"] = [
        "shape",
        "dtype",
        "stride()",
        "storage_offset()",
        "elements",
        "bytes of its elements",
        "bytes of its storage",
        "is_contiguous()",
    ]
    for name, tensor in tensors.items():
        known = facts(tensor)
        rows[name] = [
            say_shape(known.shape),
            f"torch.{known.dtype}",
            say_shape(known.stride),
            f"{known.offset:,}",
            f"{known.elements:,}",
            f"{known.elements * known.itemsize:,}",
            f"{known.storage_bytes:,}",
            str(known.contiguous),
        ]
    return pd.DataFrame(rows)


def say_shape(shape: tuple[int, ...]) -> str:
    """A shape or strides as Python writes a tuple."""
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def many(count: int, what: str) -> str:
    """A count with its word, such as `1 number` and `2 numbers`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def own_storage(known: Facts) -> str:
    """What there is to say about the storage of a result that is no view, copied or computed."""
    if not known.storage_bytes:
        return "no numbers, nothing to share"
    return f"a storage of its own, {known.storage_bytes:,} bytes: new memory was written"


def plain(caption: str) -> str:
    """A caption without the signs that make code and bold letters: for screen readers."""
    return caption.replace("`", "").replace("**", "")


def kind(tensor: Tensor) -> str:
    """Scalar, vector, matrix, or how many dimensions."""
    return ("a scalar", "a vector", "a matrix")[tensor.dim()] if tensor.dim() < 3 else f"{tensor.dim()}-dimensional"
