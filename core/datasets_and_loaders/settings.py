"""Every parameter of the page on datasets and loaders, written once."""

from dataclasses import dataclass

from core.datasets_and_loaders.sentences import SENTENCES, read_sentences
from core.settings import Choice, Integer, Real, Settings, Switch, Text, parameter

VIEWS = {
    "path": "From index to batch",
    "samplers": "Who comes when?",
    "order": "Sorted data",
    "collate": "Uneven items",
    "workers": "Workers",
    "own": "Your table",
    "mistakes": "What goes wrong",
}
COURSE_SEED = 57  # the smallest with which a loader of the numbers 0 to 4 gives the batches that the course prints
MOST_CARDS = 12
MOST_MOMENTS = 3 * MOST_CARDS + 2
SAMPLERS = {
    "sequential": "One after the other (shuffle=False)",
    "random": "Shuffled (shuffle=True)",
    "replacement": "Drawn, and put back",
    "weighted": "Weighted: both classes equally often",
    "subset": "A subset, shuffled",
}
COLLATES = {"pad": "Pad to the longest", "default": "Default collate"}
SOURCES = {"iris": "Iris (150 rows)", "gaps": "Iris with gaps (150 rows)", "diabetes": "Diabetes (442 rows)"}
SOURCES |= {"upload": "Your CSV file"}
KINDS = {"tensors": "TensorDataset", "map": "Dataset of your own", "iterable": "IterableDataset"}
TARGETS = {"automatic": "Guess", "regression": "A number", "classes": "Classes"}
MISTAKES = {
    "long": "A __len__ that is too long",
    "ragged": "Items of different length",
    "state": "A dataset that changes its data",
    "generator": "One generator for all workers",
    "too_large": "A batch larger than the data",
}


@dataclass(frozen=True)
class PathSettings(Settings):
    """The course's dataset and its loader."""

    count: int = parameter(5, Integer("How many numbers", 1, MOST_CARDS, help="Each is one sample of the dataset."))
    low: int = parameter(0, Integer("First number", -20, 20))
    batch_size: int = parameter(3, Integer("Batch size", 1, MOST_CARDS, unit="samples"))
    shuffle: bool = parameter(True, Switch("Shuffle", help="A new random order in every epoch."))
    drop_last: bool = parameter(
        False, Switch("Drop the last batch if it is smaller (drop_last)", help="Its samples sit out this epoch.")
    )
    seed: int = parameter(
        COURSE_SEED, Integer("Seed", 0, 999, help="Of the generator that shuffles: same seed, same order.")
    )

    @property
    def data_range(self) -> tuple[int, int]:
        """As the course's dataset takes it: the end is not included."""
        return self.low, self.low + self.count


@dataclass(frozen=True)
class SamplersSettings(Settings):
    """A small dataset of two classes, and who comes when."""

    sampler: str = parameter("replacement", Choice("Sampler", SAMPLERS))
    n_samples: int = parameter(24, Integer("Samples", 2, 40))
    rare: int = parameter(4, Integer("Samples of class 1", 1, 20, help="The last ones; all others are of class 0."))
    subset: int = parameter(12, Integer("Size of the subset", 1, 40, unit="first samples"))
    batch_size: int = parameter(5, Integer("Batch size", 1, 40, unit="samples"))
    drop_last: bool = parameter(False, Switch("Drop the last batch if it is smaller (drop_last)"))
    num_epochs: int = parameter(6, Integer("Epochs", 1, 12))
    seed: int = parameter(0, Integer("Seed", 0, 999, help="Of the generator that draws: same seed, same orders."))

    @property
    def n_rare(self) -> int:
        """Samples of class 1, which cannot be more than there are."""
        return min(self.rare, self.n_samples)

    @property
    def n_drawn(self) -> int:
        """Samples that the sampler gives in one epoch."""
        return min(self.subset, self.n_samples) if self.sampler == "subset" else self.n_samples


@dataclass(frozen=True)
class OrderSettings(Settings):
    """One network, trained on the same digits in three orders."""

    lr: float = parameter(0.1, Real("Learning rate lr", 0.001, 1.0, (0.001, 0.01, 0.03, 0.1, 0.2, 0.5, 1.0)))
    batch_size: int = parameter(32, Integer("Batch size", 8, 1437, (8, 16, 32, 64, 128, 360, 1437), unit="samples"))
    num_epochs: int = parameter(10, Integer("Epochs", 1, 20))
    hidden: int = parameter(32, Integer("Hidden units", 4, 64))
    seed: int = parameter(0, Integer("Seed", 0, 999, help="Fixes the split, the first weights and the orders."))


