"""Runs that the reader pins for comparison, as a short text that fits into a link.

`lr:0.01,hidden:8;default` are two runs: one with two settings changed, one with none.
"""

from core.settings import defaults, parameters, quote
from core.training_loop.settings import TrainingLoopSettings

MOST_PINNED = 4
UNCHANGED = "default"


def write_pinned(runs: list[TrainingLoopSettings]) -> str:
    """The pinned settings, each by what differs from the course's run."""
    kinds = parameters(TrainingLoopSettings)
    return ";".join(
        ",".join(f"{name}:{kinds[name].write(getattr(run, name))}" for name in difference(run)) or UNCHANGED
        for run in runs
    )


def read_pinned(text: str) -> list[TrainingLoopSettings]:
    """The settings behind such a text.

    Raises:
        ValueError: if there are too many, a name is unknown or a value is out of bounds.
    """
    texts = [part for part in text.split(";") if part]
    if len(texts) > MOST_PINNED:
        raise ValueError(f"{len(texts)} runs are pinned; allowed: at most {MOST_PINNED}.")
    return [_read(part) for part in texts]


def difference(settings: TrainingLoopSettings) -> dict[str, str]:
    """Name -> value in words, of every setting that is not the course's."""
    kinds, usual = parameters(TrainingLoopSettings), defaults(TrainingLoopSettings)
    return {n: kinds[n].say(getattr(settings, n)) for n in kinds if getattr(settings, n) != usual[n]}


def title(settings: TrainingLoopSettings) -> str:
    """A name for the run: what differs from the course's."""
    changed = difference(settings)
    return ", ".join(f"{name} {value}" for name, value in changed.items()) or "the course's run"


def _read(text: str) -> TrainingLoopSettings:
    kinds, values = parameters(TrainingLoopSettings), {}
    for part in text.split(",") if text != UNCHANGED else []:
        name, _, value = part.partition(":")
        if name not in kinds:
            raise ValueError(f"A pinned run names {quote(name)!r}; allowed: {', '.join(kinds)}.")
        try:
            values[name] = kinds[name].parse(value)
        except ValueError:
            raise ValueError(f"A pinned run says {quote(part)!r}; allowed: {kinds[name].allowed}.") from None
    return TrainingLoopSettings(**values)
