"""Numbers and counts as a sentence says them."""

import math


def say(value: float, digits: int = 4) -> str:
    """A number for a sentence, with a real minus sign."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:.{digits}g}".replace("-", "−")


def bracketed(value: float, digits: int = 4) -> str:
    """The same, in brackets where it is negative."""
    return f"({say(value, digits)})" if value < 0 else say(value, digits)


def counted(n: int, one: str = "step") -> str:
    """1 step, 2 steps."""
    return f"{n:,} {one if n == 1 else one + 's'}"


def listed(names: list[str]) -> str:
    """A, B and C."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
