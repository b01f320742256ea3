"""From a typed calculation with numbers to its graph.

    read("c = a*b; relu(c - a)", "a = -4, b = 2")  # a graph of five nodes

The texts go through the parser of the project (`core/expression`); what is not on a list here does not exist.
"""

import ast
import operator
import re
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from core.backpropagation.graph import Graph, Tape
from core.cache import cached
from core.expression.checks import code
from core.expression.errors import ExpressionError, refuse
from core.expression.notation import written
from core.expression.parse import names_in, parse
from core.quote import quote
from core.typed_number import parse_number, write_number

FUNCTIONS: dict[str, Callable[..., Tensor]] = {
    name: getattr(torch, name) for name in ("sin", "cos", "tan", "exp", "log", "sqrt", "abs", "tanh", "relu", "sigmoid")
}
PAIRS: dict[str, Callable[..., Tensor]] = {"max": torch.maximum, "min": torch.minimum}
CONSTANTS = {"pi": torch.pi, "e": torch.e}
SIGNS = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.Pow: ("^", operator.pow),
}
NAME = re.compile(r"[A-Za-z]\d{0,2}")
MOST_NODES, LARGEST = 60, 1_000_000
ALLOWED = (
    "one calculation, such as `(x + y)*z`, of numbers, names of one letter, `+ - * / ^` and brackets, "
    f"{', '.join((*FUNCTIONS, *PAIRS))}; before it steps such as `c = a*b;`"
)


@cached
def read(text: str, values: str) -> Graph:
    """The graph of a calculation.

    Args:
        text: steps with ; between them, each but the last with a name: `c = a*b; c + c^2`. A name may be given again.
        values: of the variables, such as `a = -4, b = 2`; a variable that is not named there is 1.

    Raises:
        ExpressionError: one sentence with what is wrong and what is allowed.
    """
    steps = read_steps(text)
    given = read_values(values)
    tape, places = Tape(), {}
    for name in variables(steps):
        places[name] = tape.leaf(name, torch.tensor(given.get(name, 1.0), dtype=torch.float64))
    place = 0
    for name, tree in steps:
        put = _put(tape, tree, places)
        if isinstance(put, Tensor):
            raise refuse(f"{code(tree)} has no variable, so nothing has a gradient", "at least one, such as x")
        place = put
        if name:
            places[name], made = place, tape.recorded[place]
            tape.recorded[place] = replace(made, name=made.name or name)
    if not tape.recorded[place].parents:
        raise refuse(f"{quote(text)} calculates nothing", "at least one operation, such as `x*x`")
    if tape.unused():
        raise refuse(f"A step of {quote(text)} is not used", "steps of which the result is made")
    graph = tape.finish()
    _check(graph)
    return graph


def read_steps(text: str) -> list[tuple[str, ast.expr]]:
    """Name and tree of each step; the name of the last may be empty."""
    parts = [part for part in re.split(r"[;\n]", text) if part.strip()]
    if not parts:
        raise refuse("The box is empty", ALLOWED)
    found = []
    for part in parts:
        name, equals, right = part.rpartition("=")
        name = name.strip()
        if equals and not _is_name(name):
            raise refuse(f"{quote(name)} before the = is not a name", "one letter, such as c (e is a number here)")
        if not equals and part is not parts[-1]:
            raise refuse(f"The step {quote(part.strip())} has no name", "a name before all but the last: `c = a*b;`")
        found.append((name, _tree(right)))
    return found


def _tree(text: str) -> ast.expr:
    words = re.findall(r"[A-Za-z][0-9]{0,2}(?![A-Za-z0-9_])", text)
    words += [letter for word in re.findall(r"\b[A-Za-z]{2}\b", text) for letter in word]  # xy may be meant as x*y
    names = tuple({name for name in words if _is_name(name)})
    try:
        tree = parse(written(text.strip(), names, FUNCTIONS, CONSTANTS, PAIRS))
    except ExpressionError as error:
        raise refuse(str(error).partition("; allowed:")[0], ALLOWED) from None
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and (isinstance(node.value, bool) or not isinstance(node.value, int | float)):
            raise refuse(f"{code(node)} is not a number", ALLOWED)
        if isinstance(node, ast.Constant) and abs(node.value) > LARGEST:
            raise refuse(f"{code(node)} is too large", f"numbers up to {LARGEST:,}")
        if isinstance(node, ast.Call) and len(node.args) != (2 if node.func.id in PAIRS else 1):
            raise refuse(f"{code(node)} has another number of arguments", "one; for max and min two")
    return tree


def _is_name(text: str) -> bool:
    return bool(NAME.fullmatch(text)) and text not in CONSTANTS


def variables(steps: list[tuple[str, ast.expr]]) -> list[str]:
    """The names that no step before has made, in the order in which they stand."""
    made, found = set(), []
    for name, tree in steps:
        ours = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and _is_name(node.id)]
        ours.sort(key=lambda node: node.col_offset)
        found += [node.id for node in ours if node.id not in made]
        made.add(name)
    return list(dict.fromkeys(found))


