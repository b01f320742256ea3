"""What a run on a curve did and what theory says of it, in sentences with its numbers."""

import math

from core.gradient_descent.curve import Descent
from core.gradient_descent.newton import newton_steps
from core.gradient_descent.outcome import moves, outcome, period_two_from, turns
from core.plane.stability import factor, limit, predicted
from figures.words import apart, bracketed, fmt, plural

DERIVATIVES = {
    "quadratic": "2·x",
    "quartic": "4·x³",
    "abs": "−1 left of the kink and 1 right of it",
    "wells": "4·x·(x² − 1) + 0.3",
    "plateau": "2·x·exp(−x²)",
    "ripples": "0.2·x + 2·cos(4·x)",
    "typed": "what autograd finds",
}
THEORY = {  # what predicted() says, for the table of a curve and of a bowl
    "no valley": "does not bend upwards: 2/L says nothing",
    "one step": "is enough: it lands on the lowest point",
    "monotone": "goes the same way and shrinks",
    "oscillating": "turns and shrinks",
    "swinging": "swings and shrinks",
    "period two": "lands as far on the other side, for ever",
    "diverging": "**grows: it diverges**",
}


def outcome_words(run: Descent) -> str:
    """What the run did, in one sentence."""
    n = plural(run.steps)
    if run.diverged_at is not None:
        return f"**Diverged.** After {n} {run.diverged}, and the run ends there."
    if not moves(run).any():
        return f"**At rest.** The ball stays at x = {fmt(run.settings.start)}: its slope there is too small to move it."
    change = _change(run.losses[0].item(), run.losses[-1].item())
    kind = outcome(run)
    if kind == "period two":
        a, b = apart(*run.path[-2:].tolist())
        first = period_two_from(run)
        return f"**Back and forth.** From step {first} to step {run.steps} the ball is at {a} and {b} in turn."
    how = {
        "growing": "**Growing so far.** In {n} every step is longer than the one before",
        "monotone": "**Monotone.** In {n} it never turns round, and no step is longer than the one before",
        "oscillating": "**Oscillating.** In {n} each move turns round, and none is longer than the one before",
        "other": "In {n} the ball {turns}",
    }[kind]
    times = {0: "never turns round", 1: "turns round once"}.get(turns(run), f"turns round {turns(run)} times")
    return f"{how.format(n=n, turns=times)}; {change}."


def _change(first: float, last: float) -> str:
    """How f has changed; numbers that look alike count as equal."""
    if fmt(first) == fmt(last):
        return f"f(x) is {fmt(first)} before and after"
    return f"f(x) {'falls' if last < first else 'rises'} from {fmt(first)} to {fmt(last)}"


def theory_table(run: Descent, at: int) -> str:
    """The parabola at the ball and in the nearest valley: its curvature, its limit, and what a step does on it."""
    known = math.isfinite(run.losses[at].item())
    rows = [("at the ball", run.path[at].item(), run.curvatures[at].item() if known else math.nan)]
    valley = run.valley
    if valley is not None:
        rows.append(("at the lowest point nearby", valley.x, math.nan if valley.kink else valley.curvature))
    lines = ["| the parabola | x | L = f″ | 2/L | a step |", "|---|---|---|---|---|"]
    for place, x, curvature in rows:
        if not math.isfinite(curvature):
            lines.append(f"| {place} | {fmt(x)} | not defined | | |")
            continue
        kind, most = predicted(run.settings.lr, curvature), limit(curvature)
        leaves = f", ×{fmt(factor(curvature, run.settings.lr))}" if curvature > 0 else ""
        most = fmt(most) if curvature > 0 else "none"
        lines.append(f"| {place} | {fmt(x)} | {fmt(curvature)} | {most} | {THEORY[kind]}{leaves} |")
    return "\n".join(lines)


def by_hand(run: Descent, at: int) -> str:
    """The update after step `at` in numbers, and Newton's beside it; at the end the last one that was made."""
    at = min(at, run.steps - 1)
    x, slope, lr = run.path[at].item(), run.gradients[at].item(), run.settings.lr
    return (
        f"Step {at + 1}. The slope is f′(x) = {DERIVATIVES[run.settings.curve]}; at x = {fmt(x, 6)} it is "
        f"{fmt(slope, 6)}. The new x is x − lr·f′(x) = {fmt(x, 6)} − {fmt(lr, 6)}·{bracketed(slope, 6)} = "
        f"**{fmt(run.path[at + 1].item(), 6)}**.\n\n{newton_words(run, at)}"
    )


def newton_words(run: Descent, at: int) -> str:
    """Where Newton's step leads from the point before a step, or why there is none."""
    x, slope, curvature = (part[at].item() for part in (run.path, run.gradients, run.curvatures))
    to = newton_steps(run).x[at].item()
    if math.isnan(to):
        what = "0" if curvature == 0 else "too small" if math.isfinite(curvature) else "no number"
        return f"**Newton's step** divides by f″(x), which is {what} here: there is none."
    turn = "lowest point" if curvature > 0 else "**highest** point"
    return (
        f"**Newton's step** divides by f″(x) instead: {fmt(x, 6)} − {bracketed(slope, 6)}/{bracketed(curvature, 6)} = "
        f"**{fmt(to, 6)}**, the {turn} of the dotted parabola."
    )
