"""How a concept writes down its parameters: each one once, with label, default, bounds and unit.

A settings class is a frozen dataclass whose fields are made by `parameter`. Everything that needs to
know a parameter reads it from there: the widget, the link, the program and the tests.

    @dataclass(frozen=True)
    class DescentSettings(Settings):
        lr: float = parameter(0.1, Real("Learning rate lr", low=1e-4, high=1.0))

    DescentSettings(lr=5)  # ValueError: lr = `5` is out of bounds; allowed: a number from 0.0001 to 1
"""

import dataclasses
from dataclasses import dataclass

from core.quote import LONGEST_QUOTE, quote


@dataclass(frozen=True)
class Integer:
    """A whole number between two bounds; with `ticks`, the slider stops only at those."""

    label: str
    low: int
    high: int
    ticks: tuple[int, ...] = ()
    unit: str = ""
    help: str = ""

    @property
    def allowed(self) -> str:
        return f"a whole number from {self.low:,} to {self.high:,}"

    def parse(self, text: str) -> int:
        return self.accept(int(text)) if len(text) <= LONGEST_QUOTE else self.accept(None)

    def accept(self, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not self.low <= value <= self.high:
            raise ValueError
        return value

    def write(self, value: int) -> str:
        return str(value)

    def say(self, value: int) -> str:
        return f"{value:,}"


@dataclass(frozen=True)
class Real:
    """A finite number between two bounds; with `ticks`, the slider stops only at those."""

    label: str
    low: float
    high: float
    ticks: tuple[float, ...] = ()
    unit: str = ""
    help: str = ""

    @property
    def allowed(self) -> str:
        return f"a number from {self.low:g} to {self.high:g}"

    def parse(self, text: str) -> float:
        return self.accept(float(text))

    def accept(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError
        if not self.low <= value <= self.high:  # false for nan too
            raise ValueError
        return float(value)

    def write(self, value: float) -> str:
        return repr(value)

    def say(self, value: float) -> str:
        return f"{value:g}"


@dataclass(frozen=True)
class Choice:
    """One of a few named options; `options` maps the name in links and code to the words on screen.

    `aliases` maps names of older links to today's.
    """

    label: str
    options: dict[str, str]
    unit: str = ""
    help: str = ""
    aliases: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def allowed(self) -> str:
        return "one of " + ", ".join(self.options)

    def parse(self, text: str) -> str:
        return self.accept(self.aliases.get(text, text))

    def accept(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise ValueError
        return value

    def write(self, value: str) -> str:
        return value

    def say(self, value: str) -> str:
        return self.options[value]


@dataclass(frozen=True)
class Several:
    """One or more of some named options, kept in their order; `options` and `aliases` as in `Choice`."""

    label: str
    options: dict[str, str]
    unit: str = ""
    help: str = ""
    aliases: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def allowed(self) -> str:
        return "one or more, with commas between them, of " + ", ".join(self.options)

    def parse(self, text: str) -> tuple[str, ...]:
        return self.accept([self.aliases.get(name, name) for name in text.split(",")])

    def accept(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not value or any(name not in self.options for name in value):
            raise ValueError
        return tuple(name for name in self.options if name in value)

    def write(self, value: tuple[str, ...]) -> str:
        return ",".join(value)

    def say(self, value: tuple[str, ...]) -> str:
        return ", ".join(self.options[name] for name in value)


@dataclass(frozen=True)
class Switch:
    """On or off; 1 or 0 in a link."""

    label: str
    unit: str = ""
    help: str = ""
    allowed = "1 (on) or 0 (off)"

    def parse(self, text: str) -> bool:
        return self.accept({"1": True, "0": False}.get(text))

    def accept(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise ValueError
        return value

    def write(self, value: bool) -> str:
        return str(int(value))

    def say(self, value: bool) -> str:
        return "on" if value else "off"


@dataclass(frozen=True)
class Text:
    """A short text; what it must say is for the concept to check."""

    label: str
    max_length: int
    unit: str = ""
    help: str = ""

    @property
    def allowed(self) -> str:
        return f"a text of at most {self.max_length:,} characters"

    def parse(self, text: str) -> str:
        return self.accept(text)

    def accept(self, value: object) -> str:
        if not isinstance(value, str) or len(value) > self.max_length:
            raise ValueError
        return value

    def write(self, value: str) -> str:
        return value

    def say(self, value: str) -> str:
        return value or "nothing"


Parameter = Integer | Real | Choice | Several | Switch | Text


def parameter(default: object, kind: Parameter) -> object:
    """A dataclass field that carries its own description."""
    return dataclasses.field(default=default, metadata={"parameter": kind})


@dataclass(frozen=True)
class Settings:
    """Base of all settings: refuses a value outside its bounds.

    Raises:
        ValueError: names the field, the value and what is allowed.
    """

    def __post_init__(self) -> None:
        for name, kind in parameters(type(self)).items():
            value = getattr(self, name)
            try:
                kind.accept(value)
            except ValueError:
                raise ValueError(f"{name} = {quote(value)} is out of bounds; allowed: {kind.allowed}") from None


def parameters(settings: type[Settings]) -> dict[str, Parameter]:
    """Name -> description of every field, in the order they are written."""
    return {f.name: f.metadata["parameter"] for f in dataclasses.fields(settings)}


def defaults(settings: type[Settings]) -> dict[str, object]:
    """Name -> default of every field."""
    return {f.name: f.default for f in dataclasses.fields(settings)}


def ladder(low_power: int, high_power: int) -> tuple[float, ...]:
    """1, 2, 5 in every decade: ticks for a parameter whose ratio matters, not its difference.

    >>> ladder(-2, 0)
    (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
    """
    steps = [float(f"{m}e{p}") for p in range(low_power, high_power) for m in (1, 2, 5)]
    return (*steps, float(f"1e{high_power}"))
