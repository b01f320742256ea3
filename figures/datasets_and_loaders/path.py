"""The samples of an epoch as cards that move: index, sampler, batch, item, tensors."""

from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go

from core.datasets_and_loaders.path import Item, Moment, Path, moments
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, VERMILLION, axes
from figures.words import plural

COLUMNS = ("index", "sampler", "batch", "item")
TENSORS = (4.0, 4.5, 5.0)  # places of the three tensors, from left to right
GAP = 0.6  # between two batches, of 1 a card
LINES, LEFT_BEHIND, CARDS, CELLS, EDGES = range(5)  # the traces that move
SMALL, LARGE = 30, 40  # pixels of a card, and of one that holds an item
MANY, LOW = 7, 22  # cards; if there are more, all are so low, and an item is written in one line
BESIDE = 0.16  # from the middle of a card to where a line ends, of 1 a column
PASSED, HERE, CELL = "rgba(128, 134, 140, 0.14)", "rgba(0, 114, 178, 0.24)", "rgba(0, 158, 115, 0.24)"

Place = tuple[float, float]


def cards(path: Path, opening: int = -1) -> Picture:
    """One frame a moment; a card leaves a grey one behind wherever it has been.

    Args:
        opening: the moment of the figure itself, which nothing has moved yet.
    """
    steps = moments(path)
    frames = [
        {"data": _drawn(path, at), "traces": [LINES, LEFT_BEHIND, CARDS, CELLS, EDGES]} for at in range(len(steps))
    ]
    lines, left, now, cells, edges = frames[opening]["data"]
    size = 13 if len(path.items) <= MANY else 11
    words = {"mode": "markers+text", "textposition": "middle center", "textfont": {"size": size}}
    figure = go.Figure()
    figure.add_scatter(**lines, mode="lines", line={"color": GREY, "width": 1})
    for cards_now, color in ((left, PASSED), (now, HERE), (cells, CELL)):
        marker = {"symbol": "square", "color": color, "opacity": 1} | cards_now["marker"]
        figure.add_scatter(**(cards_now | {"marker": marker}), **words)
    figure.add_scatter(**edges, mode="lines", line={"color": GREEN, "width": 2})
    heads = [f"<b>{name}</b>" for name in (*COLUMNS, "tensors")]
    figure.add_scatter(x=[0, 1, 2, 3, TENSORS[1]], y=[-1.0] * 5, text=heads, mode="text", textfont={"size": 13})
    figure.update_traces(hoverinfo="skip", showlegend=False, cliponaxis=False)
    axes(figure, "from the dataset to the training loop", "samples").update_layout(
        margin={"l": 0, "r": 0, "t": 5, "b": 5}
    )
    bottom = _height(path)
    figure.update_xaxes(visible=False, range=[-0.45, 5.4], fixedrange=True)
    figure.update_yaxes(visible=False, range=[bottom + 0.6, -1.5], fixedrange=True)
    figure.update_layout(height=int(60 + (42 if len(path.items) <= MANY else 28) * (bottom + 1)))
    caption = _caption(path)
    alt = f"Cards in five columns: index, sampler, batch, item, tensors. {caption}"
    return Picture(figure, caption, alt, _table(path), frames)


def _height(path: Path) -> float:
    """The lowest place: cards are 1 apart, batches a little more."""
    return len(path.items) - 1 + GAP * max(len(path.batches) - 1 + bool(path.left_out), 0)


def _places(path: Path) -> dict[int, float]:
    """Index -> how far down its card stands once batches are made."""
    found, down = {}, 0.0
    for indices in (*path.batches, path.left_out):
        for index in indices:
            found[index] = down
            down += 1
        down += GAP
    return found


def _even(path: Path, place: int) -> float:
    """How far down the card at a place stands while there are no batches: the same room, evenly."""
    n = len(path.items)
    return place * _height(path) / (n - 1) if n > 1 else 0.0


def _reached(path: Path, at: int) -> dict[int, int]:
    """Index -> the column that its card has reached at a moment: 0 index, 1 sampler, 2 batch, 3 item, 4 tensors."""
    found = dict.fromkeys(range(len(path.items)), 0)
    for moment in moments(path)[: at + 1]:
        if moment.kind == "sampler":
            found = dict.fromkeys(found, 1)
        elif moment.kind != "dataset":
            column = {"batch": 2, "item": 3, "collate": 4}[moment.kind]
            moved = [path.order[moment.place]] if moment.kind == "item" else path.batches[moment.batch]
            found |= dict.fromkeys(moved, column)
    return found


def _moving(path: Path, moment: Moment) -> list[int]:
    """The samples that a moment moves."""
    if moment.kind in ("dataset", "sampler"):
        return list(range(len(path.items)))
    return [path.order[moment.place]] if moment.kind == "item" else path.batches[moment.batch]


