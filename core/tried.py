"""A mistake that is really made beside the right way, and what came of both."""

from dataclasses import dataclass

from core.settings import Settings


@dataclass(frozen=True)
class Tried:
    """The right way and the mistake.

    Attributes:
        quantity: what is counted or compared. right, wrong: how many, or how much, in either way; None if nothing.
        error: torch's or Python's own words where the mistake raises an error, or "".
    """

    settings: Settings
    quantity: str
    right: float | None
    wrong: float | None
    error: str = ""


def effect(tried: Tried) -> str:
    """Whether the mistake ends in an "error", gives another result in "silence", or makes "none"."""
    if tried.error:
        return "error"
    return "none" if tried.right == tried.wrong else "silence"
