"""Why no line separates the classes, in two inequalities; and the states of a cycle."""

from core.perceptron.learn import PerceptronRun
from core.perceptron.limits import Meeting
from figures.perceptron.written import plural, written

MOST_STATES = 8


def reason(run: PerceptronRun, meet: Meeting | None) -> str:
    """Two inequalities that contradict each other, with the numbers of these samples."""
    if meet is None:
        return (
            "Without a bias the line must pass through the origin (0, 0), and a mix of the y·x of these "
            f"{len(run.samples)} samples is 0. The weighted sum of 0 is 0, but it would have to be above 0 for every "
            "weight vector that has all samples right. Switch the bias on."
        )
    p = _tuple(meet.place.tolist())
    mixes = {label: _mix(run, meet, label) for label in (0, 1)}
    return (
        f"The place p = {p}, the star in the figure, is a mix of samples of **both** classes:\n\n"
        f"- of class 1: p = {mixes[1]}\n- of class 0: p = {mixes[0]}\n\n"
        "A weighted sum of a mix is the same mix of the weighted sums. So if every sample of class 1 were above 0 and "
        "every sample of class 0 below:\n\n"
        f"1. w·p + b **> 0**, because p is a mix of class 1\n"
        f"2. w·p + b **< 0**, because p is a mix of class 0\n\n"
        "No w and b can do both." + (_xor() if run.settings.data == "xor" else "")
    )


def _xor() -> str:
    return (
        " For XOR in letters: w2 + b > 0 and w1 + b > 0 add up to w1 + w2 + 2b > 0, while b < 0 and w1 + w2 + b < 0 "
        "add up to w1 + w2 + 2b < 0."
    )


def _mix(run: PerceptronRun, meet: Meeting, label: int) -> str:
    parts = []
    for row, share in zip(meet.rows[label], meet.shares[label], strict=True):
        parts.append(f"{share:.3g}·{_tuple(run.samples.X[row].tolist())}")
    return " + ".join(parts)


def cycle_words(run: PerceptronRun) -> str:
    """The states that the weights go through, one by one where they are few."""
    if not run.cycle:
        if run.outcome == "converged":
            return ""
        if run.settings.order == "shuffled":
            return (
                f"In an order that changes from pass to pass nothing repeats exactly, but the weights stay in bounds: "
                f"in {plural(run.updates, 'update')} the longest was {run.weights.norm(dim=1).max().item():.3g}."
            )
        return f"In {plural(run.updates, 'update')} no pass began with weights that an earlier one had begun with."
    start, length = run.cycle.start, run.cycle.length
    states = run.weights[start : start + length]
    distinct = len({tuple(w) for w in states.tolist()})
    text = f"{plural(distinct, 'distinct state')} in {plural(length, 'correction')}, the same again and again"
    if distinct > MOST_STATES:
        return f"{text}; the weights are never longer than {states.norm(dim=1).max().item():.3g}."
    names = "(w1, w2, b)" if run.samples.bias else "(w1, w2)"
    path = " → ".join(map(_tuple, [*states.tolist(), states[0].tolist()]))
    return f"{text}, {names}:  \n{path}"


def _tuple(values: list[float]) -> str:
    return f"({', '.join(written(value, '.4g') for value in values)})"
