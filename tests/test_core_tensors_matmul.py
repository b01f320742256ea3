"""Products in four readings, einsum as a loop, and powers against exact whole numbers."""

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import torch
from effort import at_most
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.expression.errors import ExpressionError, TorchError
from core.tensors.einsum import einsum, off
from core.tensors.matmul import MAX_SIDE, product, wrapped
from core.tensors.power import growth_rate, is_chain, is_graph, overflow, power, settled, stationary, vanished
from core.tensors.settings import READINGS, MatmulSettings, PowerSettings

some = settings(derandomize=True, deadline=None, max_examples=40)
FOUR = [reading for reading in READINGS if reading != "einsum"]
whole = st.integers(-9, 9)


@st.composite
def factors(draw):
    n, k, m = (draw(st.integers(1, 4)) for _ in range(3))
    a = draw(st.lists(st.lists(whole, min_size=k, max_size=k), min_size=n, max_size=n))
    b = draw(st.lists(st.lists(whole, min_size=m, max_size=m), min_size=k, max_size=k))
    return a, b


@some
@given(factors(), st.sampled_from(FOUR))
def test_every_reading_ends_at_the_product_and_every_step_knows_what_it_says(pair, reading):
    a, b = pair
    expected = np.array(a) @ np.array(b)
    count = product(MatmulSettings(a=str(a), b=str(b), reading=reading), 0).steps
    seen = 0
    for at in range(count):
        found = product(MatmulSettings(a=str(a), b=str(b), reading=reading, step=at), 0)
        assert found.at == at
        assert torch.equal(found.c, torch.from_numpy(expected))
        i, p, j = found.cells
        if reading != "outer":
            assert torch.equal(found.partial[found.known], found.c[found.known])
            assert int(found.known.sum()) > seen
            seen = int(found.known.sum())
            # the cells of C that the step computes come from those of A and B that take part, and from no others
            assert torch.equal(((found.a * i) @ (found.b * p))[j], found.c[j])
        else:
            layers = sum(np.outer(np.array(a)[:, p], np.array(b)[p]) for p in range(at + 1))
            assert np.array_equal(found.partial.numpy(), layers)
            assert torch.equal(
                (found.a * i) @ (found.b * p), torch.from_numpy(np.outer(np.array(a)[:, at], np.array(b)[at]))
            )
            assert j.all()
    assert torch.equal(found.partial, found.c)
    assert found.known.all()


def test_a_step_beyond_the_last_is_the_last():
    found = product(MatmulSettings(step=9_999), 0)
    assert (found.at, found.steps) == (3, 4)


def test_factors_that_do_not_fit_are_refused_in_torch_s_words():
    with pytest.raises(TorchError) as caught:
        product(MatmulSettings(a="[[1, 2, 3]]", b="[[1, 2, 3]]"), 0)
    assert caught.value.said == "mat1 and mat2 shapes cannot be multiplied (1x3 and 1x3)"


@pytest.mark.parametrize(
    "a", ["[1, 2]", "3", "torch.ones(2, 2, 2)", f"torch.ones({MAX_SIDE + 1}, 2)", "torch.ones(0, 3)"]
)
def test_other_shapes_get_a_sentence(a):
    with pytest.raises(ExpressionError, match="allowed: "):
        product(MatmulSettings(a=a, b="torch.ones(3, 2)"), 0)


@st.composite
def equations(draw):
    """An equation over a few letters and the shapes of its one to three operands, some with ...

    Where a letter is long, it may be 1 in one operand; what ... stands for is a part of one shape, from the right.
    """
    lengths = {letter: draw(st.sampled_from([0, 1, 2, 3])) for letter in "ijk"}
    around = draw(st.lists(st.sampled_from([1, 2, 3]), max_size=2))
    groups = draw(st.lists(st.tuples(st.text("ijk", max_size=2), st.booleans()), min_size=1, max_size=3))
    met = sorted(set("".join(letters for letters, _ in groups)))
    output = draw(st.lists(st.sampled_from(met), unique=True)) if met else []
    if draw(st.booleans()):
        output.insert(draw(st.integers(0, len(output))), "...")
    parts, shapes = [], []
    for letters, dots in groups:
        own = {letter: draw(st.sampled_from([1, lengths[letter]])) for letter in sorted(set(letters))}
        place, covered = draw(st.integers(0, len(letters))), around[draw(st.integers(0, len(around))) :] if dots else []
        parts.append(letters[:place] + "..." * dots + letters[place:])
        shape = [own[letter] for letter in letters]
        shapes.append((*shape[:place], *(draw(st.sampled_from([1, n])) for n in covered), *shape[place:]))
    return f"{','.join(parts)}->{''.join(output)}", shapes


