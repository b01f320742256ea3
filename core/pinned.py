"""Runs that the reader pins for comparison, as a short text that fits into a link.

`lr:0.01,hidden:8;default` are two runs: one with two settings changed, one with none.
"""

from collections.abc import Iterable
from typing import TypeVar
from urllib.parse import unquote

from core.quote import quote
from core.settings import Settings, defaults, parameters

MOST_PINNED = 4
UNCHANGED = "default"
ESCAPED = {ord(mark): f"%{ord(mark):02X}" for mark in "%,;:"}  # they stand between runs, settings and values

S = TypeVar("S", bound=Settings)


def write_pinned(runs: Iterable[Settings]) -> str:
    """The pinned settings, each by what differs from the defaults."""
    return ";".join(
        ",".join(f"{n}:{v.translate(ESCAPED)}" for n, v in _changed(run).items()) or UNCHANGED for run in runs
    )


def read_pinned(text: str, cls: type[S]) -> list[S]:
    """The settings behind such a text.

    Raises:
        ValueError: if there are too many, a name is unknown or a value is out of bounds.
    """
    texts = [part for part in text.split(";") if part]
    if len(texts) > MOST_PINNED:
        raise ValueError(f"{len(texts)} runs are pinned; allowed: at most {MOST_PINNED}.")
    return [_read(part, cls) for part in texts]


def title(settings: Settings, unchanged: str) -> str:
    """A name for the run: what differs from the defaults, or what those are called."""
    return ", ".join(f"{name} {value}" for name, value in _changed(settings).items()) or unchanged


def _changed(settings: Settings) -> dict[str, str]:
    kinds, usual = parameters(type(settings)), defaults(type(settings))
    values = {name: getattr(settings, name) for name in kinds}
    return {name: kinds[name].write(value) for name, value in values.items() if value != usual[name]}


def _read(text: str, cls: type[S]) -> S:
    kinds, values = parameters(cls), {}
    for part in text.split(",") if text != UNCHANGED else []:
        name, _, value = part.partition(":")
        if name not in kinds:
            raise ValueError(f"A pinned run names {quote(name)}; allowed: {', '.join(kinds)}.")
        try:
            values[name] = kinds[name].parse(unquote(value))
        except ValueError:
            raise ValueError(f"A pinned run says {quote(part)}; allowed: {kinds[name].allowed}.") from None
    return cls(**values)
