"""Where the numbers of a part are: the answer to the guess, and one element's slot worked out by hand."""

from core.tensors.create import Created
from core.tensors.facts import facts, index_of, slot_of
from figures.tensors.facts import slot_words
from figures.words import plural


def copied_words(made: Created, part: str) -> str:
    """How many numbers PyTorch copied to make the part, and how one can tell."""
    known = facts(made.picked.part)
    if not known.elements:
        return f"**None.** `{part}` is empty: it holds 0 numbers, and there was nothing to copy."
    if made.picked.view:
        return (
            f"**None.** `{part}` is a view: its data pointer lies in the storage of {made.name}, at slot "
            f"{known.offset:,}, and its strides are {known.stride}. What it holds, "
            f"{plural(known.elements, 'number')}, is a part of {made.name} itself."
        )
    return (
        f"**All {known.elements:,}.** `{part}` has a storage of its own, {known.storage_bytes:,} bytes. An index made "
        "of lists or truth values can pick in any order, which no strides can describe."
    )


def worked_slot(made: Created, part: str) -> str | None:
    """One element's place in memory, step by step; None if there is no element."""
    known = facts(made.picked.part)
    if not known.elements:
        return None
    index = index_of(known.elements * 2 // 3 if known.shape else 0, known.shape)
    slot = slot_of(made.picked.part, index)
    return (
        f"Where is element {list(index)} of `{part}`? Begin at its offset and add, for each dimension, index times "
        f"stride: slot {slot_words(made.picked.part, index)}. In bytes, that is {slot:,} · {known.itemsize} = "
        f"**{slot * known.itemsize:,}** after the beginning of the storage."
    )
