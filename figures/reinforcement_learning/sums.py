"""A return as a sum that a reader can add up again."""

from collections import Counter
from collections.abc import Sequence

from figures.words import bracketed, fmt, full

MOST_TERMS = 6


def discounted_sum(values: Sequence[float], gamma: float) -> tuple[float, str]:
    """r1 + γ r2 + γ² r3 + ... and how it comes about: equal rewards are counted, many become the first and the rest."""
    total = sum(gamma**k * value for k, value in enumerate(values))
    if gamma == 1:
        counts = Counter(values).items()
        terms = [f"{n} · {bracketed(value, 6)}" if n > 1 else bracketed(value, 6) for value, n in counts]
    elif len(values) > MOST_TERMS:
        rest = sum(gamma**k * value for k, value in enumerate(values[1:]))
        terms = [fmt(values[0], 6), f"{full(gamma)} · {bracketed(rest, 6)}, the return of the rest,"]
    else:
        terms = [f"{full(gamma)}^{k} · {bracketed(r, 6)}" if k else fmt(r, 6) for k, r in enumerate(values)]
    return total, " + ".join(terms)
