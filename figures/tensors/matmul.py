"""A product and its factors, the cells of one step lit; einsum with its index table."""

import pandas as pd
import torch
from torch import Tensor

from core.tensors.einsum import Einsum, off
from core.tensors.facts import dtype_of
from core.tensors.matmul import Product, wrapped
from figures.picture import Picture
from figures.tensors.cells import cell_picture, say, write
from figures.words import plural

MOST_TERMS = 8  # of a sum that are written out


def factor(name: str, tensor: Tensor, lit: Tensor) -> Picture:
    """A factor, with the cells that take part in this step."""
    caption = (
        f"{name}: shape {tuple(tensor.shape)}. Taking part: {int(lit.sum()):,} of {plural(tensor.numel(), 'cell')}."
    )
    return cell_picture(tensor, caption, name, lit=lit.flatten())


def building(found: Product) -> Picture:
    """C as far as it is known after this step."""
    known = found.known.flatten().tolist()
    texts = [text if here else "" for text, here in zip(write(found.partial), known, strict=True)]
    caption = (
        f"C = A @ B: shape {tuple(found.c.shape)}. Reached by step {found.at + 1} of {found.steps}: "
        f"{sum(known):,} of {plural(len(known), 'cell')}."
    )
    return cell_picture(found.partial, caption, "C = A @ B", lit=found.cells[2].flatten(), texts=texts)


def fit_words(found: Product) -> str:
    """Which sums the dtype cannot hold; nothing if it holds all."""
    dtype, count = dtype_of(found.c), wrapped(found)
    if count:
        differ = f"{plural(count, 'value')} of C {'differs' if count == 1 else 'differ'}"
        return f"What does not fit into {dtype} wraps around: {differ} from exact whole numbers."
    overflows = not found.c.isfinite().all() and found.a.isfinite().all() and found.b.isfinite().all()
    return f"What is too large for {dtype} becomes infinite." if overflows else ""


def step_words(found: Product, reading: str) -> str:
    """What the step does, with its numbers."""
    a, b, c, at = found.a.tolist(), found.b.tolist(), found.c.tolist(), found.at
    columns = list(zip(*b, strict=True))
    if reading == "dot":
        i, j = found.i, found.j
        terms = " + ".join(f"{say(x)} · {say(y)}" for x, y in zip(a[i], columns[j], strict=True))
        return f"Row {i} of A meets column {j} of B in pairs: C[{i}, {j}] = {terms} = **{say(c[i][j])}**."
    if reading == "outer":
        layer, now = found.a[0, at] * found.b[at, 0], found.partial[0, 0]
        return (
            f"Column {at} of A times row {at} of B is a whole matrix, every pair multiplied once. Layer {at + 1} of "
            f"{found.steps} adds A[0, {at}] · B[{at}, 0] = {say(a[0][at])} · {say(b[at][0])} = {say(layer.item())} to "
            f"C[0, 0], which is now **{say(now.item())}**."
        )
    kind, own, other = ("row", "A", "B") if reading == "row" else ("column", "B", "A")
    shares, total = (a[at], c[at]) if reading == "row" else (columns[at], [row[at] for row in c])
    terms = " + ".join(f"{say(share)} · ({kind} {p} of {other})" for p, share in enumerate(shares))
    return (
        f"{kind.capitalize()} {at} of {own} says how much of each {kind} of {other} to take: {kind} {at} of C = "
        f"{terms} = **[{', '.join(map(say, total))}]**."
    )


def einsum_result(found: Einsum) -> Picture:
    """The result with the looked-at element lit."""
    caption = f"Result: shape {tuple(found.result.shape)}, {plural(found.result.numel(), 'element')}."
    lit = torch.zeros(found.result.shape, dtype=torch.bool)
    if found.index is not None:
        lit[found.index] = True
    return cell_picture(found.result, caption, "result", lit=lit.flatten())


def letters_table(found: Einsum) -> pd.DataFrame:
    """The index table: what each letter stands for; a dimension behind ... has a row of its own."""
    rows = {}
    places = dict(zip("ABC", found.parts, strict=False)) | {"the result": found.output}
    for name, lengths in found.lengths.items():
        rows[name] = {"length": " or ".join(map(str, sorted(lengths)))}
        for of, letters in places.items():
            rows[name][f"dimension of {of}"] = ", ".join(str(i) for i, x in enumerate(letters) if x == name) or "–"
        rows[name]["role"] = "kept" if name in found.output else "summed over"
        if len(lengths) > 1:
            rows[name]["role"] += ", 1 is stretched"
    return pd.DataFrame(rows).T.rename_axis("letter")


def unused_words(found: Einsum) -> str:
    """Which of the typed operands the equation has no letters for."""
    unused = "ABC"[len(found.parts) : len(found.operands)]
    verb = "takes" if len(unused) == 1 else "take"
    return f" The equation has no letters for {' and '.join(unused)}, which {verb} no part." if unused else ""


def einsum_words(found: Einsum) -> str:
    """The sum behind the looked-at element, written out."""
    if found.index is None:
        return f"The result has the shape {tuple(found.result.shape)}, so it has no element."
    products = " + ".join(" · ".join(map(say, term)) for term in found.terms[:MOST_TERMS]) or "an empty sum"
    rest = f" + … {len(found.terms) - MOST_TERMS:,} more" if len(found.terms) > MOST_TERMS else ""
    total = say(found.result[found.index].item())
    return f"result{list(found.index)} = {products}{rest} = **{total}**{_off_words(found)}{stretch_words(found)}"


def _off_words(found: Einsum) -> str:
    exact = off(found)
    return "" if exact is None else f", since {dtype_of(found.result)} cannot hold {say(exact)}"


def stretch_words(found: Einsum) -> str:
    """Which letters are as long as in one operand although the other has length 1 there."""
    return "".join(
        f". Letter {name} is stretched from 1 to {max(lengths - {1})}: where its length is 1, its index is always 0"
        for name, lengths in found.lengths.items()
        if len(lengths) > 1
    )
