"""Where the numbers of a part are: the answer to the guess, and one element's slot worked out by hand."""

from torch import Tensor

from core.quote import literal
from core.tensors.facts import index_of, is_view, slot_of
from core.tensors.index import Picked
from figures.tensors.facts import slot_words, storage_words


def copied_words(found: Picked, name: str, text: str) -> str:
    """How one can tell how many numbers PyTorch copied to make the part."""
    where = storage_words(found.part, found.whole, name)
    if not found.part.numel():
        return f"{literal(text)} holds 0 numbers, so there was nothing to copy."
    if is_view(found.part, found.whole):
        return f"{literal(text)} {where}. Nothing was copied."
    why = "An index made of lists or truth values can pick in any order, which no strides can describe."
    return f"{literal(text)} {where}. {why}"


def worked_slot(part: Tensor, text: str) -> str | None:
    """One element's place in memory, step by step; None if there is no element."""
    if not part.numel():
        return None
    index = index_of(part.numel() * 2 // 3 if part.dim() else 0, tuple(part.shape))
    slot = slot_of(part, index)
    return (
        f"Where is element {list(index)} of {literal(text)}? Begin at the offset, its first slot. For each dimension "
        f"add index times stride, the slots to the next index: slot {slot_words(part, index)}. In bytes, that is "
        f"{slot:,} · {part.itemsize} = **{slot * part.itemsize:,}** after the beginning of the storage."
    )
