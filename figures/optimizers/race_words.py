"""The race in sentences: its first step written out, what can be guessed and asked, the guess answered."""

import math

from core.optimizers.lr_curves import ARRIVED
from core.optimizers.measures import ground, heights
from core.optimizers.race import Race, Run
from figures.words import bracketed, fmt

KNOWN = ("SGD", "Momentum", "Adam")


def first_step(run: Run) -> str:
    """The followed optimizer's first step in x, or in y where the gradient has no part along x."""
    if run.steps == 0:
        return f"The start is already lost: {run.diverged}."
    i = 0 if run.gradient[0, 0] != 0 else 1
    place, slope = run.path[0].tolist(), run.gradient[0].tolist()
    letter, after, hparams, name = "xy"[i], run.path[1, i].item(), run.hparams, run.name
    head = f"The first step of {name} from {letter} = {fmt(place[i], 6)}, where ∂f/∂{letter} = {fmt(slope[i], 6)}. "
    if name == "LBFGS":
        return head + _lbfgs(run, i)
    x0, g = place[i], slope[i]
    decay = getattr(hparams, "weight_decay", 0.0)
    if decay and (name in ("AdamW", "Adafactor") or getattr(hparams, "decoupled_weight_decay", False)):
        x0 *= 1 - hparams.lr * decay
        head += f"Weight decay first: {letter}·(1 − lr·λ) = {fmt(x0, 6)}. "
    elif decay:
        g += decay * place[i]
        head += f"With weight decay, g = ∂f/∂{letter} + λ·{letter} = {fmt(g, 6)}. "
    if name == "ASGD":
        x0 *= 1 - hparams.lambd * hparams.lr
        head += f"It first shrinks {letter} by λ·lr, to {fmt(x0, 6)}. "
    words, length, arithmetic = _length(run, g, math.hypot(*place) / math.sqrt(2))
    return (
        f"{head}{words} {arithmetic} = {fmt(length, 6)}, and the new {letter} is {fmt(x0, 6)} − "
        f"{bracketed(length, 6)} = **{fmt(after, 6)}**."
    )


def _length(run: Run, g: float, size: float) -> tuple[str, float, str]:
    """Why the first step is as long as it is, its length in x, and the arithmetic."""
    hparams, lr, sign = run.hparams, run.hparams.lr, (g > 0) - (g < 0)
    of = f"{fmt(lr, 6)}·{bracketed(g, 6)}"
    same = f"{fmt(lr, 6)}·{bracketed(sign)}"
    match run.name:
        case "SGD" | "Momentum" if not hparams.nesterov:
            return "There is no step before it, so its length is lr·g:", lr * g, of
        case "SGD" | "Momentum" | "Nesterov":
            ahead = 1 + hparams.momentum if hparams.nesterov else 1.0
            return "It looks ahead, so its length is (1 + b)·lr·g:", lr * ahead * g, f"{fmt(ahead, 6)}·{of}"
        case "ASGD" | "RAdam":
            return "It is not divided by anything yet, so its length is lr·g:", lr * g, of
        case "Adagrad":
            divided = math.sqrt(hparams.initial_accumulator_value + g * g) + hparams.eps
            return (
                "The sum of squares is s₀ + g² so far, and it divides by the root of that and ε:",
                lr * g / divided,
                f"{of}/{fmt(divided, 6)}",
            )
        case "RMSprop":
            divided = _rms(hparams, g)
            return (
                "The mean of squares is (1 − α)·g² so far, so it divides by √(1 − α)·|g| + ε:",
                lr * g / divided,
                f"{of}/{fmt(divided, 6)}",
            )
        case "Adadelta":
            factor = math.sqrt(hparams.eps) / math.sqrt((1 - hparams.rho) * g * g + hparams.eps)
            return (
                "There is no step before it, so lr·g is shortened by √ε/√((1 − ρ)·g² + ε):",
                lr * factor * g,
                f"{fmt(factor, 6)}·{of}",
            )
        case "NAdam":
            factor = _nadam(hparams)
            divided = abs(g) + hparams.eps
            return (
                "It looks ahead by a part of the gradient, then divides by the gradient's size:",
                lr * factor * g / divided,
                f"{fmt(factor, 6)}·{of}/{fmt(divided, 6)}",
            )
        case "Adafactor":
            rate = max(hparams.eps2, size) * min(lr, 1.0)
            return (
                f"It goes with the size of the weights, √((x² + y²)/2) = {fmt(size, 6)}, not with the gradient's:",
                rate * sign,
                f"{fmt(rate, 6)}·{bracketed(sign)}",
            )
        case "Rprop":
            return "Only the gradient's sign counts:", lr * sign, same
    divided = abs(g) + hparams.eps / (math.sqrt(1 - hparams.beta2) if run.name == "SparseAdam" else 1.0)
    return (
        "Both running means hold g alone, so it divides g by its own size: the step is lr long, whatever g is:",
        lr * g / divided,
        f"{of}/{fmt(divided, 6)}",
    )