@dataclass(frozen=True)
class CollateSettings(Settings):
    """Sentences as samples of different length.

    Raises:
        ValueError: if the text holds no sentence, or too many.
    """

    sentences: str = parameter(
        SENTENCES, Text("Sentences", 400, help="With a semicolon or a full stop between them: at most 8, of 12 words.")
    )
    collate: str = parameter("pad", Choice("Collate function", COLLATES))
    batch_size: int = parameter(2, Integer("Batch size", 1, 8, unit="sentences"))
    by_length: bool = parameter(False, Switch("Sort by length first", help="Then sentences of a batch are alike."))

    def __post_init__(self) -> None:
        super().__post_init__()
        read_sentences(self.sentences)


@dataclass(frozen=True)
class WorkersSettings(Settings):
    """What the simulated loader and training loop take."""

    num_workers: int = parameter(2, Integer("Workers (num_workers)", 0, 8, help="0: the main process loads, too."))
    load_ms: int = parameter(40, Integer("Loading a batch", 1, 200, unit="ms"))
    train_ms: int = parameter(20, Integer("Training on a batch", 1, 200, unit="ms"))
    prefetch_factor: int = parameter(
        2, Integer("Batches ahead of each worker (prefetch_factor)", 1, 6, help="Matters when loading times vary.")
    )
    n_batches: int = parameter(12, Integer("Batches", 4, 40))
    uneven: float = parameter(
        0.0,
        Real("How much loading times vary", 0.0, 1.0, (0.0, 0.25, 0.5, 0.75, 1.0), help="1: from 0 to twice the time."),
    )
    start_ms: int = parameter(0, Integer("Start of a worker", 0, 300, unit="ms", help="Real ones take 50 ms or more."))
    seed: int = parameter(0, Integer("Seed", 0, 999, help="Of the loading times, where they vary."))


@dataclass(frozen=True)
class OwnSettings(Settings):
    """A table as a dataset, and its loader."""

    source: str = parameter("iris", Choice("Table", SOURCES))
    target: str = parameter("", Text("Target", 100))
    features: str = parameter("", Text("Features", 1000))
    task: str = parameter("automatic", Choice("The target is", TARGETS))
    numbered: bool = parameter(
        False,
        Switch("Text columns as numbers", help="Each different text gets a number, so the column can be a feature."),
    )
    kind: str = parameter("tensors", Choice("Kind of dataset", KINDS))
    batch_size: int = parameter(16, Integer("Batch size", 1, 4096, (1, 4, 16, 64, 256, 1024, 4096), unit="rows"))
    validation: float = parameter(0.2, Real("Share kept out by random_split", 0.0, 0.5, (0.0, 0.1, 0.2, 0.3, 0.5)))
    shuffle: bool = parameter(True, Switch("Shuffle"))
    drop_last: bool = parameter(False, Switch("Drop the last batch if it is smaller (drop_last)"))
    seed: int = parameter(0, Integer("Seed", 0, 999, help="Of the split and of the order."))


@dataclass(frozen=True)
class MistakesSettings(Settings):
    """One mistake, and what it is tried with."""

    mistake: str = parameter("long", Choice("Mistake", MISTAKES))
    extra: int = parameter(1, Integer("Too long by", 0, 10, unit="samples"))
    batch_size: int = parameter(4, Integer("Batch size", 1, 10, unit="samples"))
    large: int = parameter(12, Integer("Batch size", 1, 20, unit="samples", help="The dataset holds 10."))
    num_epochs: int = parameter(3, Integer("Epochs", 1, 10))
    num_workers: int = parameter(4, Integer("Workers", 1, 8))


@dataclass(frozen=True)
class LoadersViewState(Settings):
    """Where the reader looks; changes no result."""

    view: str = parameter("path", Choice("What do you want to see?", VIEWS))
    step: int = parameter(MOST_MOMENTS, Integer("Step", 0, MOST_MOMENTS, help="Beyond the last step: the end."))
    epoch: int = parameter(20, Integer("Epoch", 0, 20, help="Beyond the last epoch: the end."))
