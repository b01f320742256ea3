"""From a typed calculation with tensors, in PyTorch's notation, to its graph.

    read_tensors("((X @ W + b - T) ** 2).mean()", "X = [[1, 2]]; W = [[1], [2]]; b = [0]; T = [[3]]")

Each operation is evaluated by the parser and evaluator of the project, by its lists and within its limits.
"""

import ast
import copy
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import torch
from torch import Generator, Tensor

from core.backpropagation.graph import Edge, Graph, Tape
from core.cache import cached
from core.expression.checks import code
from core.expression.errors import TorchError, refuse
from core.expression.evaluate import Evaluator
from core.expression.language import Language, Limits
from core.expression.parse import dotted, names_in, parse
from core.expression.torch_language import torch_language
from core.quote import quote

MOST_NODES, MOST_NUMBERS = 24, 24
LIMITS = Limits(elements=600, dims=4, work=200_000)
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,5}")
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^", ast.MatMult: "@"}


@cache
def language() -> Language:
    """PyTorch's syntax but for random numbers, which a program would draw anew."""
    every = torch_language(Generator(), LIMITS)
    return replace(every, functions={name: f for name, f in every.functions.items() if "torch.rand" not in name})


@cached
def read_tensors(text: str, tensors: str) -> Graph:
    """The graph of a calculation that ends in one number; every tensor is a leaf that asks for a gradient.

    Raises:
        ExpressionError: in one sentence; `TorchError` if PyTorch refuses an operation.
    """
    tree, named = parse(text), read_named(tensors)
    Evaluator(language(), named).check(tree)
    tape, used = Tape(), names_in(tree)
    places = {name: tape.leaf(name, value) for name, value in named.items() if name in used}
    if not places:
        allowed = "at least one of the tensors " + (", ".join(named) or "that are typed below")
        raise refuse(f"{quote(text)} names no tensor, so nothing has a gradient", allowed)
    result = _put(tape, tree, places)
    value = tape.recorded[result].value
    if not tape.recorded[result].parents:
        raise refuse(f"{quote(text)} calculates nothing", "at least one operation, such as X.sum()")
    if value.dim():
        what = f"{quote(text)} ends in the shape {tuple(value.shape)}, and backward() starts from one number"
        raise refuse(what, "one number at the end: .sum() or .mean()")
    if not value.requires_grad:
        raise refuse(f"{quote(text)} has no gradient", "operations on decimal numbers that have one")
    try:
        graph = tape.finish()
    except RuntimeError as error:  # torch has no derivative of an operation, or not for this dtype
        raise refuse(f"{quote(text)} has no gradient ({quote(str(error))})", "operations that have one") from None
    for node in graph.nodes:
        if not node.parents and node.gradient is None:
            raise refuse(f"No gradient comes to {quote(node.name)}", "operations on decimal numbers that have one")
    if not all(n.value.isfinite().all() and (n.gradient is None or n.gradient.isfinite().all()) for n in graph.nodes):
        raise refuse("A value or a gradient is not finite", "tensors for which all are")
    return graph


def read_named(text: str) -> dict[str, Tensor]:
    """Name -> tensor (float64) from `X = [[1, 2]]; b = [0.5]`."""
    found, allowed = {}, "tensors as X = [[1, 2], [3, 4]]; b = [0.5, 1]"
    for part in filter(str.strip, text.split(";")):
        name, equals, right = part.partition("=")
        name = name.strip()
        if not equals or not NAME.fullmatch(name) or name == "torch":
            raise refuse(f"{quote(part.strip())} names no tensor", allowed)
        value = Evaluator(language(), {}).value(parse(right))
        try:
            tensor = torch.as_tensor(value, dtype=torch.float64)
        except (TypeError, ValueError, RuntimeError):
            raise refuse(f"{quote(right.strip())} is not a tensor", allowed) from None
        if not 0 < tensor.numel() <= MOST_NUMBERS or not tensor.isfinite().all():
            raise refuse(f"{quote(name)} has {tensor.numel()} numbers", f"from 1 to {MOST_NUMBERS} finite numbers")
        found[name] = tensor
    return found


def _put(tape: Tape, node: ast.expr, places: dict[str, int]) -> int:
    """Puts what a tree calculates on the tape and returns its place."""
    if isinstance(node, ast.Name) and node.id in places:
        return places[node.id]
    inner, operands = _apart(node, places)
    inputs = [_put(tape, operand, places) for operand in operands]
    if len(tape.recorded) >= MOST_NODES:
        raise refuse("The calculation is too large for a graph", f"at most {MOST_NODES} tensors and operations")
    template = ast.unparse(inner).replace("{", "{{").replace("}", "}}")
    for slot in range(len(inputs)):
        template = template.replace(f"_in{slot}", f"{{{slot}}}")
    try:
        return tape.apply(_sign(node), _call(inner), template, *inputs)
    except TorchError as error:
        raise TorchError(ast.unparse(node), error.kind, error.said, error.explanation) from None
    except TypeError:
        raise refuse(f"{code(node)} does not make a tensor", "operations that make one tensor") from None


