"""A product and its factors, the cells of one step lit."""

import pandas as pd
from torch import Tensor

from core.tensors.einsum import Einsum
from core.tensors.products import Product, say
from figures.picture import Picture
from figures.tensors.cells import cells, table_of, write
from figures.tensors.shapes import many, plain, say_shape


def factor(name: str, tensor: Tensor, lit: Tensor) -> Picture:
    """A factor, with the cells that take part in this step."""
    count = int(lit.sum())
    caption = f"{name}: shape {say_shape(tuple(tensor.shape))}. {count:,} of {tensor.numel():,} cells take part."
    figure = cells(tensor, lit=lit.flatten().numpy())
    return Picture(figure, caption, f"Factor {name} as cells. {plain(caption)}", table_of(tensor, name))


def building(found: Product, reading: str) -> Picture:
    """C as far as it is known after this step."""
    known = found.step.known.flatten().tolist()
    texts = [text if here else "" for text, here in zip(write(found.step.partial), known, strict=True)]
    figure = cells(found.step.partial, lit=found.step.c.flatten().numpy(), texts=texts)
    done = (
        "every cell has its final value"
        if found.at == found.steps - 1
        else f"layer {found.at + 1} of {found.steps} is added"
        if reading == "outer"
        else f"{sum(known):,} of {len(known):,} cells are known"
    )
    caption = f"C = A @ B: shape {say_shape(tuple(found.c.shape))}. After step {found.at} (from 0): {done}."
    return Picture(figure, caption, f"The product as cells. {plain(caption)}", table_of(found.c, "C"))


def einsum_result(found: Einsum) -> Picture:
    """The result with the looked-at element lit."""
    lit = found.c.new_zeros(found.c.shape, dtype=bool)
    if found.c.numel():
        lit[found.index] = True
    caption = (
        f"Result: shape {say_shape(tuple(found.c.shape))}, {many(found.c.numel(), 'element')}. Framed: element "
        f"{found.at} (from 0)."
    )
    figure = cells(found.c, lit=lit.flatten().numpy() if found.c.dim() else None)
    return Picture(figure, caption, f"The result of einsum as cells. {plain(caption)}", table_of(found.c, "result"))


def letters_table(found: Einsum) -> pd.DataFrame:
    """The index table: what each letter stands for."""
    return pd.DataFrame(
        {
            "letter": [letter.name for letter in found.letters],
            "runs over": [f"0 to {letter.length - 1}" for letter in found.letters],
            "dimension of A": [letter.in_a for letter in found.letters],
            "dimension of B": [letter.in_b for letter in found.letters],
            "dimension of the result": [letter.in_result for letter in found.letters],
            "role": [letter.role for letter in found.letters],
        }
    )


def einsum_sentence(found: Einsum) -> str:
    """The sum behind the looked-at element, written out."""
    if not found.terms:
        return "The result is empty."
    shown = found.terms[:8]
    products = " + ".join(f"{x:.4g}" if y is None else f"{x:.4g} · {y:.4g}" for x, y in shown)
    rest = f" + … {len(found.terms) - 8:,} more" if len(found.terms) > 8 else ""
    value = found.c[found.index]
    place = f"[{', '.join(map(str, found.index))}]" if found.index else ""
    return f"result{place} = {products}{rest} = **{say(value)}**"


def rule_sentence(found: Einsum) -> str:
    """The equation as a loop: which letters are kept or summed over, how many products or terms that makes."""
    kept = [letter for letter in found.letters if letter.role == "kept"]
    summed = [letter for letter in found.letters if letter.role != "kept"]
    total = 1
    for letter in found.letters:
        total *= letter.length
    over = ", ".join(letter.name for letter in summed) or "none"
    return (
        f"Kept: {', '.join(letter.name for letter in kept) or 'none'}. Summed over: {over}. All letters together make "
        f"{many(total, 'product' if ',' in found.equation else 'term')}, {len(found.terms):,} for each element of the "
        "result."
    )
