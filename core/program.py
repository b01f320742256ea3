"""A view's program: an example with the settings on screen written in, and the lines that it prints."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = Path(__file__).parent.parent / "examples"


@dataclass(frozen=True)
class Program:
    """A complete script.

    Attributes:
        name: of its file, without `.py`.
        prints: the lines that it prints when it is run by itself, as the page has computed them; empty where the page
            has not computed them.
    """

    name: str
    text: str
    prints: Sequence[str] = ()


def source(name: str) -> str:
    """The text of an example as it is in the folder."""
    return (EXAMPLES / f"{name}.py").read_text()


def with_constants(program: str, constants: dict[str, object]) -> str:
    """Replaces the values of `NAME = value` lines, each of which must stand in the program exactly once.

    >>> with_constants("LR = 0.1  # step\\n", {"LR": 0.5})
    'LR = 0.5  # step\\n'
    """
    for name, value in constants.items():
        pattern = rf"^{name} = .*?(?=  #|$)"
        program, found = re.subn(pattern, lambda _, v=value, n=name: f"{n} = {v!r}", program, flags=re.MULTILINE)
        if found != 1:
            raise ValueError(f"{name} stands {found} times in the program; it must stand there once")
    return program


def with_lines(program: str, lines: dict[str, str]) -> str:
    """Replaces several lines, old -> new, each as `with_line` does."""
    for old, new in lines.items():
        program = with_line(program, old, new)
    return program


def with_line(program: str, old: str, new: str) -> str:
    """Replaces one line, found by its code without indentation and comment; the indentation stays.

    An empty `new` leaves the line out.
    """
    pattern = rf"^([ ]*){re.escape(old)}(  #.*)?\n"
    replacement = (lambda m: f"{m[1]}{new}\n") if new else ""
    program, found = re.subn(pattern, replacement, program, flags=re.MULTILINE)
    if found != 1:
        raise ValueError(f"{old!r} stands {found} times in the program; it must stand there once")
    return program
