"""The best learning rates of an optimizer in words: those with which it arrives, or the lowest and those near it."""

from core.optimizers.lr_curves import ARRIVED, NEAR, RateCurve, RateSweep
from figures.optimizers.heights import ending
from figures.words import fmt, listed

LEVEL = f"{fmt(ARRIVED)} of the height at the start"  # at which a run has arrived, in words
CLOSE = f"{fmt(100 * NEAR)} %"
MOST_SPANS = 3  # rows of further rates are named one by one, if there are no more


def bracket(curve: RateCurve, moment: int) -> tuple[float, float] | None:
    """The lowest and the highest of the rates around the best that are as good; None if it is alone or all are lost."""
    row = curve.row(moment)
    return (curve.lr[row[0]].item(), curve.lr[row[1]].item()) if row and row[0] < row[1] else None


def near(curve: RateCurve, minimum: str = "the lowest minimum") -> str:
    """How the losses in the bracket compare with the lowest, if none arrives, in words."""
    if curve.lowest is None:
        return "as low, but for rounding"
    return f"at most {CLOSE} higher" + (f" above {minimum}" if curve.lowest else "")


def span(row: tuple[float, float]) -> str:
    """The two ends of a row of rates in words, or the one."""
    return fmt(row[0], 3) if row[0] == row[1] else f"{fmt(row[0], 3)} to {fmt(row[1], 3)}"


def insight(sweep: RateSweep, follow: str, moment: int) -> str:
    """What the followed optimizer's rates do: with which it arrives, or with which it is lowest, and what others do."""
    curve = sweep.of(follow)
    if curve is None:
        return f"{follow} does not take part; choose it among the optimizers to follow it."
    if curve.best(moment) is None:
        return f"**{follow}** has no learning rate with a finite loss."
    if not sweep.moments[moment]:
        return f"**{follow}** has not moved yet."
    if stays(curve, moment):
        return _staying(curve, moment)
    return _arriving(curve, moment) if curve.arrives(moment) else _lowest(curve, moment)


def _arriving(curve: RateCurve, moment: int) -> str:
    """The rates with which it arrives."""
    best, row, lowest = curve.best(moment), bracket(curve, moment), curve.lowest
    lr, end = fmt(curve.lr[best].item(), 3), ending(curve.loss[moment][best].item(), lowest, "it")
    level = (
        f"at most {fmt(curve.arrival)} above the lowest minimum" if lowest else f"at f = {fmt(curve.arrival)} or lower"
    )
    text = f"**{curve.name}** arrives, that is, ends {level}, with "
    text += f"every lr from {span(row)}. In their middle, with lr = {lr}, it" if row else f"lr = {lr}. It"
    further = _further(curve, curve.elsewhere(moment))
    return f"{text} ends {end}." + (f" Further off, it also arrives with {further}." if further else "")


def _lowest(curve: RateCurve, moment: int) -> str:
    """The rate with which it is lowest, and those near it or, where none is, what half and twice of it do."""
    best, row, lowest = curve.best(moment), bracket(curve, moment), curve.lowest
    lr, end = fmt(curve.lr[best].item(), 4 if row is None else 3), ending(curve.loss[moment][best].item(), lowest)
    text = f"**{curve.name}** ends lowest with lr = {lr}, {end}."
    others = curve.elsewhere(moment)
    if row:
        text += f" Every lr from {span(row)} ends {near(curve, 'it')}."
    else:
        beside = _beside(curve, best)
        text += "".join(f" {word} {_other(curve, place, moment, end)}." for word, place in beside.items())
        others = [other for other in others if not set(range(other[0], other[1] + 1)) <= set(beside.values())]
    further = _further(curve, others)
    return text + (f" Further off, it ends {near(curve)}, with {further}." if further else "")


def stays(curve: RateCurve, moment: int) -> bool:
    """Whether its best rate is no lower than where it began, and there is no way down to arrive by."""
    return not curve.arrival and bool(curve.loss[moment][curve.best(moment)] == curve.loss[0, 0])


def _staying(curve: RateCurve, moment: int) -> str:
    """The rates with which it does."""
    best, row = curve.best(moment), bracket(curve, moment)
    rates = f"every lr from {span(row)}" if row else f"lr = {fmt(curve.lr[best].item(), 3)}"
    return (
        f"**{curve.name}** ends {ending(curve.loss[moment][best].item(), curve.lowest)}, where it began, with {rates}."
    )


def _beside(curve: RateCurve, best: int) -> dict[str, int]:
    """The places of half the best rate and of twice as much, as far as they were tried."""
    found = {}
    for factor, word in ((0.5, "Half of that lr"), (2.0, "Twice as much")):
        place = int((curve.lr - factor * curve.lr[best]).abs().argmin())
        if abs(curve.lr[place].item() / (factor * curve.lr[best].item()) - 1) < 1e-9:
            found[word] = place
    return found


def _other(curve: RateCurve, place: int, moment: int, end: str) -> str:
    """Where another rate ends than the best, of which that is said already."""
    loss = curve.loss[moment][place].item()
    if loss != loss:
        return "is lost"
    if ending(loss, curve.lowest) == end:
        return "ends there as well, to four digits"
    return f"ends {ending(loss, curve.lowest, 'it')}"


def _further(curve: RateCurve, rows: list[tuple[int, int]]) -> str:
    """Rows of rates away from the best, by their ends if they are few."""
    ends = [(curve.lr[first].item(), curve.lr[last].item()) for first, last in rows]
    if len(rows) > MOST_SPANS:
        return f"{sum(last - first + 1 for first, last in rows)} of the rates from {span((ends[0][0], ends[-1][1]))}"
    return f"lr = {listed([span(row) for row in ends])}" if rows else ""


def short(sweep: RateSweep, follow: str, moment: int) -> str:
    """What the scrubber says of a moment."""
    curve = sweep.of(follow) or sweep.curves[0]
    best, row = curve.best(moment), bracket(curve, moment)
    if best is None:
        return f"{curve.name} is lost with every lr."
    lr, f = f"lr = {fmt(curve.lr[best].item(), 3)}", fmt(curve.loss[moment][best].item())
    if not sweep.moments[moment]:
        return f"all at f = {f}."
    if stays(curve, moment):
        return f"{curve.name} is at f = {f}, where it began, with {f'lr from {span(row)}' if row else lr}."
    if curve.arrives(moment):
        return f"{curve.name} arrives with {f'lr from {span(row)}' if row else lr}."
    if curve.lowest is None:
        return f"{curve.name}'s lowest is at {f'lr from {span(row)}' if row else lr}."
    return f"{curve.name}'s lowest is at {lr}{f'; from {span(row)} it is within {CLOSE}' if row else ''}."
