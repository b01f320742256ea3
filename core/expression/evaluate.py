"""Evaluates a checked syntax tree by explicit tables of names, functions, methods and attributes.

    language = Language(functions={"sin": Function(torch.sin)})
    evaluate("sin(x) + y ** 2", language, {"x": x, "y": y})

A name that is not in a table does not exist. What an operation will cost is known before it runs
(`core/expression/bounds.py`).
"""

import ast
import operator
from collections.abc import Callable, Mapping

from torch import Tensor

from core.expression.bounds import Bounds
from core.expression.checks import check_index, check_power, check_result, code, unknown
from core.expression.errors import ExpressionError, TorchError, refuse
from core.expression.explain import explain
from core.expression.language import Language
from core.expression.parse import dotted, parse
from core.quote import quote

BINARY = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.MatMult: operator.matmul,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
COMPARE = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
UNARY = {ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Invert: operator.invert}
Number = bool | int | float
PARTS = ("values", "indices")  # of the pairs that max, min, sort and topk return
LONGEST_REFUSAL = 600  # characters of PyTorch's own text


def evaluate(expression: str | ast.expr, language: Language, names: Mapping[str, object]) -> object:
    """The value of an expression.

    Args:
        names: the reader's own names, such as `x`, with their tensors or numbers.

    Raises:
        ExpressionError: in one sentence; `TorchError` if PyTorch itself refuses an operation.
    """
    tree = parse(expression) if isinstance(expression, str) else expression
    evaluator = Evaluator(language, names)
    evaluator.check(tree)
    return evaluator.value(tree)


