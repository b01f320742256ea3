"""Before and after an operation, each cell in the colour of its slot, and the storage as one row of slots."""

import torch
from torch import Tensor

from core.tensors.facts import slots, storage
from figures.picture import Picture
from figures.tensors.cells import INK, cell_picture
from figures.tensors.facts import storage_words
from figures.words import plural


def before(x: Tensor) -> Picture:
    """x, each cell with its slot's colour."""
    caption = f"x: shape {tuple(x.shape)}, strides {x.stride()}. Colour and #: the slot in the storage."
    return cell_picture(x, caption, "x", by_slot=True)


def after(x: Tensor, y: Tensor) -> Picture:
    """y, each cell with its slot's colour."""
    caption = f"y: shape {tuple(y.shape)}, strides {y.stride()}. It {storage_words(y, x, 'x')}."
    return cell_picture(y, caption, "y", by_slot=True)


def strip(tensor: Tensor, name: str, chosen: int | None = None) -> Picture:
    """The storage that a tensor lives in; the slots that it uses are framed, the others grey.

    Args:
        chosen: a slot to be marked.
    """
    row = storage(tensor)
    used = torch.zeros(len(row), dtype=torch.bool)
    used[slots(tensor).flatten()] = True
    again = ", some more than once" if tensor.numel() > used.sum() else ""
    caption = (
        f"The storage has {plural(len(row), 'slot')} of {plural(tensor.itemsize, 'byte')}. {name} begins at slot "
        f"{tensor.storage_offset():,} and uses {int(used.sum()):,} of them{again}."
    )
    picture = cell_picture(row, caption, "The storage as one row", lit=used, by_slot=True)
    picture.figure.update_xaxes(title="slot of the storage").update_yaxes(title="storage", scaleanchor=None)
    if chosen is not None:
        box = {"x0": chosen - 0.5, "x1": chosen + 0.5, "y0": -0.5, "y1": 0.5}
        picture.figure.add_shape(type="rect", **box, line={"color": INK, "width": 4})
    return picture
