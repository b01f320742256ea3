"""From a function as one writes it on paper to the notation of Python: 2x, x², |x|, ln(x), 0,5·x, (x − 1)(x + 2).

    written("2x² − |x|", ("x",), FUNCTIONS, CONSTANTS)  # 2*x**2-abs(x)

The text is read sign by sign and never evaluated. What can be read in two ways is refused, and so is all that Python
would not understand: in sentences about what was typed, not about what it has become.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from core.expression.errors import ExpressionError
from core.expression.parse import MAX_LENGTH
from core.quote import quote

SIGNS = str.maketrans({sign: to for to, signs in {"-": "−–", "*": "·×⋅∗∙", "/": "÷"}.items() for sign in signs})
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
OTHER_NAMES = {"π": "pi", "ln": "log"}
DIGITS = r"\d+(?:_\d+)*"
TOKEN = re.compile(
    rf"(?P<blank>\s+)|(?P<number>0[xob][\da-f_]*[\da-f]|(?:{DIGITS}(?:\.(?:{DIGITS})?|,\d+)?|\.{DIGITS})(?:e[+-]?{DIGITS})?)"
    r"|(?P<name>π|[a-z_]\w*)|(?P<raised>[⁺⁻]?[⁰¹²³⁴-⁹]+)|(?P<power>\*\*|\^)|(?P<sign>[-+*/])"
    r"|(?P<open>[({])|(?P<close>[)}])|(?P<bar>\|)|(?P<comma>,)",
    re.ASCII | re.IGNORECASE,
)
THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")
CASES = re.compile(r"[<>]|==|\b(if|else|max|min|relu|where)\b", re.ASCII | re.IGNORECASE)
LOST_PLUS = "write `+` or `*`; a `+` in a link becomes a blank, there it is written `%2B`"
PARTNER = {"(": ")", "{": "}", "|": "|"}


@dataclass
class _Level:
    """What stands open, whether of a function of two arguments, and of its last operand: whether it is divided by, and
    is an exponent without brackets."""

    bracket: str = ""
    pair: bool = False
    divisor: bool = False
    exponent: bool = False


def written(
    text: str,
    variables: tuple[str, ...],
    functions: Collection[str],
    constants: Collection[str],
    pairs: Collection[str] = (),
) -> str:
    """The text in the notation of Python; what is in that notation already keeps its meaning.

    Args:
        pairs: further functions, of two arguments with a comma between them.

    Raises:
        ExpressionError: one sentence with what was wrong; what is allowed is left to the caller.
    """
    if not text:
        raise ExpressionError("The box is empty")
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"The text has {len(text):,} characters, more than {MAX_LENGTH}")
    cases = [found[0] for found in CASES.finditer(text)]
    if any(name not in (*functions, *pairs) for name in cases):
        raise ExpressionError("Cases cannot be typed, but `(x + abs(x))/2` is x where x > 0, and else 0")
    if "=" in text:
        raise ExpressionError("The sign = does not belong here (type only what stands right of it)")
    return _Reader(text, {*variables, *constants}, {*functions, *pairs}, {*pairs}).read()


class _Reader:
    """Reads a text once from left to right.

    Args:
        operands: the names of variables and constants. pairs: those of the functions that have two arguments.
    """

    def __init__(self, text: str, operands: set[str], functions: set[str], pairs: set[str]) -> None:
        self.text, self.operands, self.functions, self.pairs = text, operands, functions, pairs
        self.levels, self.out = [_Level()], []
        self.last = "start"  # the kind of the token before: start, operand, raised, function or operator
        self.token, self.blank, self.in_exponent = "", False, False

    def read(self) -> str:
        """The text in Python's notation."""
        self.end, signs = 0, self.text.translate(SIGNS)
        while self.end < len(signs):
            found = TOKEN.match(signs, self.end)
            if not found:
                raise self._unknown_sign()
            before, self.begin, self.end = self.token, self.end, found.end()
            self.token = self.text[self.begin : self.end]
            if found.lastgroup == "blank":
                self.blank, self.token = True, before
                continue
            self.before = before
            if self.last == "function" and found.lastgroup != "open":
                raise self._no_argument(found.lastgroup)
            getattr(self, f"_{found.lastgroup}")(found[0])
            self.blank = False
        if self.last not in ("operand", "raised"):
            raise ExpressionError(f"Something is missing at the end of {self._piece()}")
        if len(self.levels) > 1:
            raise ExpressionError(f"The {quote(self.levels[-1].bracket)} is opened, but not closed")
        return "".join(self.out)

    def _number(self, sign: str) -> None:
        if self.last in ("operand", "raised"):
            raise self._missing_sign(LOST_PLUS if self.blank else f"write {quote(f'*{sign}')} or {quote(f'^{sign}')}")
        if "," in sign and any(level.pair for level in self.levels):
            apart = quote(sign.replace(",", ", "))
            raise ExpressionError(f"{quote(sign)} can be read in two ways (write {apart}, or the number with a point)")
        if THOUSANDS.fullmatch(sign):
            one, other = sign.replace(",", ""), sign.replace(",", ".")
            raise ExpressionError(f"{quote(sign)} can be read in two ways (write {quote(one)} or {quote(other)})")
        self._operand(re.sub(r"^0+(?=\d)", "", sign.replace(",", ".")))

    def _name(self, sign: str) -> None:
        name = OTHER_NAMES.get(sign, sign)
        if name in self.functions:
            self._product()
            self.out.append(name)
            self.last = "function"
        elif name in self.operands:
            self._product()
            self._operand(name)
        else:
            raise self._unknown_name()

    def _raised(self, sign: str) -> None:
        self._must_follow_operand()
        power = sign.translate(RAISED)
        self.out.append(f"**({power})" if power[0] in "+-" else f"**{power}")
        self.last, self.levels[-1].exponent = "raised", False

    def _power(self, sign: str) -> None:
        self._must_follow_operand()
        self.out.append("**")
        self.last, self.in_exponent = "operator", True

    def _sign(self, sign: str) -> None:
        if self.last in ("operand", "raised"):
            self.levels[-1].divisor = sign == "/"
            self.in_exponent = False
        elif sign in "*/":
            self._must_follow_operand()
        self.out.append(sign)
        self.last = "operator"

    def _open(self, sign: str) -> None:
        pair = self.last == "function" and self.before in self.pairs
        if self.last != "function":
            self._product()
        self.out.append("(" if sign != "|" else "abs(")
        self.levels.append(_Level(sign, pair))
        self.last, self.in_exponent = "operator", False

    def _close(self, sign: str) -> None:
        self._must_follow_operand()
        opened = self.levels.pop().bracket
        if not opened:
            raise ExpressionError(f"The {quote(sign)} (character {self.end}) closes nothing")
        if PARTNER[opened] != sign:
            raise ExpressionError(f"The {quote(opened)} is closed by {quote(sign)} (character {self.end})")
        self._operand(")")
        self.levels[-1].exponent = False

    def _bar(self, sign: str) -> None:
        closes = self.last in ("operand", "raised") and self.levels[-1].bracket == "|"
        (self._close if closes else self._open)(sign)

    def _comma(self, sign: str) -> None:
        if not self.levels[-1].pair:
            raise ExpressionError("A comma can only stand inside of a number, and a function has one argument")
        self._must_follow_operand()
        self.out.append(", ")
        self.last, self.in_exponent = "operator", False
        self.levels[-1].divisor = self.levels[-1].exponent = False

    def _operand(self, text: str) -> None:
        self.out.append(text)
        self.levels[-1].exponent, self.in_exponent, self.last = self.in_exponent, False, "operand"

    def _product(self) -> None:
        """Puts the * that mathematicians leave out, where it is clear what belongs to it."""
        if self.last not in ("operand", "raised"):
            return
        level = self.levels[-1]
        if self.blank:
            raise self._missing_sign(LOST_PLUS)
        if level.divisor or level.exponent:
            raise ExpressionError(f"{self._piece()} can be read in two ways (write the `*` and brackets)")
        self.out.append("*")

    def _must_follow_operand(self) -> None:
        if self.last == "raised" and (self.token in ("^", "**") or self.token.translate(RAISED) != self.token):
            raise ExpressionError(f"{self._piece()} has a power of a power (write brackets)")
        if self.last not in ("operand", "raised"):
            where = f"after {quote(self.before)}" if self.before else "at the beginning"
            raise ExpressionError(f"{quote(self.token)} (character {self.end}) cannot stand {where}")

    def _piece(self) -> str:
        """The end of what has been read, as it was typed."""
        return quote(self.text[max(0, self.end - 20) : self.end].strip())

    def _missing_sign(self, advice: str) -> ExpressionError:
        return ExpressionError(f"A sign is missing in {self._piece()} (character {self.begin + 1}: {advice})")

    def _no_argument(self, kind: str) -> ExpressionError:
        advice = f"{self.before}(x)^2" if kind in ("power", "raised") else f"{self.before}(x)"
        return ExpressionError(f"{quote(self.before)} is a function (write {quote(advice)})")

    def _unknown_sign(self) -> ExpressionError:
        sign = self.text[self.end]
        return ExpressionError(f"{quote(sign)} (character {self.end + 1}) is not a sign of this language")

    def _unknown_name(self) -> ExpressionError:
        """The sentence for a name that is not in the language, with advice where it is two of them in one."""
        known = [*self.functions, *self.operands, r"\d+"]
        parts = re.findall("|".join(sorted(known, key=len, reverse=True)), self.token.lower())
        advice = ""
        if "".join(parts) == self.token.lower():
            shown = "".join(p + ("(" if p in self.functions else "*") for p in parts).rstrip("*(")
            advice = f" (write {quote(shown + ')' * shown.count('('))})"
        return ExpressionError(f"{quote(self.token)} is not a name of this language{advice}")
