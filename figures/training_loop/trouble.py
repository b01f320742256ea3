"""What went wrong in a run, in a sentence."""

import torch

from core.cache import cached
from core.training_loop.health import all_dead_by, constant_loss, dead_units
from core.training_loop.record import Run
from core.training_loop.settings import OPTIMIZERS


@cached
def trouble(run: Run) -> str:
    """The reason why this run failed; empty if it did not."""
    if not run.updates:
        return ""
    if run.diverged_at is not None:
        return _diverged(run)
    since = all_dead_by(run)
    if since is not None:
        return _dead(run, since)
    return _worse_than_nothing(run)


def _rule(run: Run) -> str:
    return f"{OPTIMIZERS[run.settings.optimizer]} with lr {run.settings.lr:g}"


def _diverged(run: Run) -> str:
    at = run.diverged_at
    became = "infinite" if torch.isinf(run.batch_losses[at - 1]) else "NaN (not a number)"
    before = f"; at the update before, it was {run.batch_losses[at - 2].item():.3g}" if at > 1 else ""
    return (
        f"The run diverged: at update {at:,} (epoch {run.first_epoch + (at - 1) // run.per_epoch}) the loss became "
        f"{became}{before}. Here a larger error makes a larger gradient, a larger gradient a larger step, and a step "
        f"that is too large a larger error still, until a number passes 3.4e38, the largest that float32 holds. "
        f"{_rule(run)} is too much for these data."
    )


def _dead(run: Run, since: int) -> str:
    bias = run.weights["output_layer.bias"].flatten()[0].item()
    return (
        f"The network is dead: from update {since:,} on, each of its {run.settings.hidden} hidden units is off for at "
        f"least 99 in 100 samples. Where a unit is off it passes no gradient, so none comes back, and almost every "
        f"question gets the same answer, at the end {bias:.4g}. A step of {_rule(run)} threw them all to the wrong "
        f"side "
        f"of zero; the largest batch loss was {run.batch_losses.max().item():.3g}."
    )


def _worse_than_nothing(run: Run) -> str:
    """For a run whose loss ends above that of an answer that never looks at its input."""
    n = min(run.per_epoch, run.updates)
    end, nothing = run.batch_losses[-n:].mean().item(), constant_loss(run.samples.targets)
    if end <= nothing:
        return ""
    return (
        f"So far it is worse than no network at all: the last {n:,} batches cost {end:.4g} on average; always "
        f"giving the "
        f"one best answer, without looking, would cost {nothing:.4g}. {_reason(run)}"
    )


def _reason(run: Run) -> str:
    first, last = run.moments[0].weights, run.weights
    if all(torch.equal(first[name], last[name]) for name in first):
        return "No weight has moved since the start."
    peak = run.batch_losses.max().item()
    if peak > 2 * run.batch_losses[0].item():
        dead = dead_units(last, run.samples.features)
        return (
            f"The steps of {_rule(run)} are too large: at update {int(run.batch_losses.argmax()) + 1:,} the loss "
            f"jumped to "
            f"{peak:.3g}, and {dead} of {run.settings.hidden} hidden units are now off for almost every sample."
        )
    return f"The steps of {_rule(run)} are small: it may only need more of them."
