"""Who is where at a moment, in rank, and what became of each in a few words."""

from dataclasses import dataclass

import torch

from core.optimizers.measures import distances, gradient_norms, ground
from core.optimizers.outcome import Outcome, outcome
from core.optimizers.race import Race, Run
from core.optimizers.reason import Reason
from core.optimizers.time_axis import TimeAxis
from core.plane.critical_points import CriticalPoint
from core.plane.surfaces import box_of, points_of
from figures.optimizers.optimizer_style import look
from figures.words import fmt

SHAPES = {  # the markers of plotly as outlines in a square of 20 by 20
    "circle": "M10 2a8 8 0 1 0 .01 0Z",
    "square": "M3 3H17V17H3Z",
    "diamond": "M10 1L19 10L10 19L1 10Z",
    "cross": "M7 2H13V7H18V13H13V18H7V13H2V7H7Z",
    "triangle-up": "M10 2L19 17H1Z",
    "triangle-down": "M10 18L1 3H19Z",
    "pentagon": "M10 1L19 8L15.5 18H4.5L1 8Z",
    "hexagon": "M10 1L18 5.5V14.5L10 19L2 14.5V5.5Z",
    "x": "M5 1L10 6L15 1L19 5L14 10L19 15L15 19L10 14L5 19L1 15L6 10L1 5Z",
    "star": "M10 1L12.6 7.4L19.5 8L14.2 12.4L15.9 19L10 15.3L4.1 19L5.8 12.4L.5 8L7.4 7.4Z",
    "hourglass": "M2 2H18L10 10L18 18H2L10 10Z",
    "bowtie": "M2 2L10 10L18 2V18L10 10L2 18Z",
    "star-diamond": "M10 1L13 7L19 10L13 13L10 19L7 13L1 10L7 7Z",
    "star-triangle-up": "M10 1L12.5 9L19 17L10 14L1 17L7.5 9Z",
    "circle-x": "M10 1a9 9 0 1 0 .01 0ZM6 5L10 9L14 5L15 6L11 10L15 14L14 15L10 11L6 15L5 14L9 10L5 6Z",
    "square-cross": "M2 2H18V18H2ZM9 4H11V9H16V11H11V16H9V11H4V9H9Z",
    "diamond-tall": "M10 0L16 10L10 20L4 10Z",
}
HEADER = ("", "optimizer", "what happened", "lr", "f", "gradient", "distance", "gradients taken")
NAMES = {"minimum": "minimum", "cusp": "lowest point", "saddle": "saddle", "maximum": "maximum", "flat": "flat place"}


@dataclass(frozen=True)
class Rank:
    """One optimizer at a moment."""

    run: Run
    at: int
    outcome: Outcome


def ranking(race: Race, clock: TimeAxis, moment: int) -> list[Rank]:
    """Every run at a moment, the lowest first, the lost last."""
    surface, text = race.surface.surface, race.surface.text
    points, box = points_of(surface, text), box_of(surface, text)
    width = max(box[1] - box[0], box[3] - box[2])
    found = []
    for run in race.runs:
        at = clock.index(run, moment)
        found.append(Rank(run, at, outcome(run, at, race.function, points, width)))
    return sorted(found, key=lambda one: (one.outcome.kind == "lost", _order(one)))


def _order(one: Rank) -> float:
    value = one.run.loss[one.at]
    return value.item() if torch.isfinite(value) else float("inf")


def rows(race: Race, found: list[Rank]) -> list[tuple[str, ...]]:
    """The cells of the table, in the order of HEADER."""
    known, cells = ground(race), []
    for rank, one in enumerate(found, 1):
        run, at = one.run, one.at
        far = distances(run, known)
        cells.append(
            (
                "–" if one.outcome.kind == "lost" else str(rank),
                run.name,
                short(one),
                fmt(run.hparams.lr),
                fmt(run.loss[at].item()),
                fmt(gradient_norms(run)[at].item(), 3),
                "none" if far is None else fmt(far[at].item(), 3),
                f"{int(run.gradients_taken[at]):,}",
            )
        )
    return cells


def sign(name: str) -> tuple[str, str]:
    """A optimizer's marker as an outline, and its colour."""
    style = look(name)
    return SHAPES[style.marker], style.color


