"""A function that the reader types: f(x) or f(x, y) in the language of maths.

    f = typed_function("x**2 + sin(3*x)")
    f(torch.tensor(0.5, requires_grad=True)).backward()

The text goes through the one parser of the project (`core/expression`), which evaluates nothing that is not on a list.
Tensors of any equal shape go in, one of that shape comes out, and autograd sees every operation.
"""

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from operator import itemgetter

import torch
from torch import Tensor

from core.cache import cached
from core.expression.errors import ExpressionError, TorchError, refuse
from core.expression.evaluate import BINARY, UNARY, Evaluator, code
from core.expression.language import Function, Language, Limits
from core.expression.notation import written
from core.expression.parse import dotted, names_in, parse
from core.quote import quote

Step = Callable[[tuple[Tensor, ...]], object]  # from the values of the variables to a value

FUNCTIONS = ("sin", "cos", "tan", "exp", "log", "sqrt", "abs", "tanh")
CONSTANTS = {"pi": math.pi, "e": math.e}
LIMITS = Limits(elements=300_000, dims=6, work=100_000_000)  # 300 operations on the largest tensor
SIGNS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub, ast.UAdd)
NODES = (ast.Constant, ast.Name, ast.Load, ast.BinOp, ast.UnaryOp, ast.Call, *SIGNS)
FINITE = "a calculation with finite numbers"
DEEPEST_TOWER = 1e6  # of an exponent; beyond it every power is 0, 1 or infinite


@dataclass(frozen=True)
class TypedFunction:
    """A checked function; equal texts make equal functions, so that it can be a part of settings.

    Attributes:
        text: what was typed.
        variables: the names of its arguments, in order.
    """

    text: str
    variables: tuple[str, ...] = ("x",)

    def __call__(self, *values: Tensor) -> Tensor:
        """The function's value: `values` and result have one shape. May be infinite or NaN, as torch makes it.

        Raises:
            ExpressionError: if it has no value at any place, such as 1/0.
        """
        try:
            result = _compiled(self.text, self.variables)(values)
        except TorchError as error:
            raise refuse(f"{quote(_on_paper(error.code))} has no value", FINITE) from None
        except (OverflowError, RuntimeError):  # a whole number that no tensor can hold
            raise refuse(f"{quote(self.text)} has no value", FINITE) from None
        if not isinstance(result, Tensor):
            result = torch.full_like(values[0], float(result))
        if any(value.requires_grad for value in values) and not result.requires_grad:
            result = result + 0 * sum(values)  # a constant has the slope 0, not none at all
        return result

    def seconds(self, points: int = 1) -> float:
        """About how long a core needs for value and gradient at so many places together."""
        return 1e-4 + _operations(self.text, self.variables) * (1e-5 + 5e-9 * points)

    @property
    def constant(self) -> bool:
        """Whether no variable stands in it."""
        return not names_in(_checked(self.text, self.variables)) & {*self.variables}

    @property
    def python(self) -> str:
        """The same as a line of a program that has imported `math` and `torch`."""
        tree = ast.parse(ast.unparse(_checked(self.text, self.variables)), mode="eval")
        return ast.unparse(_Written(self.variables).visit(tree))


def typed_function(text: str, variables: tuple[str, ...] = ("x",)) -> TypedFunction:
    """Checks a typed function of these variables.

    Args:
        text: such as `x^2 + 0.3*sin(5*x)`, or `x² + 0.3sin(5x)` (`core/expression/notation.py`).

    Raises:
        ExpressionError: one sentence with what was wrong and what is allowed.
    """
    function = TypedFunction(text.strip(), variables)
    _checked(function.text, variables)
    function(*(torch.tensor(0.7, dtype=torch.float64) for _ in variables))
    return function


def allowed(variables: tuple[str, ...]) -> str:
    """What may be typed, in words."""
    names = " and ".join(variables)
    return f"numbers, {names}, + - * / ^ and brackets, {', '.join(FUNCTIONS)}, pi and e"


@cached
def _checked(text: str, variables: tuple[str, ...]) -> ast.expr:
    try:
        tree = parse(written(text, variables, FUNCTIONS, CONSTANTS))
    except ExpressionError as error:
        what = str(error).partition("; allowed:")[0]
        raise refuse(what, f"{allowed(variables)}, such as {' + '.join(f'{name}^2' for name in variables)}") from None
    for node in ast.walk(tree):
        _check(node, variables)
    Evaluator(_language(), dict.fromkeys(variables)).check(tree)
    return tree


