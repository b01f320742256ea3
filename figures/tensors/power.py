"""Powers of a matrix: their size, their eigenvalues, walks, chains."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.tensors.power import Power, behaviour, stationary
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, SEQUENCE, VERMILLION, axes
from figures.tensors.cells import cells, short, table_of
from figures.tensors.shapes import many, plain

LARGEST_INT64 = 2**63 - 1


def result(found: Power) -> Picture:
    """The power itself."""
    dtype = str(found.result.dtype).removeprefix("torch.")
    largest = short(float(found.result.abs().max()))
    caption = f"A to the power {found.n}, as torch.matrix_power gives it in {dtype}. The largest |entry| is {largest}."
    return Picture(
        cells(found.result, texts=_entries(found)),
        caption,
        f"The matrix power as cells. {plain(caption)}",
        table_of(found.result, "entry"),
    )


def _entries(found: Power) -> list[str]:
    """Entries with all digits as long as they are short enough for a cell."""
    flat = found.result.flatten().tolist()
    return [short(x) if isinstance(x, float) or abs(x) >= 10**6 else str(x) for x in flat]


def verdict(found: Power) -> str:
    """Whether PyTorch's numbers are the exact ones, and from which power on they are not."""
    if found.exact is None:
        return "A is not whole, so there are no whole numbers to compare with."
    if found.n < 0:
        right = "PyTorch's numbers are exactly these" if found.wrong is None else "PyTorch's numbers are rounded"
        return f"The exact fractions are {say_exact(found)}. {right}."
    if found.wrong is None:
        return "It is exact." if found.n == 0 else f"It is exact, like every power up to {found.n}."
    largest = found.exact_largest[found.wrong]
    if found.result.dtype == torch.int64:
        return (
            f"**Wrong from power {found.wrong} on:** there the largest entry is {largest:,}, more than int64's "
            f"{LARGEST_INT64:,}, and what is too much wraps around without any warning."
        )
    bits = 24 if found.result.dtype == torch.float32 else 53
    return (
        f"**Rounded from power {found.wrong} on:** there an entry needs more than {bits} binary digits "
        f"(the largest is {largest:,}), and a {found.result.dtype} keeps {bits} of them."
    )


def say_exact(found: Power, longest: int = 300) -> str:
    """The exact power as nested lists."""
    text = "[" + ", ".join("[" + ", ".join(str(x) for x in row) + "]" for row in found.exact) + "]"
    return text if len(text) <= longest else text[:longest] + "…"


def comparison(found: Power) -> pd.DataFrame:
    """Each entry as PyTorch has it and, right under it and written alike, as it should be."""
    k = len(found.a)
    rows = []
    for i in range(k):
        for j in range(k):
            computed = found.result[i, j].item()
            if found.exact is None:
                rows.append({"entry": f"[{i}, {j}]", "whose": "PyTorch", "number": str(computed)})
                continue
            exact = found.exact[i][j]
            right = "right" if computed == exact else "rounded" if isinstance(computed, float) else "wrong"
            digits = _whole_or_short(computed) if exact.denominator == 1 else str(computed)
            rows.append({"entry": f"[{i}, {j}]", "whose": f"PyTorch: {right}", "number": digits})
            rows.append({"entry": "", "whose": "exact", "number": _say_fraction(exact)})
    return pd.DataFrame(rows)


def _whole_or_short(number: float) -> str:
    """A number with all its digits in groups of three, which may wrap."""
    whole = isinstance(number, int) or (math.isfinite(number) and number.is_integer())
    return _grouped(int(number)) if whole else str(number)


def _grouped(whole: int) -> str:
    return f"{whole:,}".replace(",", " ")


def _say_fraction(exact: Fraction) -> str:
    if exact.denominator == 1:
        return _grouped(exact.numerator)
    written = f"{_grouped(exact.numerator)} / {_grouped(exact.denominator)}"
    return f"{written} = {float(exact):.17g}" if 1e-300 < abs(exact) < 1e300 else written