def _apart(node: ast.expr, places: dict[str, int]) -> tuple[ast.expr, list[ast.expr]]:
    """The operation with `_in0`, `_in1` in the place of each operand that holds a tensor of the reader's; these."""
    inner, operands = copy.deepcopy(node), []

    def taken(part: ast.expr) -> ast.expr:
        if not names_in(part) & places.keys():
            return part
        operands.append(part)
        return ast.Name(f"_in{len(operands) - 1}")

    if isinstance(inner, ast.BinOp):
        inner.left, inner.right = taken(inner.left), taken(inner.right)
    elif isinstance(inner, ast.UnaryOp):
        inner.operand = taken(inner.operand)
    elif isinstance(inner, ast.Attribute | ast.Subscript):
        inner.value = taken(inner.value)
    elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
        if not dotted(inner.func).startswith("torch."):
            inner.func.value = taken(inner.func.value)
        inner.args = [taken(part) for part in inner.args]
    if not operands or names_in(inner) & places.keys() or any(isinstance(part, ast.List) for part in operands):
        raise refuse(f"{code(node)} cannot be drawn", "operations on tensors, + - * / ** @ and methods such as .sum()")
    return inner, operands


def _call(inner: ast.expr) -> Callable[..., Tensor]:
    """The operation from its operands; a number that it makes, such as a shape, is no tensor: TypeError."""

    def call(*inputs: Tensor) -> Tensor:
        named = {f"_in{slot}": value for slot, value in enumerate(inputs)}
        value = Evaluator(language(), named).value(inner)
        if not isinstance(value, Tensor):
            raise TypeError
        return value

    return call


def _sign(node: ast.expr) -> str:
    """What stands in the node."""
    if isinstance(node, ast.BinOp):
        number = isinstance(node.right, ast.Constant) and isinstance(node.right.value, int | float)
        return SIGNS.get(type(node.op), "?") + (f" {node.right.value}" if number else "")
    if isinstance(node, ast.Call):
        return dotted(node.func).rpartition(".")[2] or node.func.attr
    return "-" if isinstance(node, ast.UnaryOp) else node.attr if isinstance(node, ast.Attribute) else "[ ]"


@dataclass(frozen=True, eq=False)
class Rule:
    """How a message to a matrix can be had by hand: a product, or a sum over the rows.

    Attributes:
        text: the rule with the names of the graph. parts: the matrices that it multiplies or adds up.
        value: what it gives.
    """

    text: str
    parts: tuple[Tensor, ...]
    value: Tensor


def rule(graph: Graph, edge: Edge) -> Rule | None:
    """dA = G Bᵀ or dB = Aᵀ G for a product A @ B, the sum of G for what was broadcast; None for another edge."""
    child, parent = graph.nodes[edge.child], graph.nodes[edge.parent]
    G, name = child.gradient, parent.name
    if child.sign == "Linear":
        return _rule_of_linear(graph, edge)
    if child.sign == "@" and all(graph.nodes[p].value.dim() == 2 for p in child.parents):
        A, B = (graph.nodes[p] for p in child.parents)
        if edge.slot == 0:
            return Rule(f"d{name} = d{child.name} {B.name}ᵀ", (G, B.value.T), G @ B.value.T)
        return Rule(f"d{name} = {A.name}ᵀ d{child.name}", (A.value.T, G), A.value.T @ G)
    if child.sign in ("+", "-") and parent.value.shape != G.shape and len(child.parents) == 2:
        sign = -1 if child.sign == "-" and edge.slot == 1 else 1
        text = f"d{name} = {'−' if sign < 0 else ''}the sum of d{child.name} over what {name} was stretched to"
        return Rule(text, (G,), sign * G.sum_to_size(parent.value.shape))
    return None


def _rule_of_linear(graph: Graph, edge: Edge) -> Rule:
    """For z = W h + b with one sample: dh = Wᵀ dz, dW = dz hᵀ, db = dz."""
    child = graph.nodes[edge.child]
    h, W, b = (graph.nodes[p] for p in child.parents)
    G, dz = child.gradient[:, None], f"d{child.name}"  # vectors stand upright
    if edge.slot == 0:
        return Rule(f"d{h.name} = {W.name}ᵀ {dz}", (W.value.T, G), (W.value.T @ G)[:, 0])
    if edge.slot == 1:
        return Rule(f"d{W.name} = {dz} {h.name}ᵀ", (G, h.value[None]), G @ h.value[None])
    return Rule(f"d{b.name} = {dz}", (child.gradient,), child.gradient)
