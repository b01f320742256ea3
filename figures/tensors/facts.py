"""Facts about tensors as tables and in words."""

import pandas as pd
from torch import Tensor

from core.tensors.facts import facts, slot_of


def facts_table(**tensors: Tensor) -> pd.DataFrame:
    """What PyTorch says about each tensor, one column a tensor."""
    columns = {}
    for name, tensor in tensors.items():
        known = facts(tensor)
        columns[name] = {
            "shape": str(known.shape),
            "dtype": f"torch.{known.dtype}",
            "stride()": str(known.stride),
            "storage_offset()": f"{known.offset:,}",
            "elements": f"{known.elements:,}",
            "bytes of its elements": f"{known.elements * known.itemsize:,}",
            "bytes of its storage": f"{known.storage_bytes:,}",
            "is_contiguous()": str(known.contiguous),
        }
    return pd.DataFrame(columns).rename_axis("fact").reset_index()


def storage_words(tensor: Tensor, view: bool, of: str) -> str:
    """Where the numbers of a result are: in the storage of what it was made of, or in one of its own."""
    known = facts(tensor)
    if view:
        return f"is a view: the storage of {of}, from slot {known.offset:,} on"
    if not known.storage_bytes:
        return "has no numbers, nothing to share"
    return f"has a storage of its own, {known.storage_bytes:,} bytes"


def slot_words(tensor: Tensor, index: tuple[int, ...]) -> str:
    """The arithmetic of one element's slot: offset + index · stride, written out, and its result."""
    known = facts(tensor)
    terms = [f"{i} · {s}" for i, s in zip(index, known.stride, strict=True)]
    written = " + ".join([str(known.offset), *terms] if known.offset or not terms else terms)
    return f"{written} = **{slot_of(tensor, index):,}**"


def plain(caption: str) -> str:
    """A caption without the signs that make code and bold letters: for screen readers."""
    return caption.replace("`", "").replace("**", "")