class Evaluator:
    """One evaluation: all of its operations together stay within the limits."""

    def __init__(self, language: Language, names: Mapping[str, object]) -> None:
        self.language, self.names, self.bounds = language, names, Bounds(language.limits)

    def check(self, node: ast.AST) -> None:
        """Refuses a tree in which any name is not on a list, also where the evaluation would end before it."""
        language = self.language
        if isinstance(node, ast.keyword) and node.arg not in language.keywords:
            raise unknown(f"The keyword {quote(node.arg)}", node.arg, sorted(language.keywords))
        whole = dotted(node) if isinstance(node, ast.Name | ast.Attribute) else ""
        if whole and whole.partition(".")[0] not in self.names:
            if whole in language.functions or whole in language.constants:
                return
            if isinstance(node, ast.Name) or dotted(node.value) not in language.constants:
                known = [*self.names, *language.functions, *language.constants]
                raise unknown(f"The name {quote(whole)}", whole, known)
        if isinstance(node, ast.Attribute):
            known = [*language.methods, *language.attributes]
            if node.attr not in known and node.attr not in PARTS:
                raise unknown(quote(f".{node.attr}"), node.attr, known)
        for child in ast.iter_child_nodes(node):
            self.check(child)

    def value(self, node: ast.expr) -> object:
        """The value of a node; every tensor on the way is within the limits."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.List):
            return [self.value(item) for item in node.elts]
        if isinstance(node, ast.Tuple):
            return tuple(self.value(item) for item in node.elts)
        if isinstance(node, ast.Name):
            return self._named(node, node.id)
        if isinstance(node, ast.Attribute):
            return self._attribute(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Subscript):
            return self.item(node, self.value(node.value), self.index(node.slice))
        if isinstance(node, ast.BinOp):
            return self._binary(node, BINARY[type(node.op)], self.value(node.left), self.value(node.right))
        if isinstance(node, ast.Compare):
            left, right = self.value(node.left), self.value(node.comparators[0])
            return self._binary(node, COMPARE[type(node.ops[0])], left, right)
        if isinstance(node, ast.UnaryOp):
            return self._unary(node, self.value(node.operand))
        raise refuse(f"{code(node)} cannot stand here", "a value")

    def index(self, node: ast.expr) -> object:
        """What stands between square brackets."""
        if isinstance(node, ast.Tuple):
            return tuple(self.index(item) for item in node.elts)
        if isinstance(node, ast.Slice):
            ends = [None if part is None else self.value(part) for part in (node.lower, node.upper, node.step)]
            if any(not isinstance(end, int | None) for end in ends):
                raise refuse(f"{code(node)} is not a slice", "whole numbers as start, stop and step")
            return slice(*ends)
        return self.value(node)

    def item(self, node: ast.expr, value: object, index: object) -> object:
        """value[index]."""
        if isinstance(value, tuple):
            if not isinstance(index, int | slice):
                raise refuse(f"{code(node)} picks from a tuple", "a whole number or a slice")
            return self.run(node, lambda: value[index])
        if not isinstance(value, Tensor):
            raise refuse(f"{code(node)} picks from something that is not a tensor", "tensors and tuples")
        check_index(node, index)
        return self.run(node, lambda: value[index])

    def run(self, node: ast.expr, operation: Callable[[], object]) -> object:
        """Does one operation, if it is within the limits; what PyTorch objects to is told in its own words."""
        self.bounds.what = node
        try:
            with self.bounds:
                result = operation()
        except ExpressionError:
            raise
        except Exception as error:  # PyTorch raises nearly every kind there is
            said = str(error).split("\nException raised")[0].strip()[:LONGEST_REFUSAL]
            raise TorchError(ast.unparse(node), type(error).__name__, said, explain(said)) from None
        check_result(node, result, self.language.limits)
        return result

    def _named(self, node: ast.expr, name: str) -> object:
        if name in self.names:
            return self.names[name]
        if name in self.language.constants:
            return self.language.constants[name]
        if name in self.language.functions:
            raise refuse(f"`{name}` is a function", f"a call, such as {name}(...)")
        known = [*self.names, *self.language.functions, *self.language.constants]
        raise unknown(f"The name {quote(name)}", name, known)

    def _attribute(self, node: ast.Attribute) -> object:
        whole = dotted(node)
        if whole.partition(".")[0] not in self.names and whole:
            return self._named(node, whole)
        value = self.value(node.value)
        if type(value).__module__ == "torch.return_types" and node.attr in PARTS:
            return value[PARTS.index(node.attr)]
        if node.attr in self.language.methods:
            raise refuse(f"`.{node.attr}` is a method", f"a call, such as .{node.attr}(...)")
        if node.attr not in self.language.attributes:
            known = [*self.language.attributes, *self.language.methods]
            raise unknown(quote(f".{node.attr}"), node.attr, known)
        self._must_be_tensor(node, value)
        return self.run(node, lambda: self.language.attributes[node.attr](value))

    def _call(self, node: ast.Call) -> object:
        whole = dotted(node.func)
        if whole and whole.partition(".")[0] not in self.names:
            function, arguments = self.language.functions.get(whole), []
            if function is None and not self._starts_with_constant(node.func):
                raise unknown(f"The function {quote(whole)}", whole, list(self.language.functions))
        else:
            function, arguments = None, []
        if function is None:
            if not isinstance(node.func, ast.Attribute):
                raise refuse(f"{code(node.func)} cannot be called", "the functions and methods of the list")
            if node.func.attr not in self.language.methods:
                known = [*self.language.methods, *self.language.attributes]
                raise unknown(f"The method {quote('.' + node.func.attr)}", node.func.attr, known)
            function, arguments = self.language.methods[node.func.attr], [self.value(node.func.value)]
            self._must_be_tensor(node, arguments[0])
        arguments += [self.value(item) for item in node.args]
        keywords = {item.arg: self.value(item.value) for item in node.keywords}
        for name in keywords:
            if name not in self.language.keywords:
                raise unknown(f"The keyword {quote(name)}", name, sorted(self.language.keywords))
        if not function.takes_text and any(isinstance(a, str) for a in (*arguments, *keywords.values())):
            raise refuse(f"{code(node)} has text in quotes as an argument", "text only in torch.einsum")
        return self.run(node, lambda: function.call(*arguments, **keywords))

    def _starts_with_constant(self, func: ast.expr) -> bool:
        return isinstance(func, ast.Attribute) and dotted(func.value) in self.language.constants

    def _must_be_tensor(self, node: ast.expr, value: object) -> None:
        if not isinstance(value, Tensor):
            raise refuse(f"{code(node)} asks something of what is not a tensor", "methods of tensors")

    def _binary(self, node: ast.expr, operation: Callable, left: object, right: object) -> object:
        for side in (left, right):
            if not isinstance(side, Tensor | Number):
                raise refuse(
                    f"{code(node)} calculates with what is neither number nor tensor",
                    "numbers and tensors (write torch.tensor([...]) for a list)",
                )
        if operation is operator.pow:
            check_power(node, left, right)
        return self.run(node, lambda: operation(left, right))

    def _unary(self, node: ast.UnaryOp, operand: object) -> object:
        if not isinstance(operand, Tensor | Number):
            raise refuse(f"{code(node)} calculates with what is neither number nor tensor", "numbers and tensors")
        return self.run(node, lambda: UNARY[type(node.op)](operand))
