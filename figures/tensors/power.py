"""Powers of a matrix: their entries against the exact ones, their size, their eigenvalues."""

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import torch

from core.tensors.facts import dtype_of
from core.tensors.power import Power, growth_rate, overflow, settled, vanished
from figures.picture import Picture
from figures.style import BLUE, GREEN, GREY, VERMILLION, axes
from figures.tensors.cells import cell_picture
from figures.words import fmt, plain

HEIGHT = 330


def result(found: Power) -> Picture:
    """The power itself."""
    largest = fmt(float(found.result.double().abs().max()))
    caption = f"A to the power {fmt(found.n)} in {dtype_of(found.a)}. The largest |entry| is {largest}."
    return cell_picture(found.result, caption, f"A to the power {fmt(found.n)}")


def verdict(found: Power) -> str:
    """Whether PyTorch's numbers are the exact ones, and from which power on they are not."""
    dtype, first = dtype_of(found.a), overflow(found)
    if first is not None and dtype == "int64":
        return (
            f"**Wrong from power {first} on:** there the largest entry is {found.exact_largest[first]:,}, more than "
            f"int64's {2**63 - 1:,}, and what is too much wraps around without any warning."
        )
    if first is not None:
        largest = fmt(torch.finfo(found.a.dtype).max)
        nan = " From inf comes nan, as inf · 0 and inf − inf have no value." if found.powers.isnan().any() else ""
        return f"**Not finite at power {first}:** a number above {dtype}'s largest, {largest}, becomes inf.{nan}"
    said, first = _rounding(found, dtype), settled(found)
    if first is None:
        return said
    return f"{said} From power {first} on, every entry stays within a millionth of its value in power {fmt(found.n)}."


def _rounding(found: Power, dtype: str) -> str:
    if found.exact is None:
        return "A is not whole, so there are no exact numbers to compare with."
    if found.wrong is None:
        return "PyTorch's numbers are exact."
    if vanished(found):
        return f"**Became 0:** an entry of power {fmt(found.n)} is too close to 0 for a {dtype}."
    bits = {"float32": 24, "float64": 53}[dtype]
    at = "Rounded" if found.n < 0 else f"First rounded at power {found.wrong}"
    return f"**{at}:** a {dtype} keeps {bits} binary digits of a number."


def comparison(found: Power) -> pd.DataFrame:
    """Each entry as PyTorch has it and, right under it and written alike, as it should be."""
    rows = []
    for i, j in np.ndindex(*found.a.shape):
        computed = found.result[i, j].item()  # Python compares it with a whole number or a fraction exactly
        right = "" if found.exact is None else ": right" if computed == found.exact[i, j] else ": not exact"
        rows.append({"entry": f"[{i}, {j}]", "whose": f"PyTorch{right}", "number": _digits(computed)})
        if found.exact is not None:
            rows.append({"entry": "", "whose": "exact", "number": _digits(found.exact[i, j])})
    return pd.DataFrame(rows)


def _digits(number: int | float | Fraction) -> str:
    """All digits of a whole number in groups of three, between which a line may end; anything else as it is."""
    odd = isinstance(number, float) and not math.isfinite(number)  # a whole number may be too large for any float
    return str(number) if odd or number != int(number) else f"{int(number):,}".replace(",", " ")


def growth(found: Power) -> Picture:
    """The largest entry of every power up to n, on a logarithmic axis."""
    sizes = found.powers.abs().flatten(1).amax(1).tolist()
    exponents = np.arange(len(sizes)) * (-1 if found.n < 0 else 1)
    figure = go.Figure()
    exact = _log10(found.exact_largest)
    if len(exact):
        line = {"color": GREEN, "width": 5}
        figure.add_scatter(x=exponents, y=exact, name="exact", mode="lines", line=line, opacity=0.55)
    figure.add_scatter(
        x=exponents,
        y=_log10(sizes),
        name="torch.matrix_power",
        mode="lines+markers" if len(sizes) <= 60 else "lines",
        line={"color": BLUE, "dash": "dot", "width": 2.5},
        marker={"size": 6},
    )
    if found.wrong is not None and len(exact):
        name, marker = f"first wrong power: {found.wrong}", {"color": VERMILLION, "symbol": "x", "size": 13}
        figure.add_scatter(x=[found.wrong], y=[exact[found.wrong]], name=name, mode="markers", marker=marker)
    axes(figure, "exponent", "largest |entry|, power of ten")
    figure.update_layout(height=HEIGHT)
    caption = f"The largest |entry| of each power from 0 to {fmt(found.n)}. {rate_words(found)}"
    frame = pd.DataFrame({"exponent": exponents, "largest |entry| in PyTorch": sizes})
    if len(exact):
        frame["exact"] = [str(value) for value in found.exact_largest]
    return Picture(figure, caption, f"Line chart of the growth of the powers. {plain(caption)}", frame)


def rate_words(found: Power) -> str:
    """What one more step does to the exact entries in the long run."""
    which = "1 over the size of A's smallest eigenvalue" if found.n < 0 else "the size of A's largest eigenvalue"
    rate = fmt(growth_rate(found))
    return f"In the long run a step multiplies it by {rate} on average, if nothing overflows: {which}."


def _log10(values: Sequence[float]) -> np.ndarray:
    """Of numbers and of Python's whole numbers of any length; nan where there is no logarithm."""
    return np.array([math.log10(x) if 0 < x < math.inf else math.nan for x in values], dtype=np.float32)


def eigenvalues(found: Power) -> Picture:
    """The eigenvalues in the complex plane, with the circle of size 1."""
    turn = np.linspace(0, 2 * np.pi, 121, dtype=np.float32)
    z = found.eigenvalues.numpy()
    figure = go.Figure()
    line, marker = {"color": GREY, "dash": "dash"}, {"color": VERMILLION, "symbol": "x", "size": 12}
    figure.add_scatter(x=np.cos(turn), y=np.sin(turn), mode="lines", name="size 1", line=line)
    figure.add_scatter(x=z.real, y=z.imag, mode="markers", name="eigenvalues of A", marker=marker)
    axes(figure, "real part", "imaginary part")
    figure.update_layout(height=HEIGHT)
    figure.update_yaxes(scaleanchor="x", constrain="domain")
    figure.update_xaxes(constrain="domain")
    listed = ", ".join(complex_words(value, min(1, abs(z).max())) for value in z.tolist())
    caption = (
        f"Along its own directions A only multiplies, by its eigenvalues: {listed}. Inside the dashed circle of size 1 "
        "their powers shrink, outside they grow."
    )
    return Picture(figure, caption, f"The eigenvalues in the complex plane. {plain(caption)}")


def complex_words(z: complex, size: float) -> str:
    """A complex number as one writes it; parts that are rounding errors beside the size are left out."""
    real, imaginary = (0.0 if abs(part) < 5e-7 * size else part for part in (z.real, z.imag))
    if imaginary == 0:
        return fmt(real)
    if real == 0:
        return f"{fmt(imaginary)}i"
    return f"{fmt(real)} {'+' if imaginary > 0 else '−'} {fmt(abs(imaginary))}i"