def _drawn(path: Path, at: int) -> list[dict[str, object]]:
    """Lines, cards left behind, cards, and the numbers in tensors, at one moment."""
    reached, down, order = _reached(path, at), _places(path), path.order
    moving = _moving(path, moments(path)[at])
    ways, left, now, cells = [], [], [], []
    few = len(path.items) <= MANY
    sizes = [SMALL] * 3 + [LARGE] if few else [LOW] * 4
    for index, item in enumerate(path.items):
        stops = [(0.0, _even(path, index)), (1.0, _even(path, order.index(index)))]
        stops += [(2.0, down[index]), (3.0, down[index])]
        column = reached[index]
        visited = stops[: column + 1]
        for (x1, y1), (x2, y2) in pairwise(visited):
            ways += [(x1 + BESIDE, y1), (x2 - BESIDE, y2), (None, None)]
        texts = [str(index)] * 3 + [_written(item, "<br>" if few else " ")]
        passed = visited if column == 4 else visited[:-1]
        left += [(*stop, texts[i], sizes[i]) for i, stop in enumerate(passed)]
        if column < 4:
            edge = VERMILLION if index in moving and at else BLUE
            now.append((*visited[-1], texts[column], sizes[column], edge, 3 if index in moving else 1))
        else:
            numbers = [_minus(n) for n in (*item[0], item[1])]
            cells += [(x, down[index], number, sizes[0]) for x, number in zip(TENSORS, numbers, strict=True)]
    *placed, edges, widths = _columns(now, 6)
    marked = _placed(list(zip(*placed, strict=True)))
    marked["marker"]["line"] = {"color": edges, "width": widths}
    lines = dict(zip("xy", _columns(ways, 2), strict=True))
    return [lines, _placed(left), marked, _placed(cells), _edges(path, reached, down)]


def _edges(path: Path, reached: dict[int, int], down: dict[int, float]) -> dict[str, list]:
    """A line around each tensor that there is."""
    found = []
    for indices in path.batches:
        if reached[indices[0]] == 4:
            high, low = down[indices[0]] - 0.46, down[indices[-1]] + 0.46
            for x in TENSORS:
                left, right = x - 0.2, x + 0.2
                found += [(left, high), (right, high), (right, low), (left, low), (left, high), (None, None)]
    return dict(zip("xy", _columns(found, 2), strict=True))


def _written(item: Item, between: str) -> str:
    return f"({_minus(item[0][0])}, {_minus(item[0][1])}),{between}{_minus(item[1])}"


def _minus(number: int) -> str:
    return str(number).replace("-", "−")


def _placed(found: list[tuple]) -> dict[str, object]:
    """Cards by place, text and size."""
    x, y, text, size = _columns(found, 4)
    return {"x": x, "y": y, "text": text, "marker": {"size": size, "line": {"width": 0}}}


def _columns(rows: list[tuple], n: int) -> list[list]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(n)]


def _caption(path: Path) -> str:
    n, k = len(path.items), len(path.batches)
    if not k:
        return (
            f"Each card is a sample. {plural(n, 'sample')} cannot fill a batch of {path.settings.batch_size}, and "
            "drop_last drops what is not full: the loop gets no batch at all."
        )
    out = len(path.left_out)
    end = f"; {out} of them sit{'s' * (out == 1)} out, since drop_last drops a batch that is not full" if out else ""
    sizes = (
        f"{plural(k, 'batch', 'batches')}, the last of {len(path.batches[-1])}" if k > 1 else f"1 batch of {n - out}"
    )
    if n < path.settings.batch_size:
        sizes = f"1 batch of {n}, as there are no more"
    gives = "gives" if n == 1 else "give"
    return (
        "Each card is a sample on its way, left to right; a green column is a tensor. "
        f"{plural(n, 'sample')} {gives} {sizes}{end}."
    )


def labels(path: Path) -> list[str]:
    """What to say at each moment."""
    return [_label(path, moment) for moment in moments(path)]


def _label(path: Path, moment: Moment) -> str:
    if moment.kind == "dataset":
        return f"len(dataset) is {len(path.items)}, so the indices are 0 to {len(path.items) - 1}."
    if moment.kind == "sampler":
        name = "RandomSampler" if path.settings.shuffle else "SequentialSampler"
        return f"{name} gives the order {', '.join(map(str, path.order))}."
    if moment.kind == "batch":
        return f"BatchSampler takes up to {path.settings.batch_size} of them: {path.batches[moment.batch]}."
    if moment.kind == "item":
        index = path.order[moment.place]
        return f"dataset[{index}] is {path.items[index]}."
    return f"default_collate makes {printed(path, moment.batch)}."


def printed(path: Path, batch: int) -> str:
    """What the course's `print(num_pairs, products)` prints for a batch."""
    num_pairs, products = path.collated[batch]
    return f"{num_pairs} {products}"


def _table(path: Path) -> pd.DataFrame:
    """One row a sample, in the order of the loader."""
    batch_of = {index: b for b, indices in enumerate(path.batches) for index in indices}
    rows = []
    for place, index in enumerate(path.order):
        (first, second), result = path.items[index]
        batch = batch_of.get(index, "left out")
        rows.append((place, index, str(batch), first, second, result))
    return pd.DataFrame(rows, columns=["place", "index", "batch", "first number", "second number", "product"])


def by_hand(path: Path, at: int) -> str:
    """The item at which the reader rests, and the number of batches."""
    moment = moments(path)[at]
    index = path.order[moment.place] if moment.kind == "item" else (path.batches or [path.order])[moment.batch][0]
    (first, second), result = path.items[index]
    s, n = path.settings, len(path.items)
    how = "rounded down" if s.drop_last else "rounded up"
    return (
        f"`len(loader)` is {plural(n, 'sample')} / {s.batch_size}, {how}: {path.length}. Index {index} of the dataset "
        f"stands for the number {s.low} + {index} = {first}; the next one is {second}, and their product "
        f"{first} × {_bracketed(second)} = **{result}**."
    ).replace("-", "−")


def _bracketed(number: int) -> str:
    return f"({number})" if number < 0 else f"{number}"
