"""How a run goes and how it ends, in words."""

from core.perceptron.bound import Margin, margin
from core.perceptron.learn import PerceptronRun
from figures.words import fmt, plural


def outcome(run: PerceptronRun) -> str:
    """How the run ended."""
    if run.outcome == "converged":
        passes = plural(run.n_passes, "pass", "passes")
        return f"After {plural(run.updates, 'correction')} in {passes} over the samples, each is on its side of 0."
    if run.cycle:
        start, length = run.cycle.start, run.cycle.length
        back = plural(start + length, "correction")
        return f"After {back} the weights are as they were after {start:,}, so the run never ends."
    return f"The run was stopped after {plural(run.updates, 'correction')}."


def rest_words(run: PerceptronRun) -> str:
    """How the run ended, and what is known about any other."""
    found = margin(run.samples)
    if found.separable:
        more = "" if run.outcome == "converged" else " But there is a line with every sample on its side."
        return f"{outcome(run)}{more}"
    return f"{outcome(run)} What is known: {no_margin(found)}."


def no_margin(found: Margin) -> str:
    """What is known about samples without a margin, as a clause."""
    if found.inseparable:
        return "no weights have every sample on its side"
    return "no weights separate the classes by a margin above a billionth of R"


def step_label(run: PerceptronRun, at: int) -> str:
    """What happens next at a step of the run, and the mistakes so far."""
    count = f"Mistakes so far: {at:,}."
    if at == run.updates:
        end = {"converged": "every sample is on its side", "cycle": "the weights go in a circle"}
        return f"After update {at:,}, the last: {end.get(run.outcome, 'stopped here')}. {count}"
    row = int(run.rows[at])
    total = fmt(float((run.weights[at] * run.samples.inputs[row]).sum()), 4)
    return (
        f"Before update {at + 1:,} of {run.updates:,}, pass {int(run.passes[at])}: sample {row} of class "
        f"{int(run.samples.y[row])} has the sum {total}. {count}"
    )