@cached
def _operations(text: str, variables: tuple[str, ...]) -> int:
    """How many sums or products take as long: a power whose exponent is a variable as six, another function as two."""

    def weight(node: ast.AST) -> int:
        if not isinstance(node, ast.BinOp | ast.UnaryOp | ast.Call) or not names_in(node) & {*variables}:
            return 0
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and names_in(node.right) & {*variables}:
            return 6
        return 2 if isinstance(node, ast.Call) else 1

    return sum(map(weight, ast.walk(_checked(text, variables))))


@cached
def _compiled(text: str, variables: tuple[str, ...]) -> Step:
    """The checked tree as nested calls of the operations that it names, ten times as quick as walking it each time."""
    return _step(_checked(text, variables), {name: i for i, name in enumerate(variables)})


def _step(node: ast.expr, places: dict[str, int]) -> Step:
    if not names_in(node) & places.keys():
        value = Evaluator(_language(), {}).value(node)  # once, with all its checks
        return lambda values: value
    if isinstance(node, ast.Name):
        return itemgetter(places[node.id])
    if isinstance(node, ast.Call):
        function, argument = _language().functions[node.func.id].call, _step(node.args[0], places)
        return lambda values: function(argument(values))
    if isinstance(node, ast.UnaryOp):
        sign, operand = UNARY[type(node.op)], _step(node.operand, places)
        return lambda values: sign(operand(values))
    operation, left, right = BINARY[type(node.op)], _step(node.left, places), _step(node.right, places)
    return lambda values: operation(left(values), right(values))


def _check(node: ast.AST, variables: tuple[str, ...]) -> None:
    if not isinstance(node, NODES):
        raise refuse(f"A {type(node).__name__} is not part of this language", allowed(variables))
    if isinstance(node, ast.Constant) and (isinstance(node.value, bool) or not isinstance(node.value, int | float)):
        raise refuse(f"{code(node)} is not a number", allowed(variables))
    if isinstance(node, ast.Name) and node.id not in (*variables, *FUNCTIONS, *CONSTANTS):
        raise refuse(f"{code(node)} is not a name of this language", allowed(variables))
    if isinstance(node, ast.Call) and dotted(node.func) not in FUNCTIONS:
        raise refuse(f"{code(node.func)} is not a function (a product needs its *)", allowed(variables))
    if isinstance(node, ast.Call) and (len(node.args) != 1 or node.keywords):
        raise refuse(f"{code(node)} has other than one argument", f"one, such as {dotted(node.func)}({variables[0]})")
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and isinstance(node.right, ast.Constant):
        exponent = node.right.value
        if isinstance(exponent, int | float) and abs(exponent) > DEEPEST_TOWER:
            raise refuse(
                f"The exponent in {quote(_on_paper(ast.unparse(node)))} is too large", f"up to {DEEPEST_TOWER:,.0f}"
            )


def _on_paper(python: str) -> str:
    """A part of the function with the sign ^ for a power."""
    return python.replace(" ** ", "^")


@cache
def _language() -> Language:
    return Language(
        functions={name: Function(_one_argument(name)) for name in FUNCTIONS},
        constants=CONSTANTS,
        limits=LIMITS,
    )


def _one_argument(name: str) -> Callable[[object], object]:
    """The function for tensors, and Python's own for numbers, as a program would have to write it."""
    of_number = abs if name == "abs" else getattr(math, name)
    of_tensor = getattr(torch, name)
    return lambda value: of_tensor(value) if isinstance(value, Tensor) else of_number(value)


class _Written(ast.NodeTransformer):
    """Puts `torch.` or `math.` before the names that need it."""

    def __init__(self, variables: tuple[str, ...]) -> None:
        self.variables = set(variables)

    def visit_Call(self, node: ast.Call) -> ast.Call:
        module = "torch" if names_in(node.args[0]) & self.variables else "math"
        name = node.func.id
        function = name if name == "abs" and module == "math" else f"{module}.{name}"
        return ast.Call(ast.Name(function), [self.visit(node.args[0])], [])

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(f"math.{node.id}" if node.id in CONSTANTS else node.id)