def growth(found: Power) -> Picture:
    """The largest entry of every power up to n, on a logarithmic axis."""
    sizes = found.powers.abs().flatten(1).amax(1)
    exponents = np.arange(len(sizes)) * (-1 if found.n < 0 else 1)
    figure = go.Figure()
    if found.exact_largest:
        figure.add_scatter(
            x=exponents,
            y=_drawable([_log10(value) for value in found.exact_largest]),
            name="exact whole numbers",
            mode="lines",
            line={"color": GREEN, "width": 5},
            opacity=0.55,
        )
    figure.add_scatter(
        x=exponents,
        y=_drawable([math.log10(v) if v > 0 and math.isfinite(v) else math.nan for v in sizes.tolist()]),
        name="torch.matrix_power",
        mode="lines+markers" if len(sizes) <= 60 else "lines",
        line={"color": BLUE, "dash": "dot", "width": 2.5},
        marker={"size": 6},
    )
    if found.wrong is not None and found.n >= 0:  # of negative powers only the last one is compared
        tops = [y for trace in figure.data for y in trace.y if math.isfinite(y)]
        figure.add_scatter(
            x=[found.wrong, found.wrong],
            y=[min(tops), max(tops)],
            name=f"first wrong power: {found.wrong}",
            mode="lines",
            line={"color": VERMILLION, "dash": "dash", "width": 2},
        )
    axes(figure, "exponent", "largest |entry|, power of ten")
    figure.update_layout(height=330)
    caption = f"The largest |entry| of each power, from 0 to {found.n}. {behaviour(found)}"
    frame = pd.DataFrame({"exponent": exponents, "largest |entry| in PyTorch": sizes.numpy()})
    if found.exact_largest:
        frame["exact"] = [str(value) for value in found.exact_largest]
    return Picture(figure, caption, f"Line chart of the growth of the powers. {plain(caption)}", frame)


def _log10(value: int) -> float:
    """log10 of a whole number of any length."""
    if value <= 0:
        return math.nan
    digits = max(value.bit_length() - 60, 0)
    return math.log10(value >> digits) + digits * math.log10(2)


def _drawable(values: list[float]) -> np.ndarray:
    return np.asarray(values, dtype=np.float32)


def eigenvalues(found: Power) -> Picture:
    """The eigenvalues as arrows' ends in the plane, with the circle of size 1."""
    turn = np.linspace(0, 2 * np.pi, 121)
    z = found.eigenvalues.numpy()
    figure = go.Figure()
    figure.add_scatter(
        x=np.cos(turn).astype(np.float32),
        y=np.sin(turn).astype(np.float32),
        mode="lines",
        name="size 1",
        line={"color": GREY, "dash": "dash"},
    )
    figure.add_scatter(
        x=z.real.astype(np.float32),
        y=z.imag.astype(np.float32),
        mode="markers",
        name="eigenvalues of A",
        marker={"color": VERMILLION, "symbol": "x", "size": 12},
    )
    axes(figure, "real part", "imaginary part")
    figure.update_layout(height=330)
    figure.update_yaxes(scaleanchor="x", constrain="domain")
    figure.update_xaxes(constrain="domain")
    outside = int((found.eigenvalues.abs() > 1 + 1e-6).sum())
    what = "they shrink step by step, as n is negative" if found.n < 0 else "they grow step by step"
    caption = (
        f"{many(len(z), 'eigenvalue')}, {outside} outside of the circle of size 1{f' ({what})' if outside else ''}, "
        f"{len(z) - outside} on or in it. The largest has size {abs(complex(z[0])):.4g}."
    )
    return Picture(figure, caption, f"The eigenvalues in the complex plane. {plain(caption)}")


