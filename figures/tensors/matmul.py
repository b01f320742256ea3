"""A product and its factors, the cells of one step lit; einsum with its index table."""

import pandas as pd
from torch import Tensor

from core.tensors.einsum import Einsum
from core.tensors.matmul import Product
from figures.picture import Picture
from figures.tensors.cells import cell_picture, say, write
from figures.words import plural

MOST_TERMS = 8  # of a sum that are written out


def factor(name: str, tensor: Tensor, lit: Tensor) -> Picture:
    """A factor, with the cells that take part in this step."""
    caption = f"{name}: shape {tuple(tensor.shape)}. {int(lit.sum()):,} of {plural(tensor.numel(), 'cell')} take part."
    return cell_picture(tensor, caption, f"Factor {name}", lit=lit.flatten())


def building(found: Product) -> Picture:
    """C as far as it is known after this step."""
    known = found.known.flatten().tolist()
    texts = [text if here else "" for text, here in zip(write(found.partial), known, strict=True)]
    caption = (
        f"C = A @ B: shape {tuple(found.c.shape)}. After step {found.at + 1} of {found.steps}, {sum(known):,} of "
        f"{plural(len(known), 'cell')} hold a sum."
    )
    return cell_picture(found.partial, caption, "The product", lit=found.cells[2].flatten(), texts=texts)


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
    if reading == "row":
        terms = " + ".join(f"{say(x)} · (row {p} of B)" for p, x in enumerate(a[at]))
        total = ", ".join(map(say, c[at]))
        return f"Row {at} of A says how much of each row of B to take: row {at} of C = {terms} = **[{total}]**."
    terms = " + ".join(f"{say(y)} · (column {p} of A)" for p, y in enumerate(columns[at]))
    total = ", ".join(say(row[at]) for row in c)
    return f"Column {at} of B says how much of each column of A to take: column {at} of C = {terms} = **[{total}]**."


def einsum_result(found: Einsum) -> Picture:
    """The result with the looked-at element lit."""
    caption = f"Result: shape {tuple(found.c.shape)}, {plural(found.c.numel(), 'element')}."
    if not found.c.dim() or found.index is None:
        return cell_picture(found.c, caption, "The result of einsum")
    lit = found.c.new_zeros(found.c.shape, dtype=bool)
    lit[found.index] = True
    return cell_picture(found.c, f"{caption} Framed: {list(found.index)}.", "The result of einsum", lit=lit.flatten())


def letters_table(found: Einsum) -> pd.DataFrame:
    """The index table: what each letter stands for."""
    letters = found.letters
    return pd.DataFrame(
        {
            "letter": [letter.name for letter in letters],
            "runs over": [_range(letter.length) for letter in letters],
            "dimension of A": [_listed(letter.in_a) for letter in letters],
            "dimension of B": [_listed(letter.in_b) for letter in letters],
            "dimension of the result": [_listed(letter.in_result) for letter in letters],
            "role": [
                ("summed over" if letter.summed else "kept") + (", stretched from 1" if letter.stretched else "")
                for letter in letters
            ],
        }
    )


def _range(length: int) -> str:
    return f"0 to {length - 1}" if length else "nothing"


def _listed(dimensions: tuple[int, ...]) -> str:
    return ", ".join(map(str, dimensions)) or "–"


def einsum_words(found: Einsum) -> str:
    """The sum behind the looked-at element, written out."""
    if found.index is None:
        return f"The result has the shape {tuple(found.c.shape)}: no element."
    shown = found.terms[:MOST_TERMS]
    products = " + ".join(say(x) if y is None else f"{say(x)} · {say(y)}" for x, y in shown) or "an empty sum"
    rest = f" + … {len(found.terms) - MOST_TERMS:,} more" if len(found.terms) > MOST_TERMS else ""
    place = list(found.index) if found.index else ""
    return f"result{place} = {products}{rest} = **{say(found.c[found.index].item())}**"


def rule_words(found: Einsum) -> str:
    """The equation as a loop: which letters are kept or summed over, and how many terms that makes."""
    kept = ", ".join(letter.name for letter in found.letters if not letter.summed) or "none"
    summed = ", ".join(letter.name for letter in found.letters if letter.summed) or "none"
    return f"Kept: {kept}. Summed over: {summed}. Terms for each element of the result: {len(found.terms):,}."
