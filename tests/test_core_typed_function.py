"""Functions that the reader types: values, gradients, and one sentence for every mistake."""

import ast
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.expression.errors import ExpressionError
from core.expression.notation import written
from core.expression.parse import dotted, parse
from core.expression.typed_function import CONSTANTS, FUNCTIONS, NODES, typed_function

X = torch.linspace(0.1, 1.4, 9, dtype=torch.float64)
LEAF = st.sampled_from(["x", "y", "2", "0.5", "pi"])
TEXTS = st.recursive(
    LEAF,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | st.tuples(st.sampled_from(["sin", "cos", "tanh", "abs"]), inner).map(lambda t: f"{t[0]}({t[1]})")
        | inner.map(lambda t: f"({t})^2")
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_torch_s_own_with_its_gradient(name):
    x, same = X.clone().requires_grad_(), X.clone().requires_grad_()
    value, true = typed_function(f"{name}(x)")(x), getattr(torch, name)(same)
    assert torch.equal(value, true)
    value.sum().backward()
    true.sum().backward()
    assert torch.equal(x.grad, same.grad)


@pytest.mark.parametrize("text", ["x^2", "x**2", " x ** 2 "])
def test_a_power_is_written_in_two_ways(text):
    assert torch.equal(typed_function(text)(X), X**2)


@pytest.mark.parametrize(
    ("paper", "same"),
    [
        ("2x - 3(x+1)x", "2*x - 3*(x+1)*x"),
        ("x² + x⁻¹ - 2x³y", "x**2 + x**(-1) - 2*x**3*y"),
        ("x^{2}", "x**2"),
        ("2πx·y", "2*pi*x*y"),
        ("−x", "-x"),
        ("ln(x)", "log(x)"),
        ("2|x-1||y|", "2*abs(x-1)*abs(y)"),
        ("||x| - 2|", "abs(abs(x) - 2)"),
        ("(x-1)(x+2)", "(x-1)*(x+2)"),
        ("0,5*x", "0.5*x"),
        ("(x + abs(x))/2", "x*(x > 0)"),
    ],
)
def test_a_function_is_read_as_it_is_written_on_paper(paper, same):
    x, y = torch.linspace(-2, 2, 9, dtype=torch.float64), torch.linspace(0.5, 3, 9, dtype=torch.float64)
    true = eval(same, {"x": x, "y": y, "pi": math.pi, "abs": abs, "log": torch.log})
    assert torch.equal(typed_function(paper, ("x", "y"))(x, y).nan_to_num(), true.nan_to_num())


SIGNS = (*"xy2πe|(){}+-−*·/^² ", "0,5", ".5", "1e3", "10_0", "0x1F", "pi", "sin", "ln(", "|x|", "**", "⁻¹")


def read_by_python(text):
    """The tree of what needs no other notation than ^ for a power; None for all else."""
    try:
        tree = parse(text.replace("^", "**"))
    except ExpressionError:
        return None
    nodes = list(ast.walk(tree))
    names = [node.id for node in nodes if isinstance(node, ast.Name)]
    called = sorted(dotted(node.func) for node in nodes if isinstance(node, ast.Call) and len(node.args) == 1)
    whole = all(isinstance(node, NODES) for node in nodes) and {*names} <= {"x", "y", *CONSTANTS, *FUNCTIONS}
    return ast.dump(tree) if whole and called == sorted(n for n in names if n in FUNCTIONS) else None


@settings(derandomize=True, deadline=None, max_examples=400)
@given(st.lists(st.sampled_from(SIGNS), min_size=1, max_size=9).map("".join).map(str.strip))
def test_notation_is_changed_once_and_what_python_reads_keeps_its_meaning(text):
    names, tree = (("x", "y"), FUNCTIONS, CONSTANTS), read_by_python(text)
    try:
        read = written(text, *names)
    except ExpressionError as error:
        assert tree is None
        assert "ython" not in str(error)
    else:
        assert written(read, *names) == read
        assert tree in (None, ast.dump(parse(read)))


@pytest.mark.parametrize(
    ("paper", "python"),
    [
        ("max(x, y)", "max(x, y)"),
        ("2max(x, -3) - min(y,x)^2", "2*max(x, -3)-min(y, x)**2"),
        ("max(x, 1,5y)", None),  # 1.5 or two numbers
        ("max(1,2)", None),
        ("max(x,)", None),
        ("max(, x)", None),
        ("sin(x, y)", None),
        ("(x, y)", None),
        ("max(sin(x, y), 1)", None),
        ("max x", None),
        ("max(x/2, y)x", "max(x/2, y)*x"),
    ],
)
def test_functions_of_two_arguments(paper, python):
    names = (("x", "y"), ("sin",), (), ("max", "min"))
    if python is None:
        with pytest.raises(ExpressionError):
            written(paper, *names)
    else:
        assert written(paper, *names) == python


def test_precedence_is_that_of_maths():
    assert typed_function("-x^2 + 2*x^3/4 - e")(torch.tensor(2.0, dtype=torch.float64)).item() == -4 + 4 - math.e


@pytest.mark.parametrize("text, value", [("3", 3.0), ("sin(2)", math.sin(2)), ("abs(-4) + e", 4 + math.e), ("-1", -1)])
def test_a_constant_is_a_flat_function(text, value):
    x = X.clone().requires_grad_()
    made = typed_function(text)(x)
    assert made.shape == x.shape
    assert made.tolist() == [value] * len(x)
    (slope,) = torch.autograd.grad(made.sum(), x)
    assert slope.tolist() == [0.0] * len(x)


def test_any_shape_goes_in_and_comes_out_and_the_dtype_stays():
    f = typed_function("exp(-x^2 - y^2) + pi * x", ("x", "y"))
    for dtype in (torch.float32, torch.float64):
        x = torch.rand(3, 4, 5, generator=torch.Generator().manual_seed(0), dtype=dtype)
        made = f(x, x.flip(0))
        assert made.shape == x.shape
        assert made.dtype == dtype


def test_forty_thousand_points_at_once_are_within_the_limits():
    x = torch.linspace(-1, 1, 40_000)
    assert torch.equal(typed_function("x^4 - y^4", ("x", "y"))(x, x), torch.zeros(40_000))


@settings(derandomize=True, deadline=None, max_examples=60)
@given(TEXTS)
def test_the_program_s_line_computes_the_same_bits_as_the_page(text):
    f = typed_function(text, ("x", "y"))
    x, y = X, X.flip(0)
    made = f(x, y)
    written = eval(f.python, {"torch": torch, "math": math, "x": x, "y": y, "abs": abs})
    assert torch.equal(made, torch.as_tensor(written, dtype=torch.float64).expand_as(made))


@settings(derandomize=True, deadline=None, max_examples=40)
@given(TEXTS)
def test_gradients_agree_with_central_differences(text):
    f, h = typed_function(text, ("x", "y")), 1e-6
    x = X.clone().requires_grad_()
    (slope,) = torch.autograd.grad(f(x, X.flip(0)).sum(), x)
    between = (f(X + h, X.flip(0)) - f(X - h, X.flip(0))) / (2 * h)
    smooth = "abs" not in text
    if smooth:
        torch.testing.assert_close(slope, between, rtol=1e-3, atol=1e-3 * (1 + between.abs().max().item()))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The box is empty"),
        ("x^2 +", "Something is missing at the end of `x^2 +`"),
        ("x = 3", "The sign = does not belong here"),
        ("z", "`z` is not a name"),
        ("y^2", "`y` is not a name"),
        ("X", "(write `x`)"),
        ("xx", "(write `x*x`)"),
        ("sinx", "(write `sin(x)`)"),
        ("sin", "Something is missing at the end of `sin`"),
        ("sin x", "`sin` is a function (write `sin(x)`)"),
        ("sin²(x)", "(write `sin(x)^2`)"),
        ("sin(x, x)", "a function has one argument"),
        ("x^2 x", "A sign is missing in `x^2 x` (character 5: write `+` or `*`; a `+` in a link becomes a blank"),
        ("2 (x)", "A sign is missing in `2 (`"),
        ("x^2 2x", "a `+` in a link becomes a blank"),
        ("(x)2", "(character 4: write `*2` or `^2`)"),
        ("1/2x", "`1/2x` can be read in two ways"),
        ("e^-2x", "`e^-2x` can be read in two ways"),
        ("1,000*x", "`1,000` can be read in two ways (write `1000` or `1.000`)"),
        ("x²^3", "has a power of a power"),
        ("x */ 2", "`/` (character 4) cannot stand after `*`"),
        ("(x", "The `(` is opened, but not closed"),
        ("x)", "The `)` (character 2) closes nothing"),
        ("(x}", "The `(` is closed by `}` (character 3)"),
        ("x.grad", "`.` (character 2) is not a sign"),
        ("__import__('os')", "is not"),
        ("(1).__class__", "is not a sign"),
        ("x[0]", "`[` (character 2) is not a sign"),
        ("x // 2", "`/` (character 4) cannot stand after `/`"),
        ("'x'", "is not a sign"),
        ("True", "is not a name"),
        ("x if x > 0 else 0", "but `(x + abs(x))/2` is x where x > 0, and else 0"),
        ("1/0 + x", "has no value"),
        ("log(-1) + x", "has no value"),
        ("exp(10000) * x", "has no value"),
        ("9**9**9 + x", "does not fit into 64 bits"),
        ("x^99999999", "too large"),
        ("x" * 500, "500 characters"),
        ("(" * 30 + "x" + ")" * 30, "nested too deep"),
        ("x\u202e2", "is not a sign"),
    ],
)
def test_every_mistake_gets_one_sentence_with_what_is_allowed(text, said):
    with pytest.raises(ExpressionError) as error:
        typed_function(text)
    assert said in str(error.value)
    assert "allowed:" in str(error.value)
    assert "\n" not in str(error.value)


def test_what_torch_makes_infinite_or_nan_stays_so():
    f = typed_function("1/x + log(x)")
    made = f(torch.tensor([0.0, -1.0], dtype=torch.float64))
    assert math.isnan(made[1].item())
    assert not math.isfinite(made[0].item())


def test_equal_texts_are_equal_functions():
    assert typed_function("x^2 ") == typed_function("x^2")
    assert hash(typed_function("x^2")) == hash(typed_function("x^2"))
