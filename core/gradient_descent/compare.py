"""Four learning rates side by side in one bowl: too low, good, best in the long run, too high."""

from dataclasses import replace

from core.gradient_descent.bowl import STEEP, BowlRun, roll
from core.gradient_descent.outcome import EXACT
from core.gradient_descent.settings import BowlSettings, CompareSettings
from core.plane.stability import best_rate, limit


def chosen_rates(settings: CompareSettings) -> dict[str, float]:
    """The four learning rates: a small share of the limit, 1/L, the best without momentum, and one past the limit."""
    low, high = STEEP / settings.condition, STEEP
    most = limit(high, settings.momentum)
    return {
        "low": settings.low * most,
        "good": 1 / high,
        "best": best_rate(low, high)[0],
        "high": settings.high * most,
    }


def too_low(run: BowlRun) -> bool:
    """Whether a learning rate is below 1/L; with momentum a share of the limit can be above it."""
    return run.settings.lr < 1 / STEEP


def four(settings: CompareSettings) -> dict[str, BowlRun]:
    """The same start at four learning rates."""
    bowl = BowlSettings(condition=settings.condition, momentum=settings.momentum, steps=settings.steps)
    return {name: roll(replace(bowl, lr=lr)) for name, lr in chosen_rates(settings).items()}


def lowest(runs: dict[str, BowlRun]) -> list[str]:
    """The names of the runs that end lowest, all of them where they end alike; none if all have diverged."""
    ends = {name: run.losses[-1].item() for name, run in runs.items() if run.diverged_at is None}
    least = min(ends.values(), default=0.0)
    return [name for name, end in ends.items() if end <= least * (1 + EXACT)]