def graph(found: Power) -> Picture:
    """The matrix as a graph: entry (i, j) counts the arrows from i to j."""
    k = len(found.a)
    angle = np.pi / 2 - 2 * np.pi * np.arange(k) / k
    x, y = np.cos(angle), np.sin(angle)
    figure = go.Figure()
    arrows, marks = 0, []
    for i in range(k):
        for j in range(k):
            count = int(found.a[i, j])
            arrows += count
            if not count:
                continue
            px, py = _loop(x[i], y[i]) if i == j else _arc(x[i], y[i], x[j], y[j])
            figure.add_scatter(
                x=px,
                y=py,
                mode="lines+markers",
                line={"color": BLUE, "width": 1 + min(count, 4)},
                marker={"symbol": "arrow", "size": [0] * (len(px) - 1) + [14], "angleref": "previous"},
                hoverinfo="skip",
                showlegend=False,
            )
            if count > 1:
                middle = len(px) // 2
                marks.append((px[middle], py[middle], str(count)))
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers+text",
        text=[f"<b>{i}</b>" for i in range(k)],
        textfont={"color": "#ffffff", "size": 14},
        marker={"size": 30, "color": "#0b5c8f"},
        hoverinfo="skip",
        showlegend=False,
    )
    if marks:
        figure.add_scatter(
            x=[mark[0] for mark in marks],
            y=[mark[1] for mark in marks],
            mode="markers+text",
            text=[mark[2] for mark in marks],
            textfont={"color": "#ffffff", "size": 11},
            marker={"size": 18, "color": "#0b5c8f", "symbol": "square"},
            hoverinfo="skip",
            showlegend=False,
        )
    axes(figure, "node numbers are A's rows", "the place has no meaning")
    figure.update_xaxes(range=[-1.7, 1.7], showticklabels=False, showgrid=False, zeroline=False)
    figure.update_yaxes(
        range=[-1.7, 1.7], showticklabels=False, showgrid=False, zeroline=False, scaleanchor="x", constrain="domain"
    )
    figure.update_layout(height=330)
    caption = (
        f"A as a graph of {k} nodes and {arrows} arrows: entry (i, j) of A is the number of arrows from i to j, "
        "written on the line where it is more than 1."
    )
    return Picture(figure, caption, f"Graph of the matrix. {plain(caption)}")


def _arc(x0: float, y0: float, x1: float, y1: float) -> tuple[list[float], list[float]]:
    """A bent line between two nodes that ends before it reaches them, so that there and back do not coincide."""
    t = np.linspace(0.12, 0.84, 15)
    bend = 0.22 * np.sin(np.pi * t)
    return (x0 + (x1 - x0) * t - (y1 - y0) * bend).tolist(), (y0 + (y1 - y0) * t + (x1 - x0) * bend).tolist()


def _loop(x: float, y: float) -> tuple[list[float], list[float]]:
    """A small circle outside of a node."""
    turn = np.linspace(0.75, 2 * np.pi - 0.85, 21) + math.atan2(y, x) + np.pi
    return (1.3 * x + 0.27 * np.cos(turn)).tolist(), (1.3 * y + 0.27 * np.sin(turn)).tolist()


def chain(found: Power) -> Picture:
    """The probabilities of all states, from state 0, step by step, and where they settle."""
    figure = go.Figure()
    start = found.powers[:, 0, :]  # row 0 of A ** i: where one is after i steps from state 0
    steps = np.arange(len(start))
    colours = [*SEQUENCE, ("#E69F00", "longdashdot", "cross")]
    settled = stationary(found.a)
    for state in range(start.shape[1]):
        colour, dash, marker = colours[state % len(colours)]
        figure.add_scatter(
            x=steps,
            y=start[:, state].numpy().astype(np.float32),
            name=f"state {state}",
            mode="lines+markers" if len(steps) <= 40 else "lines",
            line={"color": colour, "dash": dash},
            marker={"symbol": marker, "size": 7},
        )
    axes(figure, "steps", "probability, starting in state 0", yaxis_range=[-0.03, 1.03])
    figure.update_layout(height=330)
    end = ", ".join(f"{p:.4f}" for p in start[-1].tolist())
    rest = ", ".join(f"{p:.4f}" for p in settled.tolist())
    caption = (
        f"After {len(steps) - 1} steps from state 0 the states have the probabilities {end}. "
        f"A distribution that a further step does not change: {rest}."
    )
    frame = pd.DataFrame({"steps": steps} | {f"state {s}": start[:, s].numpy() for s in range(start.shape[1])})
    return Picture(figure, caption, f"Line chart of the chain's probabilities. {plain(caption)}", frame)
