"""Runs that the reader pins for comparison, as a short text that fits into a link.

`lr:0.01,hidden:8;default` are two runs: one with two settings changed, one with none.
"""

from core.quote import quote
from core.settings import defaults, parameters
from core.training_loop.settings import TrainingLoopSettings

MOST_PINNED = 4
UNCHANGED = "default"


def write_pinned(runs: list[TrainingLoopSettings]) -> str:
    """The pinned settings, each by what differs from the course's run."""
    return ";".join(map(_write, runs))


def read_pinned(text: str) -> list[TrainingLoopSettings]:
    """The settings behind such a text.

    Raises:
        ValueError: if there are too many, a name is unknown or a value is out of bounds.
    """
    texts = [part for part in text.split(";") if part]
    if len(texts) > MOST_PINNED:
        raise ValueError(f"{len(texts)} runs are pinned; allowed: at most {MOST_PINNED}.")
    return [_read(part) for part in texts]


def title(settings: TrainingLoopSettings) -> str:
    """A name for the run: what differs from the course's."""
    text = _write(settings)
    return "the course's run" if text == UNCHANGED else text.replace(":", " ").replace(",", ", ")


def _write(settings: TrainingLoopSettings) -> str:
    kinds, usual = parameters(TrainingLoopSettings), defaults(TrainingLoopSettings)
    values = {name: getattr(settings, name) for name in kinds}
    return ",".join(f"{n}:{kinds[n].write(v)}" for n, v in values.items() if v != usual[n]) or UNCHANGED


def _read(text: str) -> TrainingLoopSettings:
    kinds, values = parameters(TrainingLoopSettings), {}
    for part in text.split(",") if text != UNCHANGED else []:
        name, _, value = part.partition(":")
        if name not in kinds:
            raise ValueError(f"A pinned run names {quote(name)}; allowed: {', '.join(kinds)}.")
        try:
            values[name] = kinds[name].parse(value)
        except ValueError:
            raise ValueError(f"A pinned run says {quote(part)}; allowed: {kinds[name].allowed}.") from None
    return TrainingLoopSettings(**values)
