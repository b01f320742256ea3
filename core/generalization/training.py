"""Few digits, learned for long: when the network is best on images that it does not learn from."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Generator, Tensor
from torch.optim import AdamW

from core.datasets import load_digits
from core.digits import CLASSES, N_IMAGES, SIDE, ReadingTask, pixels
from core.generalization.settings import TrainingSettings
from core.nn import predict

N_VALIDATION, BATCH_SIZE = 200, 32
BANDS = {"In the first third of the training": 0.0, "In the middle": 1 / 3, "In the last third": 2 / 3}


@dataclass(frozen=True, eq=False)
class Training:
    """What was measured before the first epoch and after each.

    Attributes:
        loss: mean cross-entropy in nats on training and validation images, by the labels they were given, shape (2,
            epochs + 1). accuracy: share of right answers on training, validation and holdout images, shape (3, epochs
            + 1); the holdout images have their true labels.
        n_holdout: how many holdout images there are. n_wrong: training labels that are not the true ones.
    """

    settings: TrainingSettings
    loss: Tensor
    accuracy: Tensor
    n_holdout: int
    n_wrong: int

    @property
    def diverged(self) -> bool:
        """Whether a loss is not finite."""
        return not bool(torch.isfinite(self.loss).all())

    @property
    def stop(self) -> int:
        """The epoch with the smallest validation loss, the first of equals."""
        return int(self.loss[1].nan_to_num(math.inf).argmin())

    @property
    def band(self) -> list[str]:
        """Which of `BANDS` that epoch is in; none after divergence."""
        share = self.stop / (self.loss.shape[1] - 1)
        return [] if self.diverged else [name for name, least in BANDS.items() if share >= least][-1:]

    @property
    def gained(self) -> float:
        """Holdout accuracy at the epoch chosen on the validation images, minus that at the end."""
        return (self.accuracy[2, self.stop] - self.accuracy[2, -1]).item()


class TrainingTask(ReadingTask):
    """The training, an epoch a step."""

    def __init__(self, settings: TrainingSettings) -> None:
        self.settings = self.key = settings
        sizes = (SIDE * SIDE, settings.width, CLASSES)
        super().__init__(sizes, settings.n_samples, settings.num_epochs, BATCH_SIZE)
        self.cost += 1e-3 * settings.num_epochs  # the measuring

    def begin(self) -> None:
        """The split, drawn at random; then some labels of all but the holdout images are drawn anew."""
        s, (_, digits) = self.settings, load_digits()
        generator = Generator().manual_seed(s.seed)
        sizes = [s.n_samples, N_VALIDATION, N_IMAGES - s.n_samples - N_VALIDATION]
        self.parts = torch.randperm(N_IMAGES, generator=generator).split(sizes)
        is_drawn = torch.rand(N_IMAGES, generator=generator) < s.label_noise
        is_drawn[self.parts[2]] = False
        anew = torch.randint(CLASSES, (N_IMAGES,), generator=generator)
        self.labels = torch.where(is_drawn, anew, digits)
        self.n_wrong = int((self.labels != digits)[self.parts[0]].sum())
        self.loss, self.accuracy = [], []
        rows = self.parts[0]
        self.learn_from(
            rows, self.labels[rows], s.seed, lambda params: AdamW(params, lr=s.lr, weight_decay=s.weight_decay)
        )

    def measure(self) -> None:
        said = [predict(self.network.weights, pixels()[rows]) for rows in self.parts]
        pairs = [(p, self.labels[rows]) for p, rows in zip(said, self.parts, strict=True)]
        self.loss.append([F.cross_entropy(p, y).item() for p, y in pairs[:2]])
        self.accuracy.append([(p.argmax(dim=1) == y).double().mean().item() for p, y in pairs])

    def result(self) -> Training:
        loss, accuracy = (torch.tensor(rows, dtype=torch.float64).T for rows in (self.loss, self.accuracy))
        return Training(self.settings, loss, accuracy, len(self.parts[2]), self.n_wrong)
