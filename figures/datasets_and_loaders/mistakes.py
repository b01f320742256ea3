"""A mistake with a dataset or a loader beside the right way."""

from core.datasets_and_loaders.mistakes import BRIGHTER, N
from core.tried import Tried
from figures.picture import Picture
from figures.two_bars import right_and_wrong
from figures.words import plural


def two_bars(tried: Tried) -> Picture:
    """How many in either way."""
    return right_and_wrong(tried.quantity, tried.right, tried.wrong, bool(tried.error))


def by_hand(tried: Tried) -> str:
    """A number of the mistake, to be redone."""
    s = tried.settings
    if s.mistake == "long" and not s.extra:
        return f"Nothing is too long: {N} / {s.batch_size}, rounded up = **{tried.wrong}**."
    if s.mistake == "long":
        total = N + s.extra
        return (
            f"The loader plans for {N} + {s.extra} = {total} samples; indices 0 to {N - 1} exist, so the first "
            f"{N} / {s.batch_size}, rounded down, batches are full and can be made. The loop got **{tried.wrong}**."
        )
    if s.mistake == "ragged" and s.batch_size == 1:
        return f"A batch of one item has one size, so all come: {N} / 1 = **{tried.wrong}**."
    if s.mistake == "ragged":
        sizes = list(range(1, N + 1))[: s.batch_size]
        return (
            f"Batch 0 holds items of {', '.join(map(str, sizes))} numbers: different sizes, **{len(sizes)}** of them."
        )
    if s.mistake == "state":
        return (
            f"The stored 100 grows by {BRIGHTER} in every epoch: 100 + {s.num_epochs} × {BRIGHTER} = **{tried.wrong}**."
        )
    if s.mistake == "generator" and s.num_workers == 1:
        return f"A single worker draws all {N} numbers: {N} / 1 = **{tried.wrong}** different ones."
    if s.mistake == "generator":
        each = -(-N // s.num_workers)
        return (
            f"With {plural(s.num_workers, 'worker')}, the first one handles {N} / {s.num_workers}, rounded up: {each} "
            f"samples. All the others draw the same numbers again, so there are **{tried.wrong}** different ones."
        )
    return f"{N} / {s.large}, rounded up: {tried.right}; rounded down, as drop_last does: **{tried.wrong}**."
