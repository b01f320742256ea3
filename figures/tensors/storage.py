"""Before and after an operation, each cell in the colour of its slot, and the storage as one row of slots."""

import torch
from torch import Tensor

from core.tensors.facts import slots, storage
from figures.picture import Picture
from figures.tensors.cells import INK, cell_picture, is_written
from figures.tensors.facts import storage_words
from figures.tensors.index import ends
from figures.tensors.layout import lines
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
    row, used = storage(tensor), _used(tensor)
    caption = _slots_words(tensor, name, used)
    picture = cell_picture(row, caption, "storage", lit=used, by_slot=True)
    picture.figure.update_xaxes(title="slot of the storage").update_yaxes(title="storage", scaleanchor=None)
    picture.figure.update_layout(title_text="", margin_t=20)  # the name stands beside the row
    if chosen is not None:
        box = {"x0": chosen - 0.5, "x1": chosen + 0.5, "y0": -0.5, "y1": 0.5}
        picture.figure.add_shape(type="rect", **box, line={"color": INK, "width": 4})
    return picture


def storage_lines(tensor: Tensor, name: str, whole: Tensor) -> Picture:
    """The storage that a tensor lives in, broken into lines; each value has the colour that it has in the whole."""
    row, used = storage(tensor), _used(tensor)
    place = lines(len(row))
    broken = f", one long row drawn in lines of {place.width}" if place.height > 1 else ""
    caption = _slots_words(tensor, name, used, broken)
    options = {"lit": used, "limits": ends(whole), "place": place, "written": is_written(whole)}
    picture = cell_picture(row, caption, "storage", **options)
    every = max(1, -(-place.height // 8))
    firsts = range(0, place.height, every)
    marks = {"tickvals": list(firsts), "ticktext": [f"{line * place.width:,}" for line in firsts]}
    picture.figure.update_yaxes(title="slot", scaleanchor=None, showticklabels=True, ticks="outside", **marks)
    picture.figure.update_xaxes(title="plus this many")
    return picture


def _used(tensor: Tensor) -> Tensor:
    """Which slots of its storage a tensor uses: truth values."""
    used = torch.zeros(len(storage(tensor)), dtype=torch.bool)
    used[slots(tensor).flatten()] = True
    return used


def _slots_words(tensor: Tensor, name: str, used: Tensor, drawn: str = "") -> str:
    again = ", some more than once" if tensor.numel() > used.sum() else ""
    return (
        f"The storage has {plural(len(used), 'slot')} of {plural(tensor.itemsize, 'byte')}{drawn}. {name} begins at "
        f"slot {tensor.storage_offset():,} and uses {int(used.sum()):,} of them{again}."
    )
