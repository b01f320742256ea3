"""Matrices of exact whole numbers and fractions, in Python's own arithmetic, and the walks that their powers count."""

import math
from fractions import Fraction

from torch import Tensor

from core.expression.errors import refuse

Exact = list[list[int]]


def same(computed: Tensor, exact: list[list[int]] | list[list[Fraction]]) -> bool:
    """Whether PyTorch's numbers are exactly these whole numbers or fractions."""
    return computed.tolist() == exact  # Python compares a float with a whole number or a fraction exactly


def identity(k: int) -> Exact:
    """The exact matrix that changes nothing."""
    return [[int(i == j) for j in range(k)] for i in range(k)]


def multiply(left: list[list], right: list[list]) -> list[list]:
    """The exact product: (L R)_ij = sum over p of L_ip R_pj."""
    columns = list(zip(*right, strict=True))
    return [[sum(x * y for x, y in zip(row, column, strict=True)) for column in columns] for row in left]


def exact_power(whole: Exact, n: int) -> Exact:
    """A ** n in Python's whole numbers, which have no largest one; n >= 0."""
    result, square = identity(len(whole)), whole
    while n:
        if n & 1:
            result = multiply(result, square)
        square = multiply(square, square)
        n >>= 1
    return result


def inverse(whole: Exact) -> list[list[Fraction]]:
    """The exact inverse by Gauss and Jordan's elimination; the matrix must have one."""
    k = len(whole)
    rows = [
        [Fraction(x) for x in row] + [Fraction(x) for x in unit] for row, unit in zip(whole, identity(k), strict=True)
    ]
    for column in range(k):
        pivot = next((r for r in range(column, k) if rows[r][column]), None)
        if pivot is None:
            raise refuse("A is singular, so it has no negative powers", "a matrix whose determinant is not 0")
        rows[column], rows[pivot] = rows[pivot], rows[column]
        lead = rows[column][column]
        rows[column] = [x / lead for x in rows[column]]
        for r in range(k):
            if r != column and rows[r][column]:
                factor = rows[r][column]
                rows[r] = [x - factor * y for x, y in zip(rows[r], rows[column], strict=True)]
    return [row[k:] for row in rows]


def negative_power(whole: Exact, n: int) -> list[list[Fraction]]:
    """A ** -n exactly: the power of the adjugate, which is whole, over the power of the determinant."""
    backwards = inverse(whole)
    determinant = math.lcm(*(x.denominator for row in backwards for x in row))  # any common denominator does
    adjugate = [[int(x * determinant) for x in row] for row in backwards]
    return [[Fraction(x, determinant**n) for x in row] for row in exact_power(adjugate, n)]


def walks(whole: Exact, length: int, start: int, end: int, most: int) -> list[tuple[int, ...]]:
    """The first walks of a length along the arrows of a graph, found by following them; parallel arrows count apart.

    Args:
        whole: entry (i, j) is the number of arrows from i to j, at least 0.
        most: how many to find before stopping.
    """
    reach = [identity(len(whole))]  # reach[l][i][end]: whether the end can still be reached in l steps
    for _ in range(length):
        reach.append([[int(x > 0) for x in row] for row in multiply(whole, reach[-1])])
    found: list[tuple[int, ...]] = []

    def go(path: tuple[int, ...]) -> None:
        left = length - (len(path) - 1)
        if len(found) >= most or not reach[left][path[-1]][end]:
            return
        if left == 0:
            found.append(path)
            return
        for node, arrows in enumerate(whole[path[-1]]):
            for _ in range(min(arrows, most)):
                go((*path, node))

    go((start,))
    return found