@settings(derandomize=True, deadline=None, max_examples=120)
@example(("ij,jk->ik", [(2, 1), (3, 2)]))
@example(("ij,jk->ik", [(2, 3), (1, 2)]))
@example(("...ij,jk->ik", [(2, 2, 3), (3, 2)]))  # what ... stands for is added up, too
@example(("i...,...i,j->...j", [(2, 3, 1), (2, 2), (3,)]))
@given(equations())
def test_the_terms_of_an_einsum_add_up_to_its_elements(case):
    equation, shapes = case
    a, b, c = ([f"torch.randint(-9, 10, {shape})" for shape in shapes] + ["[1]", ""])[:3]
    chosen = MatmulSettings(a=a, b=b, c=c, reading="einsum", equation=equation)
    whole = einsum(chosen, 0)
    assert torch.equal(whole.result, torch.einsum(equation, *whole.operands[: len(shapes)]))
    assert whole.equation == equation
    assert [len(part) for part in (*whole.parts, whole.output)] == [*map(len, shapes), whole.result.dim()]
    for step, element in enumerate(whole.result.flatten().tolist()):
        found = einsum(replace(chosen, step=step), 0)
        assert sum(map(math.prod, found.terms)) == element == found.result[found.index].item()
        used = [bool(found.terms) and place < len(shapes) for place in range(len(whole.operands))]
        assert [bool(mask.any()) for mask in found.cells] == used


@pytest.mark.parametrize(
    ("equation", "a", "b", "shape", "terms"),
    [
        ("ij,jk->ik", "torch.zeros(0, 3)", "torch.zeros(3, 2)", (0, 2), ()),
        ("ij,jk->ik", "torch.zeros(2, 0)", "torch.zeros(0, 2)", (2, 2), ()),  # sums of nothing: 0
        ("ij,jk->ik", "torch.ones(2, 0)", "torch.ones(1, 2)", (2, 2), ()),
        ("->", "3", "[1]", (), ((3,),)),
    ],
)
def test_an_einsum_without_elements_or_letters_has_a_sum_of_nothing_or_of_one(equation, a, b, shape, terms):
    found = einsum(MatmulSettings(a=a, b=b, reading="einsum", equation=equation, step=3), 0)
    assert tuple(found.result.shape) == shape
    assert found.terms == terms
    assert (found.index is None) == (found.result.numel() == 0)


def test_a_dimension_of_length_one_is_read_again_and_again():
    found = einsum(MatmulSettings(a="[[1],[2]]", b="[[1,2],[3,4],[5,6]]", reading="einsum"), 0)
    assert found.lengths == {"i": {2}, "j": {1, 3}, "k": {2}}
    assert found.terms == ((1, 1), (1, 3), (1, 5))


def test_a_sum_that_takes_long_is_refused_before_it_is_begun():
    cube = "torch.rand(12, 12, 12)"
    with at_most(100), pytest.raises(ExpressionError, match="2,985,984 terms; allowed: at most 2,000"):
        einsum(MatmulSettings(a=cube, b=cube, reading="einsum", equation="abc,def->"), 0)


@pytest.mark.parametrize("c", ["", "torch.rand(12, 12)"])
def test_three_operands_are_bounded_like_two(c):
    cube = "torch.rand(12, 12, 12)"
    with at_most(100), pytest.raises(ExpressionError, match="allowed: "):
        einsum(MatmulSettings(a=cube, b=cube, c=c, reading="einsum", equation="abc,def,gh->adg"), 0)


@pytest.mark.parametrize(
    "equation", ["", "ij,jk", "ij,jk->i..", "i.->i", "i j é->", "12->", "ij;jk->ik", "->", "ij->ii", "ij->->i", '").x']
)
def test_what_is_no_equation_gets_a_sentence(equation):
    with pytest.raises(ExpressionError):
        einsum(MatmulSettings(reading="einsum", equation=equation), 0)


