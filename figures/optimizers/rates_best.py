"""The best learning rates in words: which end as low, of the followed optimizer and of those who race."""

from core.optimizers.rates_curves import ARRIVED, AS_LOW, RateCurve, RateSweep
from figures.words import counted, say

NEAR = f"{say(100 * AS_LOW)} %"
HIGHER = f"at most {NEAR} higher above the lowest minimum"
AS_LOW_IS = f"{HIGHER}, or higher by {say(ARRIVED)} of the first height"  # than the best, in words


def as_low_rates(curve: RateCurve, moment: int) -> tuple[float, float] | None:
    """The lowest and the highest of the rates around the best that end as low; None if it is alone or all are lost."""
    row = curve.as_low(moment)
    return (curve.lr[row[0]].item(), curve.lr[row[1]].item()) if row and row[0] < row[1] else None


def span(row: tuple[float, float]) -> str:
    """The two ends of a row of rates in words, or the one."""
    return say(row[0], 3) if row[0] == row[1] else f"{say(row[0], 3)} to {say(row[1], 3)}"


def insight(sweep: RateSweep, follow: str, moment: int) -> str:
    """What the followed optimizer's rates do: those as low as the best, or what half and twice of it would do."""
    curve = sweep.of(follow)
    if curve is None:
        return f"{follow} does not take part; choose it among the optimizers to follow it."
    if curve.best(moment) is None:
        return f"**{follow}** has no learning rate with a finite loss."
    if not sweep.moments[moment]:
        return f"**{follow}** has not moved yet."
    text = _best_of_it(curve, moment) if as_low_rates(curve, moment) else _best_alone(curve, moment)
    further = curve.as_low_elsewhere(moment)
    ends = "rate ends" if further == 1 else "rates end"
    return text + (f" Further off, {further} more {ends} as low." if further else "")


def _best_of_it(curve: RateCurve, moment: int) -> str:
    """The rates that end as low, of which there are some."""
    best, known = curve.best(moment), curve.lowest is not None
    lr, f = say(curve.lr[best].item(), 3), say(curve.loss[moment][best].item())
    does = "does best" if known else "is lowest"
    head = f"**{curve.name}** {does} with every lr from {span(as_low_rates(curve, moment))}: f = {f}"
    if curve.as_low(moment) == curve.equals(moment):
        return f"{head}, but for {say(ARRIVED)} of {'the first height' if known else 'the way down'}."
    return f"{head} with lr = {lr}; the others end {HIGHER}."


def _best_alone(curve: RateCurve, moment: int) -> str:
    """The best rate, beside which none ends as low, and what half and twice of it would do."""
    best, does = curve.best(moment), "does best" if curve.lowest is not None else "is lowest"
    lr, f = say(curve.lr[best].item()), say(curve.loss[moment][best].item())
    text = f"**{curve.name}** {does} with lr = {lr}, f = {f}."
    for factor, word in ((0.5, "Half of it"), (2.0, "Twice as much")):
        other = int((curve.lr - factor * curve.lr[best]).abs().argmin())
        if abs(curve.lr[other].item() / (factor * curve.lr[best].item()) - 1) < 1e-9:
            loss = curve.loss[moment][other].item()
            text += f" {word} " + ("is lost." if loss != loss else f"ends at {say(loss)}.")
    return text


def short(sweep: RateSweep, follow: str, moment: int) -> str:
    """What the scrubber says of a moment."""
    curve = sweep.of(follow) or sweep.curves[0]
    best, low = curve.best(moment), as_low_rates(curve, moment)
    if best is None:
        return f"{curve.name} is lost with every lr."
    if not sweep.moments[moment]:
        return f"all at f = {say(curve.loss[moment][best].item())}."
    if low is None:
        return f"{curve.name} is lowest with lr = {say(curve.lr[best].item(), 3)}."
    near = "" if curve.as_low(moment) == curve.equals(moment) else f", within {NEAR},"
    return f"{curve.name} is lowest{near} with any lr from {span(low)}."


def best_rates_words(sweep: RateSweep) -> str:
    """With which rates they race if each has its best, of how many, and who could have others as well."""
    if not sweep.curves:
        return "No search came to its end, so each has the learning rate of its own."
    tried: dict[int, list[str]] = {}
    for curve in sweep.curves:
        tried.setdefault(len(curve.lr), []).append(curve.name)
    usual, *fewer = sorted(tried, reverse=True)
    also = "".join(f", for {' and '.join(tried[count])} {count}" for count in fewer)
    text = f"Each has the learning rate with which it ends lowest after {counted(sweep.steps)}, of {usual} tried{also}."
    rows = {curve.name: low for curve in sweep.curves if (low := as_low_rates(curve, -1))}
    if rows:
        wide = max(rows, key=lambda name: rows[name][1] / rows[name][0])
        low = f"end {AS_LOW_IS}" if sweep.lowest is not None else "end as low"
        text += f" For {len(rows)} of {len(sweep.curves)}, rates beside it {low}; "
        text += f"for {wide} all do from {span(rows[wide])}."
    lost = [curve.name for curve in sweep.curves if curve.best() is None]
    if lost:
        text += f" Lost with each, and so with the lr of {'its' if len(lost) == 1 else 'their'} own: {', '.join(lost)}."
    return f"{text} After a few steps more or less the lowest may be another."
