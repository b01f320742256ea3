"""What can be wrong with a typed expression, in sentences."""

from core.quote import quote


class ExpressionError(ValueError):
    """The expression is not allowed or not possible; the text is one sentence with what is allowed."""


class TorchError(ExpressionError):
    """PyTorch itself refused an operation.

    Attributes:
        code: the part of the expression that failed.
        kind: the class of PyTorch's exception, such as `RuntimeError`.
        said: PyTorch's own text, unchanged.
        explanation: what it means, in plain words.
    """

    def __init__(self, code: str, kind: str, said: str, explanation: str) -> None:
        super().__init__(f"{quote(code)} is impossible. {explanation}")
        self.code, self.kind, self.said, self.explanation = code, kind, said, explanation


def refuse(what: str, allowed: str) -> ExpressionError:
    """The sentence for something that is not allowed."""
    return ExpressionError(f"{what}; allowed: {allowed}")


def some_of(names: list[str], most: int = 12) -> str:
    """A list of names for a message, shortened where it is long."""
    more = f" and {len(names) - most} more (listed under “What may be typed”)" if len(names) > most else ""
    return ", ".join(names[:most]) + more
