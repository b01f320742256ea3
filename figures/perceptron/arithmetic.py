"""A correction of the weights in numbers, and what the learning rate changes."""

from dataclasses import replace

import torch

from core.perceptron.learn import PerceptronRun, run
from figures.perceptron.written import plural, written


def arithmetic(shown: PerceptronRun, at: int) -> str:
    """A table: the weights before, what is added, the weights after."""
    names = ["w1", "w2", "b"] if shown.samples.bias else ["w1", "w2"]
    head = "| | " + " | ".join(names) + " |\n|---|" + "---:|" * len(names)
    if at == shown.updates:
        row = "| **w at the end** | " + " | ".join(map(written, shown.weights[at].tolist())) + " |"
        return f"{head}\n{row}"
    i = int(shown.rows[at])
    rows = {
        f"w before update {at + 1}": shown.weights[at],
        f"x, sample {i}": shown.samples.x[i],
        f"lr·y·x, with y = {written(shown.samples.y[i].item())}": shown.settings.lr * shown.samples.yx[i],
        f"**w after update {at + 1}**": shown.weights[at + 1],
    }
    body = [f"| {name} | " + " | ".join(map(written, values.tolist())) + " |" for name, values in rows.items()]
    return "\n".join([head, *body])


def by_hand(shown: PerceptronRun, at: int) -> str:
    """The weighted sum of the sample that is wrong; at the end, of the first sample."""
    i = int(shown.rows[at]) if at < shown.updates else 0
    w, x = shown.weights[at].tolist(), shown.samples.x[i].tolist()
    label, score = int(shown.samples.label[i]), float(shown.weights[at] @ shown.samples.x[i])
    terms = " + ".join(f"({written(a)})·({written(b)})" for a, b in zip(w, x, strict=True))
    if at == shown.updates:
        verdict = f"{'above' if score > 0 else 'below' if score < 0 else 'exactly'} 0"
        said = f"At the end, sample {i} of class {label} has a sum that is {verdict}"
    else:
        wanted = "above" if label else "below"
        said = f"Sample {i} is of class {label}, so its sum should be {wanted} 0. It is not, so the weights change"
    return f"{said}: w·x = {terms} = **{written(score)}**."


def scaling(shown: PerceptronRun) -> str:
    """Whether the run with lr = 1 makes the same mistakes: from zero weights, lr is only a scale."""
    lr = shown.settings.lr
    other = run(replace(shown.settings, lr=2.0 if lr == 1 else 1.0))
    ratio = lr / other.settings.lr
    same = torch.equal(shown.rows, other.rows)
    scaled = same and torch.allclose(shown.weights, ratio * other.weights, rtol=1e-9, atol=1e-9)
    if scaled:
        return (
            f"**What lr does.** With lr = {other.settings.lr:g} the same samples are corrected in the same order "
            f"({plural(shown.updates, 'correction')}), and every weight is {1 / ratio:g} times as large. From zero "
            "weights lr is only a scale: the line, which is where the sum is 0, does not notice."
        )
    return (
        f"**What lr does.** From zero weights lr is only a scale, but lr = {lr:g} is no power of two: rounding puts a "
        f"sum that should be exactly 0 to one side, so this run and the one with lr = {other.settings.lr:g} part."
    )
