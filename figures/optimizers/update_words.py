"""The calculation of one step as tables, and what mattered in it as sentences."""

import math

import torch
from torch import Tensor

from core.optimizers.explain.derivation import NAME, Explanation, Value, plain
from core.optimizers.reason import sgd_limit
from core.optimizers.update import StepTrace, explained, outcome
from core.plane.derivatives import hessians
from figures.optimizers.ranking import Rank, explanations, why
from figures.words import bracketed, fmt, plural

NEARLY = 0.02  # share below which a difference is not worth a word
AXES = ("x", "y")


def calculation(run: StepTrace, at: int) -> str:
    """Every quantity of a step: symbol, meaning, formula, the formula with its numbers for x, and both values."""
    shown = explained(run, at)
    rows = [
        (
            f"**{line.symbol}**",
            line.meaning,
            plain(line.formula),
            with_numbers(line.formula, shown, 0),
            number(line.value, 0),
            number(line.value, 1),
        )
        for line in shown.quantities
    ]
    return _table(("symbol", "meaning", "formula", "in numbers, for x", "x", "y"), rows)


def sum_of_terms(run: StepTrace, at: int) -> str:
    """The terms of a step, their sum, and the step that the real class took."""
    shown, taken = explained(run, at), run.path[at + 1] - run.path[at]
    rows = [
        (
            term.name,
            plain(term.formula),
            with_numbers(term.formula, shown, 0),
            number(term.value, 0),
            number(term.value, 1),
        )
        for term in shown.terms
    ]
    total = shown.terms and torch.stack([term.value for term in shown.terms]).sum(dim=0)
    if len(shown.terms):
        rows.append(("**together**", "", "", f"**{number(total, 0)}**", f"**{number(total, 1)}**"))
    rows.append(
        (f"**torch.optim.{run.optimizer} moved by**", "", "", f"**{number(taken, 0)}**", f"**{number(taken, 1)}**")
    )
    return _table(("term", "formula", "in numbers, for x", "x", "y"), rows)


def with_numbers(formula: str, shown: Explanation, axis: int) -> str:
    """A formula with its numbers put in for one coordinate; empty where it has none to put in."""
    if "{" not in formula:
        return ""
    return NAME.sub(lambda found: bracketed(_part(shown[found[1]], axis)), formula)


def number(value: Value, axis: int) -> str:
    """One coordinate of a value."""
    return fmt(_part(value, axis), 5)


def _part(value: Value, axis: int) -> float:
    return 0.0 + (value[axis].item() if isinstance(value, Tensor) and value.ndim else float(value))  # no minus zero


def _table(names: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in (names, *rows)]
    return "\n".join(f"| {line} |" for line in (lines[0], " | ".join("---" for _ in names), *lines[1:]))


def troubles(run: StepTrace) -> list[str]:
    """Why the run is lost or climbs, in the race's words; none if it does neither."""
    end = outcome(run)
    if not run.steps or end.kind not in ("lost", "growing"):
        return []
    return explanations([Rank(run.raced, run.steps, end)])[:1]


def matters(run: StepTrace, at: int) -> str:
    """What mattered in a step: its largest term, its direction, and what is special to the class."""
    shown = explained(run, at)
    if not torch.isfinite(run.path[at + 1]).all():
        reason = why(run.raced, outcome(run).reason)
        return f"This step leads to a place that is no longer finite, and with it the run ends. {reason}"
    if not shown.step.any():
        special = _special(run, at, shown)
        return "It does not move in this step. " + special
    parts = [_largest(run, shown), _direction(run, at, shown), _special(run, at, shown)]
    return " ".join(part for part in parts if part)