def _rms(hparams: object, g: float) -> float:
    square = (1 - hparams.alpha) * g * g
    if hparams.centered:
        square -= ((1 - hparams.alpha) * g) ** 2
    return math.sqrt(square) + hparams.eps


def _nadam(hparams: object) -> float:
    one, two = (hparams.beta1 * (1 - 0.5 * 0.96 ** (step * hparams.momentum_decay)) for step in (1, 2))
    return 1 + two * (1 - hparams.beta1) / (1 - one * two)


def _lbfgs(run: Run, i: int) -> str:
    x, (gx, gy), lr = run.path[0, i].item(), run.gradient[0].tolist(), run.hparams.lr
    share, slope = lr * (min(1.0, 1 / (abs(gx) + abs(gy))) if gx or gy else 1.0), (gx, gy)[i]
    return (
        f"It asks for {int(run.gradients_taken[1])} gradients within that one step. Its first move is lr·min(1, "
        f"1/(|∂f/∂x| + |∂f/∂y|)) = {fmt(share, 6)} times the gradient, to {'xy'[i]} = {fmt(x, 6)} − "
        f"{fmt(share, 6)}·{bracketed(slope, 6)} = **{fmt(x - share * slope, 6)}**."
    )


def candidates(race: Race) -> tuple[str, ...]:
    """Whom to guess about: at most three of those who race, the best known first."""
    racing = [run.name for run in race.runs]
    known = [name for name in KNOWN if name in racing]
    return tuple((known + [name for name in racing if name not in known])[:3])


def answer(race: Race, names: tuple[str, ...]) -> str:
    """Which of some optimizers is lowest in the end, from the race itself."""
    runs = [run for name in names if (run := race.of(name)) is not None]
    ranked = sorted(runs, key=lambda run: (run.diverged_at is not None, run.loss[-1].item()))
    told = "; ".join(f"{run.name} {_end(run)}" for run in ranked)
    kept = [run for run in ranked if run.diverged_at is None]
    arrived = [run.name for run in kept if _arrived(race, run)]
    if not kept:
        head = "None: all of them are lost"
    elif len(arrived) > 1:
        head = f"{' and '.join(arrived)} are as good as each other, at the bottom but for rounding"
    else:
        head = f"{kept[0].name} is lowest"
    first = ", ".join(
        f"{run.name}'s {fmt((run.path[1] - run.path[0]).norm().item(), 2)}" for run in runs if run.steps > 0
    )
    size = fmt(runs[0].gradient[0].norm().item())
    steps = f" The gradient at the start is {size} long; the first step is, {first}." if first else ""
    return f"{head}: {told}.{steps}"


def _arrived(race: Race, run: Run) -> bool:
    known = ground(race)
    height = heights(run, known)
    return known.known and bool(height[-1] <= ARRIVED * height[0])


def questions(race: Race, rule: str, axis: str) -> str:
    """What to find out, as far as it can be asked of those who race and with the rule that they have."""
    names, asked = {run.name for run in race.runs}, ["From which other start does the order change?"]
    if rule == "same":
        if {"SGD", "Momentum"} <= names:
            asked.append("Can you find an lr at which Momentum is lost and SGD is not, and one the other way round?")
        asked.append("Who cares least about the size of lr?")
    elif rule == "best":
        asked.append("Whose best lr changes most with the surface?")
    else:
        asked.append("Whose lr as PyTorch sets it suits this surface worst?")
    if "LBFGS" in names and len(names) > 1:
        other = "gradients instead of steps" if axis == "steps" else "steps instead of gradients"
        asked.append(f"What becomes of LBFGS if time is counted in {other}?")
    return "**Find out by moving the controls.** " + " ".join(asked)


def _end(run: Run) -> str:
    return (
        f"is lost at step {run.diverged_at}"
        if run.diverged_at is not None
        else f"ends at f = {fmt(run.loss[-1].item())}"
    )
