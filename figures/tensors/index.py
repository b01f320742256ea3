"""A tensor and what was picked from it; the view that makes tensors shows its part with the same two pictures."""

from torch import Tensor

from core.quote import literal
from core.tensors.index import Picked
from figures.picture import Picture
from figures.tensors.cells import cell_picture
from figures.tensors.facts import storage_words
from figures.words import plural


def whole(found: Picked, name: str, text: str) -> Picture:
    """All cells of the tensor, those of the part in colour."""
    count, every = int(found.lit.sum()), found.whole.numel()
    framed = " (framed)" if 0 < count < every else ""
    caption = (
        f"{name} has the shape {tuple(found.whole.shape)}, {plural(every, 'number')}. {literal(text)} picks "
        f"{count:,} of its cells{framed}."
    )
    return cell_picture(found.whole, caption, name, lit=found.lit)


def only(x: Tensor, name: str = "x") -> Picture:
    """A tensor by itself, where nothing could be made of it."""
    caption = f"{name} has the shape {tuple(x.shape)}, {plural(x.numel(), 'number')}."
    return cell_picture(x, caption, name)


def part(found: Picked, name: str, text: str, title: str) -> Picture:
    """The part by itself, under a title, in the colours that it has in the whole."""
    shape, count = tuple(found.part.shape), plural(found.part.numel(), "number")
    caption = f"{literal(text)} has the shape {shape}, {count}. It {storage_words(found.part, found.whole, name)}."
    return cell_picture(found.part, caption, title, limits=ends(found.whole))


def ends(x: Tensor) -> tuple[float, float] | None:
    """The smallest and the largest finite value; None if there is none."""
    finite = x[x.isfinite()].double()
    return (finite.min().item(), finite.max().item()) if finite.numel() else None
