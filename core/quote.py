"""Text from outside: a link, a file, a typed expression, another library's error that repeats one.

Streamlit takes what it shows for Markdown, almost everywhere, and finds links, pictures, formulas, colours and icons
in it. Only a code span keeps all of them out; a backslash does not. So a sentence never holds such a text as it is.
"""

import re

LONGEST_QUOTE = 40  # characters of a bad value that a message repeats


def literal(text: str) -> str:
    """The text as a code span of Markdown, which is shown letter by letter.

    >>> literal("x + 1"), literal("a `b`")
    ('`x + 1`', '`` a `b` ``')

    Source: https://spec.commonmark.org/0.31.2/#code-spans
    """
    line = printable(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    blank = " " if line != line.strip("` ") or not line else ""  # Markdown takes one away at each end
    return fence + blank + line + blank + fence


def printable(text: str) -> str:
    """The text on one line, with ? for what has no sign, such as marks that turn the direction of writing."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "?" for c in text)


def quote(value: object) -> str:
    """A bad value as a message repeats it: literal, and by its beginning where it is long."""
    try:
        text = str(value)
    except ValueError:  # a whole number of thousands of digits
        text = "a number of very many digits"
    if not text:
        return "nothing"
    return literal(text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…")
