"""What the optimizers of matrices do, in sentences and as a table."""

from core.optimizers.matrices import Problem, problem
from core.optimizers.matrices_runs import MatrixRun, left_over, shape_factor, singular_values
from figures.optimizers.matrix_lines import end_of
from figures.optimizers.matrix_spread import spread, times
from figures.words import fmt


def matrix_label(found: MatrixRun, t: int) -> str:
    """What the scrubber says in step t."""
    here = min(t, found.steps) - 1
    low, high = singular_values(found.update[here])[[-1, 0]].tolist()
    small, large = singular_values(found.gradient[here])[[-1, 0]].tolist()
    return (
        f"Step {t}: singular values of the gradient {fmt(large, 2)} to {fmt(small, 2)}, of {found.name}'s update "
        f"{fmt(high, 2)} to {fmt(low, 2)}."
    )


def contest_table(runs: tuple[MatrixRun, ...], condition: float, seed: int) -> str:
    """How far each optimizer got, the lowest loss first, as a table."""
    data = problem(condition, seed)
    rows = []
    for run in sorted(runs, key=end_of):
        rest = left_over(run, data)
        rows.append(
            f"| {run.name} | {fmt(run.hparams.lr)} | {fmt(run.loss[-1].item(), 3)} | {times(spread(run.update))} | "
            f"{_percent(rest[0].item())} | {_percent(rest[-1].item())} |"
        )
    head = (
        "| optimizer | lr | loss at the end | its update: strongest ÷ weakest | to go in the strongest direction of A "
        "| to go in the weakest |"
    )
    return "\n".join([head, "|---|---|---|---|---|---|", *rows])


def gradient_words(found: MatrixRun, condition: float) -> str:
    """What the data do to the gradient in this run."""
    first = spread(found.gradient[:1])
    if condition == 1:
        reach = (
            "At κ = 1 the data A reach equally far in all directions; what spread the gradient has is the solution's"
        )
    else:
        reach = (
            f"The data A reach κ = {fmt(condition)} times further in their strongest direction than in their weakest"
        )
    left = ": a step along it leaves the weak directions nearly as they were" if first >= 100 else ""
    return f"{reach}. The first gradient's strongest direction is {times(first)} times its weakest{left}."


def muon_words(muon: MatrixRun) -> str:
    """What Muon does to its gradients in this run."""
    return (
        "**Muon** takes the matrix as a whole and brings its singular values close to each other: in the median step "
        f"of its run the gradient's strongest is {times(spread(muon.gradient))} times the weakest, the update's "
        f"{times(spread(muon.update))} times."
    )


def weight_decay_words(muon: MatrixRun, data: Problem) -> str:
    """What the weight decay may do to W, and how large W is at the end of this run."""
    decay = muon.hparams.weight_decay
    if not decay:
        return "Muon's weight decay is off here; by default it is 0.1."
    kept = (1 - muon.lr * decay).prod().item()
    default = ", by default," if decay == 0.1 else ""
    text = (
        f"Muon also takes lr·λ of W off in each step{default} with λ = {fmt(decay)}: over this run "
        f"a W without any gradient would lose {fmt(100 * (1 - kept), 3)} % of its size."
    )
    if muon.diverged_at is not None:
        return text
    stretch = shape_factor(muon.hparams) * singular_values(muon.update).max().item()
    if muon.hparams.lr * decay <= 1:
        text += (
            f" No update of this run stretched by more than {fmt(stretch, 3)}·lr, so no singular value of W can exceed "
            f"{fmt(stretch, 3)}/λ = {fmt(stretch / decay, 3)}; the solution's largest is "
            f"{fmt(singular_values(data.solution)[0].item(), 3)}."
        )
    ratio = (muon.W.norm() / data.solution.norm()).item()
    return f"{text} At the end |W| is {fmt(ratio, 5)} times |solution|."


def _percent(share: float) -> str:
    return f"{times(100 * share, 2)} %" if share < 1e4 else "lost"