def test_an_equation_is_checked_before_anything_is_computed():
    hostile = MatmulSettings(a="torch.zeros(3).view(5)", reading="einsum", equation='");import os#->')
    with pytest.raises(ExpressionError, match="not an equation") as caught:  # no TorchError, which shows a program
        einsum(hostile, 0)
    assert not isinstance(caught.value, TorchError)


@pytest.mark.parametrize(
    ("equation", "said"),
    [
        ("ij,jk,kl->il", "3 groups of letters, and C is empty; allowed: one operand for each group"),
        ("i,j,k,l->", "4 groups of letters; allowed: at most 3, for A, B and C"),
    ],
)
def test_each_group_of_letters_needs_an_operand(equation, said):
    with pytest.raises(ExpressionError, match=said):
        einsum(MatmulSettings(reading="einsum", equation=equation), 0)


@pytest.mark.parametrize("equation", ["ij,ij->i", "ijk,jk->ik", "ij,jk->iz", "...i,...j->...", "i...i,ij->"])
def test_an_equation_that_does_not_fit_is_torch_s_business(equation):
    with pytest.raises(TorchError, match="impossible"):
        einsum(MatmulSettings(reading="einsum", equation=equation), 0)


BYTES = "torch.tensor([[{}]], dtype=torch.uint8)"


@pytest.mark.parametrize(
    ("a", "b", "count", "exact"),
    [
        (BYTES.format("200, 100"), "torch.tensor([[1, 2], [1, 0]], dtype=torch.uint8)", 2, 300),
        (BYTES.format("200"), BYTES.format("1"), 0, None),
        ("[[3037000500]]", "[[3037000500]]", 1, 3037000500**2),
        ("[[1e30]]", "[[1e30]]", 0, math.inf),  # the factors are of float32, their exact product is not infinite
        ("[[0.5]]", "[[0.3]]", 0, None),
        ("torch.full((1, 1), torch.inf)", "[[2.0]]", 0, None),  # infinite before
    ],
)
def test_what_a_dtype_cannot_hold_is_told_from_what_it_can(a, b, count, exact):
    assert wrapped(product(MatmulSettings(a=a, b=b), 0)) == count
    said = off(einsum(MatmulSettings(a=a, b=b, reading="einsum"), 0))
    assert said == (pytest.approx(1e60) if exact == math.inf else exact)


def test_a_product_has_no_third_factor():
    assert torch.equal(product(MatmulSettings(c="nonsense("), 0).c, product(MatmulSettings(), 0).c)


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


@pytest.mark.parametrize(("n", "expected"), [(2, [[2, 1], [1, 1]]), (3, [[3, 2], [2, 1]]), (4, [[5, 3], [3, 2]])])
def test_the_course_s_powers(n, expected):
    assert power(PowerSettings(n=n), 0).result.tolist() == expected


@pytest.mark.parametrize(("dtype", "last_right", "bits"), [("int64", 91, 63), ("float64", 77, 53), ("float32", 35, 24)])
def test_fibonacci_is_right_up_to_the_power_that_the_dtype_holds(dtype, last_right, bits):
    found = power(PowerSettings(n=last_right, dtype=dtype), 0)
    assert found.wrong is None
    assert found.result.tolist()[0][0] == fibonacci(last_right + 1)
    first_wrong = power(PowerSettings(n=120, dtype=dtype), 0)
    assert first_wrong.wrong == last_right + 1
    assert first_wrong.exact_largest[last_right + 1] == fibonacci(last_right + 2) > 2**bits


def test_at_92_fibonacci_overflows_as_published():
    found = power(PowerSettings(n=92), 0)
    assert found.result[0, 0].item() == -6246583658587674878
    assert found.exact[0][0] == 12200160415121876738 == fibonacci(93)
    assert (12200160415121876738 - 2**64) == -6246583658587674878
    assert found.wrong == 92


