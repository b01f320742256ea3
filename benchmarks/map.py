"""The batch size x learning rate map as batched tensors, against the same runs one by one.

Baseline: `train` in `core`, once for each of the map's cells. Contestant: `LrMapTask`, which trains all lrs of
a batch size as one batched network. Both end with the loss on the training set after the same epochs. The range of
numbers is small, so that the baseline takes seconds. No goal: the ratio is printed, and how far the losses differ
(the batched program adds in another order, and training can blow such a difference up).
"""

from dataclasses import replace

import torch
import torch.nn.functional as F

from benchmarks.report import medians, s, table, times
from core.nn import predict
from core.training_loop.map import BATCH_SIZES, LEARNING_RATES, LrMapTask
from core.training_loop.settings import MapSettings, TrainingLoopSettings
from core.training_loop.train import train

REPETITIONS = 3
SETTINGS = TrainingLoopSettings(data_high=50)
MAP = MapSettings()


def batched() -> torch.Tensor:
    """Final losses, shape (batch sizes, learning rates)."""
    return LrMapTask(SETTINGS, MAP).run().final_loss


def one_by_one() -> torch.Tensor:
    """The same from single runs."""
    return torch.tensor([[_final_loss(size, lr) for lr in LEARNING_RATES] for size in BATCH_SIZES])


def _final_loss(batch_size: int, lr: float) -> float:
    run = train(replace(SETTINGS, batch_size=batch_size, lr=lr, num_epochs=MAP.num_epochs))
    return F.mse_loss(predict(run.weights, run.X), run.y).item()


def _difference(ours: torch.Tensor, single: torch.Tensor) -> list[str]:
    """Sentences about how far the maps differ."""
    finite = torch.isfinite(ours) & torch.isfinite(single)
    same_cells = torch.equal(torch.isfinite(ours), torch.isfinite(single))
    relative = torch.where(finite, (ours - single).abs() / single.abs(), 0.0)
    row, column = divmod(int(relative.argmax()), len(LEARNING_RATES))
    best, single_best = (losses.nan_to_num(torch.inf).argmin() for losses in (ours, single))
    return [
        f"relative difference of the final losses: median {relative[finite].median():.1e}, largest "
        f"{relative.max():.1e} (batch size {BATCH_SIZES[row]:,}, lr {LEARNING_RATES[column]:g}: "
        f"{ours[row, column]:.6g} and {single[row, column]:.6g})",
        f"the same cells are finite: {same_cells} ({int(finite.sum())} of {finite.numel()})",
        f"the same cell is the best: {bool(best == single_best)}",
    ]


def main() -> bool:
    ours, single = batched(), one_by_one()
    took = medians(REPETITIONS, {"single": one_by_one, "batched": batched})
    rows = [
        ("one by one with train (baseline)", s(took["single"]), times(1)),
        ("LrMapTask", s(took["batched"]), times(took["single"] / took["batched"])),
    ]
    title = f"Map: {single.numel()} runs of {SETTINGS.n_samples:,} pairs, {MAP.num_epochs} epochs each"
    table(f"{title}, median of {REPETITIONS}", ("", "processor time", "speed"), rows)
    for sentence in _difference(ours, single):
        print(f"  {sentence}")
    return True
