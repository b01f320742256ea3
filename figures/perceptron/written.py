"""Numbers as prose, captions and tables write them."""

from figures.words import typeset


def written(value: float, form: str = ".6g") -> str:
    """The number with a minus sign (not a hyphen), and with 0 instead of −0.

    Args:
        form: a format of Python for floats, or "g".
    """
    text = f"{value:{form}}"
    return text.lstrip("-") if not float(text.replace(",", "")) else typeset(text)


def plural(count: int, noun: str) -> str:
    """The number with its noun, "1 update" or "2 updates"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
