"""With which learning rates they race if each has its best, in words."""

from core.optimizers.lr_curves import RateSweep
from figures.optimizers.rates_best import LEVEL, bracket, near
from figures.words import listed, plural


def best_rates_words(sweep: RateSweep) -> str:
    """Who has the middle of the rates that arrive, who the lowest, of how many, and who could have others as well."""
    if not sweep.curves:
        return "No search came to its end, so each has the learning rate of its own."
    if all(curve.best() is None for curve in sweep.curves):
        return f"All runs of the search are lost, with {_tried(sweep)}, so each has the learning rate of its own."
    text = _rules(sweep)
    beside = [curve for curve in sweep.curves if bracket(curve, -1) and not curve.arrives()]
    if beside:
        text += f" For {listed([curve.name for curve in beside])}, rates beside it end {near(beside[0])}."
    lost = [curve.name for curve in sweep.curves if curve.best() is None]
    if lost:
        text += f" Lost with each, and so with the lr of {'its' if len(lost) == 1 else 'their'} own: {listed(lost)}."
    return f"{text} After a few steps more or less it may be another rate."


def _rules(sweep: RateSweep) -> str:
    """By which of the two rules the optimizers have their rate."""
    after, tried = plural(sweep.steps), _tried(sweep)
    names = [curve.name for curve in sweep.curves if curve.arrives()]
    if not names:
        return f"Each has the learning rate with which it ends lowest after {after}, of {tried}."
    arrive, come, have = ("arrives", "it comes", "It has") if len(names) == 1 else ("arrive", "they come", "Each has")
    text = f"Within {after}, {listed(names)} {arrive} with some learning rates, of {tried}: {come} down to {LEVEL}. "
    text += f"{have} the middle of the longest row of these."
    others = [curve for curve in sweep.curves if curve.best() is not None and not curve.arrives()]
    return text + (" The others have the rate with which they end lowest." if others else "")


def _tried(sweep: RateSweep) -> str:
    """How many rates were tried, and for whom fewer."""
    names: dict[int, list[str]] = {}
    for curve in sweep.curves:
        names.setdefault(len(curve.lr), []).append(curve.name)
    usual, *fewer = sorted(names, reverse=True)
    return f"{usual} tried" + "".join(f", for {listed(names[count])} {count}" for count in fewer)
