"""A function of the page, written into the line of an example that holds the example's own."""

from core.expression.typed_function import TypedFunction
from core.program import with_line


def python_of(function: TypedFunction) -> str:
    """The function as a program computes it; a constant becomes a tensor with the slope 0, as on the page."""
    if not function.constant:
        return function.python
    return f"{function.python} + 0 * ({' + '.join(function.variables)})"


def with_function(program: str, old: str, python: str) -> str:
    """The program with another line for the line `old`, and `math` imported where that one needs it."""
    text = with_line(program, old, f"return {python}")
    if "math." in python and "import math\n" not in text:
        text = text.replace("import torch\n", "import math\n\nimport torch\n", 1)
    return text