def short(one: Rank) -> str:
    """The outcome in a few words."""
    outcome, run = one.outcome, one.run
    text = {
        "start": "at the start",
        "arrived": "arrived",
        "level": "at rest",
        "moving": "still on its way",
        "barely": "has hardly moved",
        "flat": "where the gradient is 0",
        "far": "far away from the start",
        "still": _still(one),
        "bouncing": "bounces around",
        "growing": "climbs, in ever longer steps",
        "lost": f"lost at step {run.diverged_at}: {run.diverged}",
    }[outcome.kind]
    if outcome.place is not None:
        text += f" at the {_place(outcome.place)}"
    return text + (f"; on a line of symmetry, {outcome.line} never moves" if outcome.line else "")


def _still(one: Rank) -> str:
    run, at = one.run, one.at
    taken = int(run.gradients_taken[at] - run.gradients_taken[max(at - 1, 0)])
    size = fmt(gradient_norms(run)[at].item(), 2)
    if taken > 1:
        return f"takes {taken} gradients a step and ends where it began; gradient {size}"
    return f"hardly moves any more; gradient {size}"


def _place(place: CriticalPoint) -> str:
    return f"{NAMES[place.kind]} ({fmt(place.x)}, {fmt(place.y)})"


def explanations(found: list[Rank]) -> list[str]:
    """A sentence for each run that needs one: lost, growing, at a saddle; one for all on a line of symmetry."""
    sentences = _on_lines(found)
    for one in found:
        name, outcome = one.run.name, one.outcome
        if outcome.kind == "lost":
            head = f"**{name}** is lost after {one.run.diverged_at} of its steps: {one.run.diverged}."
            sentences.append(f"{head} {why(one.run, outcome.reason)}")
        elif outcome.kind == "growing":
            sentences.append(f"**{name}** climbs, each step longer than the last. {why(one.run, outcome.reason)}")
        if not outcome.line and outcome.kind == "level" and outcome.place.kind == "saddle":
            sentences.append(
                f"**{name}** is at a saddle: level, but lower ground lies on two sides. The gradient there is "
                f"{fmt(gradient_norms(one.run)[one.at].item(), 2)} long."
            )
    return sentences


def _on_lines(found: list[Rank]) -> list[str]:
    sentences = []
    for letter in "xy":
        these = [one for one in found if one.outcome.line == letter]
        if these:
            value = fmt(these[0].run.path[0]["xy".index(letter)].item())
            names, stay = ", ".join(one.run.name for one in these), "stays" if len(these) == 1 else "stay"
            sentences.append(
                f"**{names}** {stay} on the line {letter} = {value}: there ∂f/∂{letter} is exactly 0, so no step "
                "leaves it. Start a little beside it and that is otherwise."
            )
    return sentences


def why(run: Run, reason: Reason | None) -> str:
    """The reason for a divergence, with its numbers."""
    if reason is None:
        return ""
    place = f"({fmt(reason.x)}, {fmt(reason.y)})"
    hparams = run.hparams
    if reason.kind == "limit":
        b = getattr(hparams, "momentum", 0.0)
        formula = "(2 + 2b)/((1 + 2b)L)" if getattr(hparams, "nesterov", False) else "2(1 + b)/L" if b else "2/L"
        return (
            f"lr = {fmt(reason.lr)} is above {formula} = {fmt(reason.limit, 3)} at {place}, step {reason.step}, and "
            "stays above it from there on: each step overshoots by more than the one before."
        )
    if reason.kind == "undivided":
        return (
            "RAdam's first steps are not divided by the gradient's size: they are as long as SGD's, and lr = "
            f"{fmt(reason.lr)} is above 2/L = {fmt(reason.limit, 3)} at {place}, step {reason.step}."
        )
    return {
        "endless": f"f falls without end: it went down all the way to {place}, and this surface has no lowest point "
        "there.",
        "zero by zero": f"At {place} a part of the gradient is exactly 0, and so is its ε: 0/0 is not a number.",
        "no gradient": f"At {place} f has a value but no gradient, since it has a kink there; autograd answers NaN.",
        "no value": f"At {place} f has no value, as for the root or logarithm of a negative number.",
        "overflow": f"From {place} its step led so far out that a power in f is beyond 1.8e308.",
        "step": f"The step from {place} itself was not a finite number: what it divides by had become 0 or infinite.",
    }[reason.kind]
