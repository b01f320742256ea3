"""From a typed text to a syntax tree in which only harmless kinds of nodes are left.

The text is bounded before it is parsed: its length, its characters, the nesting of its brackets. The tree is bounded
before anybody walks it by recursion: its nodes, its depth, the size of its numbers. Nothing is evaluated here.
"""

import ast
from collections.abc import Iterator

from core.expression.errors import ExpressionError, refuse
from core.quote import literal, quote

MAX_LENGTH = 400  # characters
MAX_NODES = 600  # a nested list of a hundred numbers has about 200
MAX_DEPTH = 60  # of the tree; a sum of n terms is a tree n deep
MAX_BRACKETS = 20
MAX_TEXT = 60  # characters of a string, such as einsum's equation
MAX_INTEGER = 2**63 - 1

OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)
OPERATORS += (ast.BitAnd, ast.BitOr, ast.BitXor, ast.USub, ast.UAdd, ast.Invert)
OPERATORS += (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
NODES = (ast.Constant, ast.List, ast.Tuple, ast.Name, ast.Attribute, ast.Call, ast.keyword, ast.Subscript, ast.Slice)
NODES += (ast.BinOp, ast.UnaryOp, ast.Compare, ast.Load)
ALLOWED = "numbers, lists, names, calls, indexing, + - * / // % ** @ & | ^ ~ and comparisons"
WORDS = {  # what a learner calls the nodes that are most likely to be tried
    ast.BoolOp: "`and` and `or` do not work element by element (write & and | with brackets around each side)",
    ast.Not: "`not` does not work element by element (write ~)",
    ast.Lambda: "a lambda is not allowed",
    ast.ListComp: "a comprehension is not allowed",
    ast.GeneratorExp: "a comprehension is not allowed",
    ast.IfExp: "`if` is not allowed (write torch.where)",
    ast.Starred: "a star before an argument is not allowed",
    ast.NamedExpr: "an assignment is not allowed",
    ast.JoinedStr: "an f-string is not allowed",
    ast.In: "`in` is not allowed",
    ast.Is: "`is` is not allowed (write ==)",
}


def parse(text: str) -> ast.expr:
    """The syntax tree of one expression, checked.

    Raises:
        ExpressionError: one sentence with what was wrong and what is allowed.
    """
    text = text.strip()
    _check_text(text)
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _not_python(text, error) from None
    _check_tree(tree)
    return tree


def dotted(node: ast.expr) -> str:
    """`torch.linalg.inv` for a chain of names and dots; nothing for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        start = dotted(node.value)
        return f"{start}.{node.attr}" if start else ""
    return ""


def names_in(tree: ast.expr) -> set[str]:
    """Every plain name in the tree."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _check_text(text: str) -> None:
    if not text:
        raise refuse("The box is empty", "one expression, such as torch.arange(6)")
    if len(text) > MAX_LENGTH:
        raise refuse(f"The text has {len(text):,} characters", f"at most {MAX_LENGTH}")
    for place, letter in enumerate(text, start=1):
        if not (letter.isascii() and letter.isprintable()) or letter in "\\`":
            raise refuse(f"{quote(letter)} (character {place}) is not a sign of this language", ALLOWED)
    depth = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if depth > MAX_BRACKETS:
            raise refuse("The brackets are nested too deep", f"{MAX_BRACKETS} inside each other")


def _not_python(text: str, error: Exception) -> ExpressionError:
    try:
        assigned = isinstance(ast.parse(text).body[0], ast.Assign | ast.AnnAssign | ast.AugAssign)
    except (SyntaxError, ValueError, RecursionError, MemoryError, IndexError):
        assigned = False
    if assigned:
        return refuse("This is an assignment", "one expression, that is only what stands right of the =")
    where = f" (character {error.offset})" if isinstance(error, SyntaxError) and error.offset else ""
    reason = error.msg if isinstance(error, SyntaxError) else "it is nested too deep"
    return refuse(f"{quote(text)} is not Python{where}: {literal(reason)}", "one expression, such as x[:, 1:3]")


def _children(tree: ast.expr) -> Iterator[tuple[ast.AST, int]]:
    """Every node with its depth, without recursion."""
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting += [(child, depth + 1) for child in ast.iter_child_nodes(node)]


def _check_tree(tree: ast.expr) -> None:
    for count, (node, depth) in enumerate(_children(tree), start=1):
        if count > MAX_NODES:
            raise refuse("The expression has too many parts", f"{MAX_NODES}")
        if depth > MAX_DEPTH:
            raise refuse("The expression is nested too deep", f"{MAX_DEPTH} levels")
        if type(node) in WORDS:
            raise refuse(WORDS[type(node)], ALLOWED)
        if not isinstance(node, NODES + OPERATORS):
            raise refuse(f"{type(node).__name__} is not part of this language", ALLOWED)
        if isinstance(node, ast.Compare) and len(node.ops) > 1:
            raise refuse("A chain of comparisons does not work element by element", "(1 < x) & (x < 3)")
        if isinstance(node, ast.keyword) and node.arg is None:
            raise refuse("Two stars before an argument are not allowed", ALLOWED)
        if isinstance(node, ast.Call):
            _check_keywords([keyword.arg for keyword in node.keywords])
        if isinstance(node, ast.Constant):
            _check_constant(node.value)


def _check_keywords(names: list[str | None]) -> None:
    """Refuses a keyword that is given twice; the parser lets it pass, Python itself does not."""
    twice = [name for place, name in enumerate(names) if name in names[:place]]
    if twice and twice[0] is not None:
        raise refuse(f"The keyword {quote(twice[0])} is given twice", "each keyword once")


def _check_constant(value: object) -> None:
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise refuse(f"The number {quote(value)} does not fit into 64 bits", f"whole numbers up to {MAX_INTEGER:,}")
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise refuse("A text in quotes is too long", f"at most {MAX_TEXT} characters")
    if not isinstance(value, bool | int | float | str | type(None) | type(...)):
        raise refuse(f"{quote(value)} is not a number of this language", "whole numbers and decimal numbers")
