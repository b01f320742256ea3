"""Facts about tensors as tables and in words."""

import pandas as pd
from torch import Tensor

from core.tensors.facts import is_view, slot_of


def facts_table(**tensors: Tensor) -> pd.DataFrame:
    """What PyTorch says about each tensor, one column a tensor."""
    columns = {
        name: {
            "shape": str(tuple(tensor.shape)),
            "dtype": str(tensor.dtype),
            "stride(): slots to the next index": str(tensor.stride()),
            "storage_offset(): its first slot": f"{tensor.storage_offset():,}",
            "elements": f"{tensor.numel():,}",
            "bytes of its elements": f"{tensor.nbytes:,}",
            "bytes of its storage": f"{tensor.untyped_storage().nbytes():,}",
            "is_contiguous(): its slots follow in reading order": str(tensor.is_contiguous()),
        }
        for name, tensor in tensors.items()
    }
    return pd.DataFrame(columns).rename_axis("fact")


def storage_words(tensor: Tensor, base: Tensor, of: str) -> str:
    """Where the numbers of a result are: in the storage of what it was made of, or in one of its own."""
    if is_view(tensor, base):
        return f"is a view: it reads the storage of {of}, from slot {tensor.storage_offset():,} on"
    own = tensor.untyped_storage().nbytes()
    return f"has a storage of its own, {own:,} bytes" if own else "has no numbers, nothing to share"


def slot_words(tensor: Tensor, index: tuple[int, ...]) -> str:
    """The arithmetic of one element's slot: offset + index · stride, written out, and its result."""
    terms = [f"{i} · {s}" for i, s in zip(index, tensor.stride(), strict=True)]
    return f"{' + '.join([str(tensor.storage_offset()), *terms])} = **{slot_of(tensor, index):,}**"
