"""A correction of the weights in numbers."""

from core.perceptron.learn import PerceptronRun, sample_at
from figures.words import fmt

NAMES = ("w1", "w2", "b")
DIGITS = 12


def arithmetic(run: PerceptronRun, at: int) -> str:
    """A table: the weights before, what is added, the weights after."""
    if at == run.updates:
        rows = {"**w at the end**": run.weights[at]}
    else:
        i = int(run.rows[at])
        rows = {
            f"w before update {at + 1}": run.weights[at],
            f"x, sample {i}": run.samples.inputs[i],
            f"lr·sign·x, with sign = {fmt(run.samples.sign[i].item())}": run.settings.lr * run.samples.signed_inputs[i],
            f"**w after update {at + 1}**": run.weights[at + 1],
        }
    names = NAMES[: run.weights.shape[1]]
    head = ["| | " + " | ".join(names) + " |", "|---|" + "---:|" * len(names)]
    return "\n".join(head + [f"| {name} | {' | '.join(map(_exact, row.tolist()))} |" for name, row in rows.items()])


def by_hand(run: PerceptronRun, at: int) -> str:
    """The weighted sum of the sample that corrects the weights; at the end, of the first sample."""
    i = sample_at(run, at)
    w, x, label = run.weights[at], run.samples.inputs[i], int(run.samples.y[i])
    terms = " + ".join(f"({_exact(a)})·({_exact(b)})" for a, b in zip(w.tolist(), x.tolist(), strict=True))
    said = f"Sample {i} is of class {label}, so its sum should be {'above' if label else 'below'} 0"
    if at < run.updates:
        said += ". It is not, so the weights change"
    return f"{said}: w·x = {terms} = **{_exact(float(w @ x))}**."


def _exact(value: float) -> str:
    """With as many digits as points on the grid and their corrections have, so that a calculator gets the same sum."""
    return fmt(value, DIGITS)
