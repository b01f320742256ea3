"""Every parameter of the training loop, written once."""

import math
from dataclasses import dataclass

from core.settings import Choice, Integer, Real, Settings, Switch, Text, ladder, parameter
from core.table_columns import SEPARATOR

MAX_UPDATES = 10_000  # 5 to 10 s of one core, the most that one visitor may ask for at once
MAX_NUMBERS = 150  # numbers in the range; the data set holds every pair of them, so at most 22,500
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 25_000)

LOOPS = {
    "course": "the course's loop",
    "no_zero_grad": "without optimizer.zero_grad()",
    "no_step": "without optimizer.step()",
    "step_before_backward": "optimizer.step() before loss.backward()",
}
OPTIMIZERS = {name: name for name in ("Adam", "AdamW", "RMSprop", "Adagrad", "SGD")}
OPTIMIZERS |= {"SGD_momentum": "SGD, momentum 0.9"}

LR = Real("Learning rate lr", 1e-5, 10.0, ladder(-5, 1), help="How far the optimizer moves a weight in one update.")
BATCH_SIZE = Integer("Batch size", 1, 25_000, SIZES, unit="samples", help="How many samples one update looks at.")
EPOCHS = Integer("Epochs", 1, 50, help="One epoch is one pass over the training set.")
HIDDEN = Integer("Hidden units", 1, 256, unit="neurons", help="The neurons between input and output.")
SEED = Integer("Seed", 0, 999, help="Fixes the first weights and the order of the samples: same seed, same run.")
OPTIMIZER = Choice("Optimizer", OPTIMIZERS, help="The rule that turns gradients into steps.")
KEPT_OUT = "These samples are never trained on; after each epoch the loss on them is measured."
SHARES = (0.0, 0.1, 0.2, 0.3, 0.5)
VALIDATION = Real("Kept out for validation", 0.0, 0.5, SHARES, unit="share of the samples", help=KEPT_OUT)


@dataclass(frozen=True)
class LoopSettings(Settings):
    """What any run of the loop needs, whatever the data."""

    lr: float = parameter(0.001, LR)
    batch_size: int = parameter(100, BATCH_SIZE)
    num_epochs: int = parameter(10, EPOCHS)
    hidden: int = parameter(128, HIDDEN)
    seed: int = parameter(0, SEED)
    optimizer: str = parameter("Adam", OPTIMIZER)
    shuffle: bool = parameter(True, Switch("Shuffle the samples before each epoch"))
    validation: float = parameter(0.0, VALIDATION)
    loop: str = parameter("course", Choice("The loop", LOOPS, help="Break the loop on purpose and see what happens."))

    def n_validation(self, n_samples: int) -> int:
        """How many of the samples are kept out."""
        return round(self.validation * n_samples)

    def per_epoch(self, n_samples: int) -> int:
        """How many batches the rest of the samples makes; the last, smaller batch counts too."""
        return math.ceil((n_samples - self.n_validation(n_samples)) / self.batch_size)

    def check_cost(self, n_samples: int) -> None:
        """Raises ValueError, with what would fit, for a run that is too long for a server that many people share."""
        per_epoch = self.per_epoch(n_samples)
        total, fit = per_epoch * self.num_epochs, MAX_UPDATES // per_epoch or "no number"
        if total > MAX_UPDATES:
            raise ValueError(
                f"{self.num_epochs} epochs of {per_epoch:,} updates are {total:,} updates; allowed: at most "
                f"{MAX_UPDATES:,} in one run. Choose a larger batch size or fewer epochs ({fit} would fit)."
            )


