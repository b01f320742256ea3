"""Products in four readings, einsum as a loop, and powers against exact whole numbers."""

from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.expression.errors import ExpressionError, TorchError
from core.tensors.einsum import einsum
from core.tensors.exact import exact_power, walks
from core.tensors.power import behaviour, is_chain, is_graph, power, stationary
from core.tensors.products import MAX_SIDE, product
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
        if reading != "outer":
            known = found.step.known
            assert torch.equal(found.step.partial[known], found.c[known])
            assert int(known.sum()) > seen
            seen = int(known.sum())
        else:
            layers = sum(np.outer(np.array(a)[:, p], np.array(b)[p]) for p in range(at + 1))
            assert np.array_equal(found.step.partial.numpy(), layers)
    assert torch.equal(found.step.partial, found.c)
    assert found.step.known.all()


def test_the_worked_dot_product_adds_up():
    found = product(MatmulSettings(step=3), 0)
    assert "4 · 8 + 5 · 10 + 6 · 12 = **154**" in found.step.words
    assert found.c.tolist() == [[58, 64], [139, 154]]


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


@pytest.mark.parametrize(
    ("equation", "a", "b"),
    [
        ("ij,jk->ik", "torch.rand(3, 4)", "torch.rand(4, 2)"),
        ("ij,jk->ki", "torch.rand(3, 4)", "torch.rand(4, 2)"),
        ("ij,ij->", "torch.rand(3, 4)", "torch.rand(3, 4)"),
        ("ij,ij->ij", "torch.rand(3, 4)", "torch.rand(3, 4)"),
        ("i,j->ij", "torch.rand(3)", "torch.rand(4)"),
        ("bij,bjk->bik", "torch.rand(2, 3, 4)", "torch.rand(2, 4, 2)"),
        ("ii->", "torch.rand(4, 4)", "[1]"),
        ("ii->i", "torch.rand(4, 4)", "[1]"),
        ("ij->ji", "torch.rand(3, 4)", "[1]"),
        ("ij->", "torch.rand(3, 4)", "[1]"),
    ],
)
def test_the_terms_of_an_einsum_add_up_to_its_element(equation, a, b):
    for step in (0, 1, 5, 9_999):
        found = einsum(MatmulSettings(a=a, b=b, reading="einsum", equation=equation, step=step), 0)
        operands = (found.a, found.b) if "," in equation else (found.a,)
        assert torch.equal(found.c, torch.einsum(equation, *operands))
        total = sum(x if y is None else x * y for x, y in found.terms)
        assert total == pytest.approx(found.c.flatten()[found.at].item(), rel=1e-5)
        assert found.c[found.index].item() == found.c.flatten()[found.at].item()
        assert found.a_cells.any()
        assert found.b_cells.any() == ("," in equation)
    roles = {letter.name: letter.role for letter in found.letters}
    inputs, output = equation.split("->")
    assert roles == {x: "kept" if x in output else "summed over" for x in inputs.replace(",", "")}


@pytest.mark.parametrize("equation", ["", "ij,jk", "ij,jk->i...", "i j é->", "12->", "ij;jk->ik", "->"])
def test_what_is_no_equation_gets_a_sentence(equation):
    with pytest.raises(ExpressionError):
        einsum(MatmulSettings(reading="einsum", equation=equation), 0)


@pytest.mark.parametrize("equation", ["ij,ij->i", "ijk,jk->ik", "ij,jk,kl->il", "ij,jk->iz"])
def test_an_equation_that_does_not_fit_is_torch_s_business(equation):
    with pytest.raises(TorchError, match="impossible"):
        einsum(MatmulSettings(reading="einsum", equation=equation), 0)


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


@some
@given(
    st.integers(1, 3).flatmap(lambda k: st.lists(st.lists(whole, min_size=k, max_size=k), min_size=k, max_size=k)),
    st.integers(0, 40),
)
def test_exact_powers_agree_with_torch_until_the_named_power(matrix, n):
    found = power(PowerSettings(matrix=str(matrix), n=n), 0)
    assert [[int(x) for x in row] for row in found.exact] == exact_power(matrix, n)
    for i in range(n + 1):
        fits = max(abs(x) for row in exact_power(matrix, i) for x in row) < 2**63
        assert fits or (found.wrong is not None and found.wrong <= i)
    if found.wrong is None:
        assert found.result.tolist() == exact_power(matrix, n)


@pytest.mark.parametrize("n", [-1, -5, -30])
def test_negative_powers_against_exact_fractions(n):
    found = power(PowerSettings(matrix="[[2, 1], [1, 3]]", n=n, dtype="float64"), 0)
    exact = torch.tensor([[float(x) for x in row] for row in found.exact], dtype=torch.float64)
    torch.testing.assert_close(found.result, exact, rtol=1e-9, atol=0)
    forward = exact_power([[2, 1], [1, 3]], -n)
    back = [
        [sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*found.exact, strict=True)]
        for row in forward
    ]
    assert back == [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]]


def test_whole_numbers_to_a_negative_power_and_singular_matrices_are_refused_in_torch_s_words():
    with pytest.raises(TorchError) as caught:
        power(PowerSettings(n=-1), 0)
    assert caught.value.said == "linalg.inv: Expected a floating point or complex tensor as input. Got Long"
    with pytest.raises(TorchError, match="singular"):
        power(PowerSettings(matrix="[[1, 1], [1, 1]]", n=-1, dtype="float64"), 0)


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        ("[[1, 1], [1, 0]]", "multiplies the entries"),
        ("[[0.5, 0.2], [0.1, 0.4]]", "below 1"),
        ("[[0, -1], [1, 0]]", "go round"),
        ("[[0, 1], [0, 0]]", "nothing is left"),
        ("[[1, 1], [0, 1]]", "grow, though slowly"),
        ("[[0.9, 0.1], [0.5, 0.5]]", "dies away"),
    ],
)
def test_the_eigenvalues_say_what_the_powers_do(matrix, words):
    found = power(PowerSettings(matrix=matrix, n=150, dtype="float64"), 0)
    assert words in behaviour(found)
    first, last = found.powers[75].abs().max(), found.powers[150].abs().max()
    truth = {
        "multiplies the entries": last > 1e10 * first,
        "below 1": last < 1e-10,
        "go round": bool(torch.allclose(found.powers[4], torch.eye(2).double())),
        "nothing is left": bool((found.powers[2] == 0).all()),
        "grow, though slowly": last == 2 * first == 150,
        "dies away": bool(torch.allclose(found.powers[150], found.powers[149])),
    }
    assert truth[words]


def test_powers_count_walks():
    matrix = [[0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 2], [0, 0, 1, 0]]
    for length in range(6):
        counted = exact_power(matrix, length)
        for start in range(4):
            for end in range(4):
                found = walks(matrix, length, start, end, 10_000)
                assert len(found) == counted[start][end]
                for path in found:
                    assert (path[0], path[-1], len(path)) == (start, end, length + 1)
                    assert all(matrix[i][j] for i, j in zip(path, path[1:], strict=False))
    assert len(walks([[9] * 6] * 6, 150, 0, 5, 12)) == 12  # bounded, however many there are


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
