"""The written calculation of one step."""

import re
from dataclasses import dataclass

from torch import Tensor

Value = Tensor | float  # one number a parameter, or one for all
NAME = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, eq=False)
class Quantity:
    """One line of the calculation.

    Attributes:
        symbol: as in the formulas below it. meaning: in a few words.
        formula: with the symbols that it is made of in braces; without braces it cannot be put in numbers.
        value: shape of the parameter, or a number that holds for all of it.
        kept: its name in `optimizer.state` after the step; empty if it is forgotten.
    """

    symbol: str
    meaning: str
    formula: str
    value: Value
    kept: str = ""


@dataclass(frozen=True, eq=False)
class Term:
    """A part of the step.

    Attributes:
        kind: gradient, kept, decay, size, limit or move; what the part comes from.
        name: the same for the reader. formula, value: as in Quantity.
    """

    kind: str
    name: str
    formula: str
    value: Tensor


@dataclass(frozen=True, eq=False)
class Explanation:
    """One step, written out.

    Attributes:
        quantities: in the order in which they are computed; the last one is the step.
        terms: parts whose sum is the step.
        rate: what a unit of gradient is worth in each coordinate, or another length of step that `rate_formula` names.
        symbols: the value of every symbol in the formulas.
    """

    quantities: tuple[Quantity, ...]
    terms: tuple[Term, ...]
    rate: Value
    rate_formula: str
    symbols: dict[str, Value]

    @property
    def step(self) -> Tensor:
        """The change of the parameter."""
        return self.quantities[-1].value

    def __getitem__(self, symbol: str) -> Value:
        return self.symbols[symbol]

    def __contains__(self, symbol: str) -> bool:
        return symbol in self.symbols


class Derivation:
    """A calculation while it is written.

    Args:
        p, g: the parameter and its gradient.
        given: symbol -> number, for the hyperparameters and what else needs no line of its own.
    """

    def __init__(self, p: Tensor, g: Tensor, given: dict[str, Value]) -> None:
        self.symbols: dict[str, Value] = {"p": p, **given}
        self.quantities: list[Quantity] = []
        self.terms: list[Term] = []
        self.define("g", "gradient here", "∇f(p)", g)

    def define(self, symbol: str, meaning: str, formula: str, value: Value, kept: str = "") -> Value:
        """Writes a line and returns its value."""
        self.symbols[symbol] = value
        self.quantities.append(Quantity(symbol, meaning, formula, value, kept))
        return value

    def term(self, kind: str, name: str, formula: str, value: Tensor) -> None:
        """Writes down a part of the step."""
        self.terms.append(Term(kind, name, formula, value))

    def with_decay(self, weight_decay: float) -> tuple[str, Tensor]:
        """The gradient's symbol and value once weight decay has been added to it, if there is any."""
        p, g = self.symbols["p"], self.symbols["g"]
        if weight_decay == 0:
            return "g", g
        self.symbols["λ"] = weight_decay
        return "g′", self.define("g′", "gradient with weight decay", "{g} + {λ}·{p}", g.add(p, alpha=weight_decay))

    def shares(self, before: str, after: str, factor: Value, weight_decay: float, name: str = "this gradient") -> None:
        """The gradient's part of the step, and what weight decay adds to it: before·g·after and before·λ·p·after."""
        p, g = self.symbols["p"], self.symbols["g"]
        self.term("gradient", name, f"{before}{{g}}{after}", factor * g)
        if weight_decay:
            self.term("decay", "weight decay", f"{before}{{λ}}·{{p}}{after}", factor * weight_decay * p)

    def finish(self, formula: str, step: Tensor, rate: Value, rate_formula: str) -> Explanation:
        """The step as the last line."""
        self.define("Δ", "the step", formula, step)
        return Explanation(tuple(self.quantities), tuple(self.terms), rate, rate_formula, self.symbols)


def plain(formula: str) -> str:
    """A formula as the reader sees it."""
    return NAME.sub(r"\1", formula)