def _largest(run: StepTrace, shown: Explanation) -> str:
    lengths = {term.name: term.value.norm().item() for term in shown.terms if term.value.any()}
    if run.optimizer in ("LBFGS", "Rprop") or len(lengths) < 2 or not sum(lengths.values()) < math.inf:
        return ""
    name = max(lengths, key=lengths.get)
    share = 100 * lengths[name] / sum(lengths.values())
    return f"The longest of its {len(lengths)} terms is **{name}**: {share:.0f} % of all their lengths together."


def _direction(run: StepTrace, at: int, shown: Explanation) -> str:
    step, down = shown.step, -run.gradient[at]
    if not down.any():
        return ""
    cosine = (step @ down / (step.norm() * down.norm())).clamp(-1, 1).item()
    if math.isnan(cosine):
        return ""
    angle = math.degrees(math.acos(cosine))
    if angle < 1:
        return "It goes straight downhill, against the gradient."
    if angle > 90:
        return f"It goes **uphill** at first: its angle to the way straight down is {angle:.0f}°."
    return f"Its angle to the way straight down is {angle:.0f}°."


def _special(run: StepTrace, at: int, shown: Explanation) -> str:
    return {
        "SGD": _sgd,
        "ASGD": _asgd,
        "Adadelta": _adadelta,
        "Rprop": _rprop,
        "RAdam": _radam,
        "Adafactor": _adafactor,
        "LBFGS": _lbfgs,
    }.get(run.optimizer, _divided)(run, at, shown)


def _sgd(run: StepTrace, at: int, shown: Explanation) -> str:
    limit = _limit(run, at)
    if "mₜ₋₁" not in shown:
        kept = "Nothing is kept from earlier steps yet." if run.group["momentum"] else ""
        return f"{kept} {limit}".strip()
    cosine = torch.nn.functional.cosine_similarity(shown["mₜ₋₁"], shown["g"], dim=0, eps=0.0).clamp(-1, 1).item()
    times = (shown.step.norm() / (run.group["lr"] * shown["g"].norm())).item()
    length = "as long" if abs(times - 1) < NEARLY else f"{fmt(times, 3)} times as long"
    longer = f"It is {length} as plain SGD's step, lr·|g|. " if math.isfinite(times) else ""
    agree = "" if math.isnan(cosine) else f"{_agree(cosine)} "
    return f"{agree}{longer}{limit}".strip()


def _agree(cosine: float) -> str:
    angle = math.degrees(math.acos(cosine))
    if angle < 60:
        return f"The momentum kept and this gradient's pull are only {angle:.0f}° apart, so they add up."
    if angle > 120:
        return f"The momentum kept and this gradient's pull are {angle:.0f}° apart, so they cancel in part."
    return f"The momentum kept and this gradient's pull are {angle:.0f}° apart."


def _limit(run: StepTrace, at: int) -> str:
    """Whether lr is above the limit that the curvature at this place sets; empty where it is not."""
    curvature = hessians(run.function, run.path[at : at + 1])
    if not torch.isfinite(curvature).all():
        return ""
    limit = sgd_limit(run.raced, torch.linalg.eigvalsh(curvature)[:, -1]).item()
    if run.group["lr"] <= limit:
        return ""
    b, kept = run.group["momentum"], "(1 − τ)" if run.group["momentum"] and run.group["dampening"] else ""
    formula = "(2 + 2b)/((1 + 2b)L)" if run.group["nesterov"] else f"2(1 + b)/({kept}L)" if kept else "2(1 + b)/L"
    return (
        f"**lr = {fmt(run.group['lr'])} is above {formula if b else '2/L'} = {fmt(limit, 3)}**, with L the largest "
        "curvature here: where the ground stays so steep, the steps grow."
    )


def _asgd(run: StepTrace, at: int, shown: Explanation) -> str:
    return (
        f"Its lr has fallen to {fmt(shown['η'])}. The average of its places, which it does not use itself, is at "
        f"({number(shown['aₜ'], 0)}, {number(shown['aₜ'], 1)})."
    )


