"""What a run did and what theory says of it, in sentences with its numbers."""

import math

from core.gradient_descent.descend import Descent
from core.plane.stability import factor, limit, predicted, seen
from figures.words import bracketed, fmt, plural

DERIVATIVES = {
    "quadratic": "2·x",
    "quartic": "4·x³",
    "abs": "−1 left of the kink and 1 right of it",
    "wells": "4·x·(x² − 1) + 0.3",
    "plateau": "2·x·exp(−x²)",
    "ripples": "0.2·x + 2·cos(4·x)",
    "typed": "what autograd finds",
}
SEEN = {
    "still": "The ball does not move: the slope is 0 where it starts, or too small to count.",
    "settled": "The steps shrink without turning round until nothing moves any more.",
    "settled after turning": "The ball crosses the lowest point at each step, and each step is shorter, until nothing "
    "moves any more.",
    "shrinking": "The ball always goes the same way, and each step is shorter than the one before.",
    "turning and shrinking": "The ball crosses the lowest point at each step, and each step is shorter than the one "
    "before.",
    "period two": "The ball goes back and forth between the same two places for ever.",
    "growing": "Each step is longer than the one before, and the ball ends higher than it began: it diverges.",
    "on its way": "The ball always goes the same way and has not come to rest.",
    "wandering": "The ball neither settles nor leaves: its steps keep changing their length.",
}


def theory(lr: float, curvature: float) -> str:
    """What the curvature says about steps of this learning rate."""
    kind = predicted(lr, curvature)
    if kind == "no valley":
        return (
            f"The curve does not curvature upwards here (f″ = {fmt(curvature)}), so there is no parabola to settle in: "
            "every "
            "lr is small enough, and none says where the ball will end."
        )
    much, most, times = fmt(1 / curvature), fmt(2 / curvature), fmt(factor(curvature, lr))
    head = f"The curvature is f″ = {fmt(curvature)}, so 1/L = {much} and 2/L = {most}. lr = {fmt(lr)} is "
    return (
        head
        + {
            "monotone": f"below 1/L: steps shrink without turning round; each leaves {times} of the distance.",
            "one jump": "exactly 1/L: on a parabola, one step is enough.",
            "oscillating": f"between 1/L and 2/L: each step crosses the lowest point and leaves {times} of the "
            "distance.",
            "period two": "exactly 2/L: each step lands just as far on the other side, for ever.",
            "diverging": f"above 2/L: each step lands {times} times as far on the other side. It diverges.",
        }[kind]
    )


def outcome(run: Descent) -> str:
    """What the run did."""
    kind = seen(run.x, run.loss)
    x, loss = run.x[-1].item(), run.loss[-1].item()
    if kind == "lost":
        text = f"**Diverged.** After {plural(run.steps)} {run.diverged}, and the run ends there. {_reason(run)}"
    else:
        name = {"growing": "**Diverging.** ", "period two": "**Back and forth.** "}.get(kind, "")
        text = f"{name}{SEEN[kind]} After {plural(run.steps)}: x = {fmt(x, 6)}, f(x) = {fmt(loss, 6)}."
        text += f" {_reason(run)}" if kind == "growing" else ""
    if run.left_at is not None:
        text += f" It leaves the picture at step {run.left_at}, at x = {fmt(run.x[run.left_at].item())}."
    return f"{text} {_special(run, kind)}".strip()


def _reason(run: Descent) -> str:
    settings, valley = run.settings, run.valley
    if settings.curve == "quartic":
        return ""
    steep = run.curvature[0].item()
    if valley is not None and not valley.kink and settings.lr > limit(valley.curvature):
        return (
            f"The reason: lr = {fmt(settings.lr)} is above 2/L = {fmt(limit(valley.curvature))} of the valley at x = "
            f"{fmt(valley.x)}."
        )
    if settings.lr > limit(steep):
        return (
            f"The reason: where it starts the curvature is {fmt(steep)}, and lr = {fmt(settings.lr)} is above 2/L = "
            f"{fmt(limit(steep))} there."
        )
    return "The steps carry it to a place where the formula has no finite value, or away without end."


def _special(run: Descent, kind: str) -> str:
    settings = run.settings
    if settings.curve == "quartic":
        edge = 1 / math.sqrt(2 * settings.lr)
        far = abs(settings.start)
        side = "above it, so the run diverges" if far > edge * (1 + 1e-12) else "not above it, so the run stays"
        return (
            f"On x⁴ the start decides: a run diverges exactly if |start| > 1/√(2·lr) = {fmt(edge)}. Here |start| = "
            f"{fmt(far)} is {side}."
        )
    if settings.curve == "abs" and kind == "period two":
        ends = sorted(run.x[-2:].tolist())
        return (
            f"The slope of |x| never shrinks, so each step is lr = {fmt(settings.lr)} long, and the ball cannot come "
            f"nearer than that: it goes between {fmt(ends[0])} and {fmt(ends[1])}."
        )
    return ""


def here(run: Descent, at: int) -> str:
    """Theory at the place of the ball and in the nearest valley."""
    if not math.isfinite(run.curvature[at].item()):
        return "**At the ball.** The curvature is not finite here: the run is lost."
    local = f"**At the ball** (x = {fmt(run.x[at].item())}). {theory(run.settings.lr, run.curvature[at].item())}"
    valley = run.valley
    if valley is None:
        return f"{local}\n\n**The valley.** The picture holds none: the slope nowhere goes from falling to rising."
    if valley.kink:
        return (
            f"{local}\n\n**At the lowest point** (x = {fmt(valley.x)}). There is a kink: the slope jumps, and no "
            "curvature tells how far a step may go."
        )
    return f"{local}\n\n**At the lowest point** (x = {fmt(valley.x)}). {theory(run.settings.lr, valley.curvature)}"


def by_hand(run: Descent, at: int) -> str:
    """The update after step `at` in numbers."""
    if run.steps == 0 or (run.diverged_at is not None and at >= run.diverged_at):
        at = max(run.steps - 1, 0)
    at = min(at, max(run.steps - 1, 0))
    x, slope, lr = run.x[at].item(), run.slope[at].item(), run.settings.lr
    if run.steps == 0:
        return f"The start is already lost: {run.diverged}; x = **{fmt(x)}**."
    after = run.x[at + 1].item()
    return (
        f"Step {at + 1}. The slope is f′(x) = {DERIVATIVES[run.settings.curve]}; at x = {fmt(x, 6)} it is "
        f"{fmt(slope, 6)}. The new place is x − lr·f′(x) = {fmt(x, 6)} − {fmt(lr, 6)}·{bracketed(slope, 6)} = "
        f"**{fmt(after, 6)}**."
    )
