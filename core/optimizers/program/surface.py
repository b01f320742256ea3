"""The surface on screen, written into the program of any view."""

from core.expression.function_program import python_of, with_function
from core.expression.typed_function import TypedFunction

# As in the examples.
SURFACE_LINE = "return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2"


def with_surface(program: str, function: TypedFunction) -> str:
    """The program of any view with the surface on screen."""
    return with_function(program, SURFACE_LINE, python_of(function))