def _divided(run: StepTrace, at: int, shown: Explanation) -> str:
    """For all that divide by the size of the gradients: what that made of lr."""
    lr, rates = run.group["lr"], [_part(shown.rate, axis) for axis in (0, 1)]
    if not all(map(math.isfinite, rates)) or not lr:
        return "It divided by 0 here."
    said = [f"in {axis} {fmt(rate / lr, 3)} times" for axis, rate in zip(AXES, rates, strict=True)]
    held = "Vₜ" in shown and (shown["Vₜ"] > shown["vₜ"]).any()
    more = " AMSGrad still divides by a larger mean square from before." if held else ""
    first = "First step: the mean corrected is the gradient itself. " if at == 0 and "m̂" in shown else ""
    return f"{first}The divisor makes a unit of gradient count {said[0]} and {said[1]} as much as lr alone.{more}"


def _adadelta(run: StepTrace, at: int, shown: Explanation) -> str:
    start = (shown["uₜ₋₁"] < 10 * run.group["eps"]).all()
    if start:
        return (
            f"Its steps so far are so short that ε decides: their size counts as {number(shown['N'], 0)} in x, where "
            f"√ε is {fmt(run.group['eps'] ** 0.5)}."
        )
    return (
        f"Its measure is the size of its steps so far, {number(shown['N'], 0)} in x and {number(shown['N'], 1)} in y."
    )


def _rprop(run: StepTrace, at: int, shown: Explanation) -> str:
    (minus, plus), (least, most) = run.group["etas"], run.group["step_sizes"]
    said = []
    for axis, name in enumerate(AXES):
        sign, size = _part(shown["c"], axis), _part(shown["sₜ"], axis)
        if sign < 0:
            said.append(
                f"in {name} the gradient **turned**: no step, and the size shrinks by {fmt(minus)} to {fmt(size)}"
            )
        elif size in (least, most) and sign > 0:
            said.append(f"in {name} the sign stayed, and the size is at its limit {fmt(size)}")
        elif sign > 0:
            said.append(f"in {name} the sign stayed, so the size grew by {fmt(plus)} to {fmt(size)}")
        else:
            why = "the first step" if at == 0 else "a step after a turn, or without gradient"
            said.append(f"in {name} it is {why}: the size stays {fmt(size)}")
    text = "; ".join(said) + "."
    return text[0].upper() + text[1:]


def _radam(run: StepTrace, at: int, shown: Explanation) -> str:
    if "r" not in shown:
        return (
            f"It is **still warming up**: its mean square holds ρₜ = {fmt(shown['ρₜ'], 3)} gradients, not more than 5, "
            "so it does not divide and steps along the mean alone."
        )
    return f"It divides, times the rectification r = {fmt(shown['r'], 3)}. " + _divided(run, at, shown)


def _adafactor(run: StepTrace, at: int, shown: Explanation) -> str:
    c, d = shown["c"], run.group["d"]
    held = (
        f"The update was **limited**: its mean size was {fmt(c * d, 3)}, so it was divided by {fmt(c, 3)}."
        if c > 1 + 1e-12
        else f"The update was not limited: its mean size is not above d = {fmt(d)}."
    )
    lr = "lr" if shown["ρ"] == run.group["lr"] else "1/√t"
    size = "the size of the weights" if shown["R"] >= shown["ε₂"] else "ε₂, since the weights are smaller"
    return f"{held} The size of the step is {lr} = {fmt(shown['ρ'], 3)} times {size}."


def _lbfgs(run: StepTrace, at: int, shown: Explanation) -> str:
    moves = len(shown.terms)
    if not moves:
        return "The gradient is below its limit, so it is at rest."
    taken = run.gradients_taken[at]
    known = len(run.states[at].get("old_dirs", ()))
    memory = f"It began with {plural(known, 'move')} in its memory" if known else "It began with no memory"
    return f"**{plural(moves, 'move')}** in this one step, for which it took {plural(taken, 'gradient')}. {memory}."
