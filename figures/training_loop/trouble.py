"""What went wrong in a run, in one or two sentences."""

import torch

from core.cache import cached
from core.training_loop.health import all_dead_by, never_moved
from core.training_loop.run import Run
from core.training_loop.settings import OPTIMIZERS
from figures.words import plural

DIVERGED = "This run has diverged: not all of its numbers are finite."


@cached
def trouble(run: Run) -> str:
    """What is wrong with a run that failed; empty if nothing is."""
    rule = f"{OPTIMIZERS[run.settings.optimizer]} with lr {run.settings.lr:g}"
    if run.diverged_at is not None:
        became = "infinite" if torch.isinf(run.batch_losses[run.diverged_at - 1]) else "NaN (not a number)"
        epoch, _ = run.epoch_of(run.diverged_at)
        return (
            f"The run diverged: at update {run.diverged_at:,} (epoch {epoch}) the loss became {became}, since a number "
            f"passed 3.4e38, the largest that float32 holds. {rule} is too much for these data."
        )
    since = all_dead_by(run) if run.updates else None
    if since is not None:
        units = f"each of its {run.settings.hidden} hidden units" if run.settings.hidden > 1 else "its one hidden unit"
        return (
            f"The network is dead: from update {since:,} on, {units} is off for at least 99 in 100 samples. "
            "Where a unit is off, it passes no gradient."
        )
    return f"In {plural(run.updates, 'update')} no weight has moved." if never_moved(run) else ""