def read_values(text: str) -> dict[str, float]:
    """Name -> number from `x = -2, y = 5`."""
    found, allowed = {}, "a number for each name, such as x = -2, y = 5"
    for part in filter(str.strip, re.split(r"[;\n]|,(?=\s*[A-Za-z])", text)):
        name, equals, number = part.partition("=")
        name = name.strip()
        if not equals or not _is_name(name):
            raise refuse(f"{quote(part.strip())} names no variable", allowed)
        try:
            found[name] = parse_number(number)
        except ValueError as error:
            raise refuse(str(error), allowed) from None
        if abs(found[name]) > LARGEST:
            raise refuse(f"{quote(part.strip())} is too large", f"numbers from -{LARGEST:,} to {LARGEST:,}")
    return found


def _put(tape: Tape, node: ast.expr, places: dict[str, int]) -> int | Tensor:
    """Puts what a tree calculates on the tape and returns its place; a number where no variable is in it."""
    if isinstance(node, ast.Constant):
        return torch.tensor(float(node.value), dtype=torch.float64)
    if isinstance(node, ast.Name):
        return places[node.id] if node.id in places else torch.tensor(CONSTANTS[node.id], dtype=torch.float64)
    if isinstance(node, ast.Call):
        name, arguments = node.func.id, node.args
        sign, call, template = name, FUNCTIONS.get(name) or PAIRS[name], f"{name}({{0}})"
        template = f"{name}({{0}}, {{1}})" if name in PAIRS else template
    elif isinstance(node, ast.UnaryOp):
        sign, call, template, arguments = "-", operator.neg, "-{0}", [node.operand]
        if isinstance(node.op, ast.UAdd):
            return _put(tape, node.operand, places)
    else:
        sign, call = SIGNS[type(node.op)]
        template, arguments = f"{{0}} {sign} {{1}}", [node.left, node.right]
    inputs = [_put(tape, argument, places) for argument in arguments]
    numbers = {slot: value for slot, value in enumerate(inputs) if isinstance(value, Tensor)}
    if len(numbers) == len(inputs):
        return call(*inputs)
    if len(tape.recorded) >= MOST_NODES:
        raise refuse("The calculation is too large for a graph", f"at most {MOST_NODES} variables and operations")
    if not numbers:
        return tape.apply(sign, call, template, *inputs)
    return _with_number(tape, sign, call, template, inputs)


def _with_number(tape: Tape, sign: str, call: Callable, template: str, inputs: list[int | Tensor]) -> int:
    """An operation of which one side is a number, which is a part of the operation: "* 2", "10 /"."""
    slot = next(slot for slot, value in enumerate(inputs) if isinstance(value, Tensor))
    number, place = inputs[slot], inputs[1 - slot]
    said = write_number(round(number.item(), 4)) if torch.isfinite(number) else str(number.item())
    fixed = (lambda value: call(number, value)) if slot == 0 else (lambda value: call(value, number))
    named = f"{said} {sign}" if slot == 0 and sign not in PAIRS else f"{sign} {said}"
    filled = template.replace(f"{{{slot}}}", f"({said})" if number < 0 else said).replace("{1}", "{0}")
    return tape.apply(named, fixed, filled, place)


def _check(graph: Graph) -> None:
    """Refuses a calculation in which something has no finite value or no finite gradient."""
    at = ", ".join(f"{graph.nodes[i].name} = {write_number(graph.nodes[i].value.item())}" for i in graph.leaves)
    for node in graph.nodes:
        if not node.value.isfinite():
            raise refuse(f"{quote(node.code)} has no finite value at {quote(at)}", "values for which it has one")
    for node in graph.nodes:
        if node.gradient is not None and not node.gradient.isfinite():
            what = f"The derivative by {quote(node.name)} is not finite at {quote(at)}"
            raise refuse(what, "values for which it is")


def python(text: str) -> list[str]:
    """The steps as lines of a program that has imported `torch`, the last one with `return`."""
    steps = read_steps(text)
    lines = [f"{name} = {_python(tree)}" for name, tree in steps[:-1]]
    return [*lines, f"return {_python(steps[-1][1])}"]


def _python(tree: ast.expr) -> str:
    return ast.unparse(_Written().visit(ast.parse(ast.unparse(tree), mode="eval")))


class _Written(ast.NodeTransformer):
    """Puts `torch.` before functions and constants; what a function gets is a tensor."""

    def visit_Call(self, node: ast.Call) -> ast.Call:
        name = {"max": "maximum", "min": "minimum"}.get(node.func.id, node.func.id)
        return ast.Call(ast.Name(f"torch.{name}"), [self._tensor(argument) for argument in node.args], [])

    def _tensor(self, node: ast.expr) -> ast.expr:
        if any(_is_name(name) for name in names_in(node)) or any(isinstance(n, ast.Call) for n in ast.walk(node)):
            return self.visit(node)
        dtype = ast.keyword("dtype", ast.Name("torch.float64"))
        return ast.Call(ast.Name("torch.tensor"), [self.visit(node)], [dtype])

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(f"torch.{node.id}" if node.id in CONSTANTS else node.id)