def by_squaring(matrix, n):
    """The exact power in plain Python, by other products than those of the page."""
    if n == 0:
        return [[int(i == j) for j in range(len(matrix))] for i in range(len(matrix))]
    half = by_squaring(matrix, n // 2)
    both = times(half, half)
    return times(both, matrix) if n % 2 else both


def times(left, right):
    return [
        [sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*right, strict=True)] for row in left
    ]


@some
@given(
    st.integers(1, 3).flatmap(lambda k: st.lists(st.lists(whole, min_size=k, max_size=k), min_size=k, max_size=k)),
    st.integers(0, 40),
)
def test_exact_powers_agree_with_torch_until_the_named_power(matrix, n):
    found = power(PowerSettings(matrix=str(matrix), n=n), 0)
    exact = [by_squaring(matrix, i) for i in range(n + 1)]
    assert found.exact.tolist() == exact[n]
    assert found.exact_largest == tuple(max(abs(x) for row in each for x in row) for each in exact)
    fits = [all(-(2**63) <= x < 2**63 for row in each for x in row) for each in exact]
    assert found.wrong == (fits.index(False) if False in fits else None)


@pytest.mark.parametrize("n", [-1, -5, -30])
def test_negative_powers_against_exact_fractions(n):
    found = power(PowerSettings(matrix="[[2, 1], [1, 3]]", n=n, dtype="float64"), 0)
    exact = torch.tensor([[float(x) for x in row] for row in found.exact], dtype=torch.float64)
    torch.testing.assert_close(found.result, exact, rtol=1e-9, atol=0)
    back = times(by_squaring([[2, 1], [1, 3]], -n), found.exact.tolist())
    assert back == [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]]


def test_the_slowest_power_takes_a_moment():
    matrix = str([[(37 * i * i + 101 * j**3 + 7 * i * j) % 999 for j in range(6)] for i in range(6)]).replace(" ", "")
    for n in (-50, 150):
        with at_most(100):
            power(PowerSettings(matrix=matrix, n=n, dtype="float64"), 0)


def test_whole_numbers_to_a_negative_power_and_singular_matrices_are_refused_in_torch_s_words():
    with pytest.raises(TorchError) as caught:
        power(PowerSettings(n=-1), 0)
    assert caught.value.said == "linalg.inv: Expected a floating point or complex tensor as input. Got Long"
    with pytest.raises(TorchError, match="singular"):
        power(PowerSettings(matrix="[[1, 1], [1, 1]]", n=-1, dtype="float64"), 0)


@pytest.mark.parametrize(
    ("matrix", "n", "rate"),
    [
        ("[[1, 1], [1, 0]]", 60, (1 + 5**0.5) / 2),
        ("[[0.5, 0.2], [0.1, 0.4]]", 60, 0.6),
        ("[[0, -1], [1, 0]]", 60, 1),
        ("[[0, 2], [1, 0]]", 60, 2**0.5),  # the steps take turns: 2, 1, 2, 1, ...
        ("[[0.9, 0.1], [0.5, 0.5]]", 60, 1),
        ("[[1, 0, 0], [0, 0.5, 1], [0, 0, 0.5]]", 60, 1),  # they converge
        ("[[2, 0], [0, 4]]", -30, 1 / 2),
        ("[[1, 1], [1, 0]]", -30, (1 + 5**0.5) / 2),
    ],
)
def test_in_the_long_run_the_powers_grow_at_the_rate_that_the_eigenvalues_say(matrix, n, rate):
    found = power(PowerSettings(matrix=matrix, n=n, dtype="float64"), 0)
    assert growth_rate(found) == pytest.approx(rate, rel=1e-6)
    sizes = found.powers.abs().flatten(1).amax(1)
    half = abs(n) // 2
    assert (sizes[-1] / sizes[-1 - half]).item() ** (1 / half) == pytest.approx(rate, rel=1e-3)


@pytest.mark.parametrize(
    ("matrix", "n", "dtype", "at"),
    [
        ("[[2]]", 150, "float32", 128),
        ("[[2, 0], [0, 0.5]]", 150, "float32", 128),
        ("[[0.5, 0], [0, 2]]", -40, "float32", None),
        ("[[0.001]]", -20, "float32", -13),  # 10^39 > 3.4e38
        ("[[1000]]", 150, "float64", 103),
        ("[[2]]", 150, "float64", None),
        ("[[2]]", 62, "int64", None),
        ("[[2]]", 150, "int64", 63),
        ("[[-2]]", 150, "int64", 64),  # -2^63 fits
    ],
)
def test_the_first_power_that_does_not_fit_into_its_dtype_is_named(matrix, n, dtype, at):
    assert overflow(power(PowerSettings(matrix=matrix, n=n, dtype=dtype), 0)) == at