@dataclass(frozen=True)
class TrainingLoopSettings(LoopSettings):
    """The course's run: defaults are the numbers of the course."""

    data_low: int = parameter(0, Integer("Smallest number", -100, 98, help="The range starts with this number."))
    data_high: int = parameter(100, Integer("Range ends before", -98, 150, help="This number itself is left out."))

    def __post_init__(self) -> None:
        super().__post_init__()
        numbers = self.data_high - self.data_low
        if not 2 <= numbers <= MAX_NUMBERS:
            low, high = (str(end).replace("-", "−") for end in (self.data_low, self.data_high))
            raise ValueError(
                f"The range from {low} to {high} holds {max(numbers, 0)} number{'s' * (numbers != 1)}; "
                f"allowed: 2 to {MAX_NUMBERS}. Move one of the two ends."
            )
        self.check_cost(numbers**2)

    @property
    def data_range(self) -> tuple[int, int]:
        return self.data_low, self.data_high

    @property
    def n_samples(self) -> int:
        return (self.data_high - self.data_low) ** 2


@dataclass(frozen=True)
class MapSettings(Settings):
    """What the map of batch sizes and learning rates needs besides the loop's own settings."""

    num_epochs: int = parameter(2, Integer("Epochs of each run in the map", 1, 5))


SOURCES = {
    "iris": "iris: name the species of a flower (classes)",
    "diabetes": "diabetes: how far it has progressed in a year (a number)",
    "upload": "a CSV file of mine",
}
TASKS = {"automatic": "decided from the column", "regression": "a number", "classes": "a class"}


@dataclass(frozen=True)
class OwnSettings(Settings):
    """How the loop runs on a table; its own defaults, since a table is small."""

    source: str = parameter("iris", Choice("Table", SOURCES))
    target: str = parameter("", Text("Target (nothing: the last column)", 100))
    features: str = parameter("", Text(f"Features, joined by {SEPARATOR} (nothing: all)", 2000))
    task: str = parameter("automatic", Choice("The target is", TASKS))
    hidden: int = parameter(16, HIDDEN)
    lr: float = parameter(0.01, LR)
    num_epochs: int = parameter(20, EPOCHS)
    batch_size: int = parameter(16, Integer("Batch size", 1, 10_000, (1, 2, 4, 8, 16, 32, 64, 128, 256), unit="rows"))
    optimizer: str = parameter("Adam", OPTIMIZER)
    seed: int = parameter(0, SEED)

    @property
    def loop(self) -> LoopSettings:
        """The same parameters for the loop; a fifth of the rows is always kept out, to see what was learned."""
        shared = {n: getattr(self, n) for n in ("hidden", "lr", "num_epochs", "batch_size", "optimizer", "seed")}
        return LoopSettings(validation=0.2, **shared)


VIEWS = {
    "watch": "Watch it learn",
    "update": "One update",
    "mistakes": "Break the loop",
    "addition": "Can it add?",
    "map": "Batch size × learning rate",
    "own": "Your table",
}
AT = Integer("Update", 0, MAX_UPDATES, help="The moment in the run; beyond its end, the end is shown.")


@dataclass(frozen=True)
class TrainingLoopViewState(Settings):
    """Where the reader looks; changes no run."""

    view: str = parameter("watch", Choice("What do you want to see?", VIEWS))
    at: int = parameter(MAX_UPDATES, AT)
    pinned: str = parameter("", Text("Pinned runs", 600))


@dataclass(frozen=True)
class UpdateViewState(Settings):
    """Which update is looked at."""

    at: int = parameter(1, AT)


@dataclass(frozen=True)
class AdditionViewState(Settings):
    """Which pair the network is asked for, and when."""

    at: int = parameter(MAX_UPDATES, AT)
    a: float = parameter(3.0, Real("First number a", -1e6, 1e6))
    b: float = parameter(7.0, Real("Second number b", -1e6, 1e6))


@dataclass(frozen=True)
class MistakesViewState(Settings):
    """Which mistake is hidden for the reader to find."""

    puzzle: int = parameter(0, Integer("Hidden mistake", 0, 99, help="The number of the puzzle; 0: none."))


@dataclass(frozen=True)
class HomeViewState(Settings):
    """Where the reader of the first page stands in the course's run."""

    at: int = parameter(0, AT)