@pytest.mark.parametrize(
    ("matrix", "n", "dtype", "first"),
    [
        ("[[1, 0, 0], [0, 0.5, 1], [0, 0, 0.5]]", 92, "float64", 26),  # 26 / 2^25 < 1e-6 < 25 / 2^24
        ("[[0.5]]", 40, "float64", 20),  # 2^-20 < 1e-6
        ("[[2]]", -40, "float64", -20),
        ("[[0.5]]", 39, "float64", None),  # more than half of the way
        ("[[1, 1], [0, 1]]", 92, "float64", None),  # grows, with an eigenvalue of 1
        ("[[0, -1], [1, 0]]", 92, "int64", None),
        ("[[1]]", 92, "int64", 0),
        ("[[1]]", 0, "int64", None),
        ("[[2]]", 150, "int64", None),  # 0 from power 64 on, but only because it wraps around
        ("[[2]]", 150, "float32", None),
    ],
)
def test_powers_have_settled_where_the_last_half_of_them_is_alike(matrix, n, dtype, first):
    found = power(PowerSettings(matrix=matrix, n=n, dtype=dtype), 0)
    assert settled(found) == first
    if first is not None:
        away = [(p - found.powers[-1]).abs().max().item() for p in found.powers]
        assert max(away[abs(first) :]) <= 1e-6
        assert first == 0 or away[abs(first) - 1] > 1e-6


@pytest.mark.parametrize(
    ("matrix", "n", "dtype", "gone"),
    [
        ("[[1000]]", -50, "float32", True),  # 10^-150
        ("[[1000]]", -50, "float64", False),
        ("[[0, 1], [0, 0]]", 3, "float32", False),
        ("[[0.5]]", 150, "float32", False),  # not whole: nothing exact to compare with
    ],
)
def test_an_entry_too_close_to_0_is_told_from_a_rounded_one(matrix, n, dtype, gone):
    assert vanished(power(PowerSettings(matrix=matrix, n=n, dtype=dtype), 0)) == gone


def test_powers_count_walks():
    matrix = [[0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 2], [0, 0, 1, 0]]

    def walks(length, start, end):  # followed arrow by arrow
        if length == 0:
            return int(start == end)
        return sum(arrows * walks(length - 1, node, end) for node, arrows in enumerate(matrix[start]))

    for length in range(6):
        found = power(PowerSettings(matrix=str(matrix), n=length), 0)
        assert found.exact.tolist() == [[walks(length, i, j) for j in range(4)] for i in range(4)]


def test_a_chain_settles_at_its_stationary_distribution():
    found = power(PowerSettings(matrix="[[0.9, 0.1], [0.5, 0.5]]", n=60, dtype="float64"), 0)
    assert is_chain(found.a)
    settled = stationary(found.a)
    torch.testing.assert_close(settled, torch.tensor([5 / 6, 1 / 6], dtype=torch.float64))
    torch.testing.assert_close(found.result[0], settled)
    torch.testing.assert_close(settled @ found.a, settled)


@pytest.mark.parametrize(
    ("matrix", "graph", "markov"),
    [("[[0, 1], [2, 0]]", True, False), ("[[0.5, 0.5], [1, 0]]", False, True), ("[[-1, 2], [1, 0]]", False, False)],
)
def test_graphs_and_chains_are_recognised(matrix, graph, markov):
    a = power(PowerSettings(matrix=matrix, dtype="float64", n=1), 0).a
    assert (is_graph(a), is_chain(a)) == (graph, markov)


@pytest.mark.parametrize("matrix", ["[[1, 2]]", "3", "torch.eye(7)", "[[1001]]", "[[0.5]]", "[[]]", "x", ""])
def test_what_is_no_matrix_here_gets_a_sentence(matrix):
    with pytest.raises(ExpressionError, match="allowed: "):
        power(PowerSettings(matrix=matrix), 0)
