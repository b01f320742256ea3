"""The complete programs for the settings on screen, and the lines that they print."""

from dataclasses import replace
from types import MappingProxyType

from core.csv_dialect import Dialect
from core.datasets_and_loaders.collate import PADDING, Collated
from core.datasets_and_loaders.mistakes import MISTAKES, try_mistake
from core.datasets_and_loaders.order import ORDERS, OrderRun
from core.datasets_and_loaders.own import Loaded, Texts
from core.datasets_and_loaders.path import Path
from core.datasets_and_loaders.samplers import Epochs, number_of_batches
from core.datasets_and_loaders.settings import COURSE_SEED, MistakesSettings
from core.datasets_and_loaders.workers import Timeline, by_workers
from core.program import Program, source, with_constants, with_line
from core.settings import Settings

TENSOR_DATASET = "dataset = TensorDataset(X[train], y[train])"
MAP = """class TableDataset(Dataset):
    def __init__(self, X, y):
        self.X, self.y = X, y

    def __getitem__(self, index):
        return self.X[index], self.y[index]

    def __len__(self):
        return len(self.X)


dataset = TableDataset(X[train], y[train])"""
STREAM = """class TableStream(IterableDataset):
    def __init__(self, X, y):
        self.X, self.y = X, y

    def __iter__(self):
        return iter(zip(self.X, self.y, strict=True))


dataset = TableStream(X[train], y[train])"""
IMPORTED = "from torch.utils.data import DataLoader, TensorDataset, random_split"


def _constants(settings: Settings, *names: str) -> dict[str, object]:
    return {name.upper(): getattr(settings, name) for name in names}


def path_program(path: Path) -> Program:
    """The course's dataset and loader."""
    s = path.settings
    text = source("datasets_and_loaders")
    if s.seed != COURSE_SEED or s.count != 5:
        course = "of 5! = 120 orders, this one gives the batches that the course prints"
        text = text.replace(course, "same seed, same order")
    text = with_constants(text, _constants(s, "data_range", "batch_size", "shuffle", "drop_last", "seed"))
    prints = [f"len(dataset) = {len(path.items)}, dataset[0] = {path.items[0]}", f"len(dataloader) = {path.length}"]
    prints += [f"{pairs} {products}" for pairs, products in path.collated]
    return Program("datasets_and_loaders", text, prints)


def samplers_program(found: Epochs) -> Program:
    """All epochs, as counts."""
    s = found.settings
    values = _constants(s, "sampler", "n_samples", "n_rare", "batch_size", "drop_last", "num_epochs", "seed")
    values["SUBSET"] = min(s.subset, s.n_samples)
    formula = number_of_batches(s.n_drawn, s.batch_size, s.drop_last)
    prints = [f"batches: {formula} by the formula, {found.length} by len(loader)"]
    for epoch, counts in enumerate(found.counts, start=1):
        came, different, rare = int(counts.sum()), int((counts > 0).sum()), int((counts * found.labels).sum())
        prints.append(f"epoch {epoch}: {came} samples came, {different} different ones, {rare} of class 1")
    name = "datasets_and_loaders_samplers"
    return Program(name, with_constants(source(name), values), prints)


def order_program(run: OrderRun) -> Program:
    """The three trainings."""
    name, s = "datasets_and_loaders_order", run.settings
    prints = []
    for order, words in ORDERS.items():
        accuracy = run.accuracy(order)  # the first one is from before the training
        prints.append(f"{words}: {accuracy[1]:.4f} after epoch 1, {accuracy[-1]:.4f} after epoch {s.num_epochs}")
    values = _constants(s, "seed", "hidden", "lr", "batch_size", "num_epochs")
    return Program(name, with_constants(source(name), values), prints)


def collate_program(found: Collated) -> Program:
    """The batches of sentences."""
    name, s = "datasets_and_loaders_collate", found.settings
    padded = s.collate == "pad"
    values = {"SENTENCES": [" ".join(words) for words in found.typed], "PAD": padded}
    values |= _constants(s, "by_length", "batch_size")
    prints = []
    for batch, ids in zip(found.batches, found.ids, strict=False):
        prints.append(f"{tuple(ids.shape)}: {ids.tolist()}")
        if padded:
            lengths, padding = [len(found.rows[i]) for i in batch], int((ids == PADDING).sum())
            prints.append(f"lengths {lengths}, {padding} of {ids.numel()} cells are padding")
    prints += [found.error] if found.error else []
    return Program(name, with_constants(source(name), values), prints)


def workers_program(run: Timeline) -> Program:
    """The simulation, for every number of workers."""
    name, s = "datasets_and_loaders_workers", run.settings
    prints = []
    for workers, speed in enumerate(by_workers(s)):
        here = "  <- these settings" if workers == s.num_workers else ""
        prints.append(f"{workers} workers: {1000 * s.n_batches / speed:.1f} ms, {speed:.2f} batches a second{here}")
    names = ("num_workers", "prefetch_factor", "load_ms", "train_ms", "n_batches", "uneven", "start_ms", "seed")
    return Program(name, with_constants(source(name), _constants(s, *names)), prints)


def own_program(loaded: Loaded, file_name: str, dialect: Dialect, texts: Texts = MappingProxyType({})) -> Program:
    """The table's rows in batches.

    Args:
        texts: of the columns that were numbered.
    """
    name, s, prepared = "datasets_and_loaders_own", loaded.settings, loaded.prepared
    values = {"FILE": file_name, "FEATURES": list(prepared.features), "TARGET": prepared.target}
    values |= {"CLASSES": list(prepared.values)} | {key.upper(): value for key, value in vars(dialect).items()}
    values["TEXTS"] = {name: texts[name] for name in (*prepared.features, prepared.target) if name in texts}
    values |= _constants(s, "validation", "batch_size", "shuffle", "drop_last", "seed")
    text = with_constants(source(name), values)
    if s.kind != "tensors":
        dataset, code = {"map": ("Dataset", MAP), "iterable": ("IterableDataset", STREAM)}[s.kind]
        text = with_line(text, IMPORTED, f"from torch.utils.data import DataLoader, {dataset}, random_split")
        text = text.replace(f"\n{TENSOR_DATASET}\n", f"\n\n{code}\n")
    if s.kind == "iterable":
        text = text.replace("shuffle=SHUFFLE, ", "")
    prints = [
        f"{loaded.rows} rows, {prepared.dropped} without a value in a chosen column",
        f"{loaded.train} rows to train on, {loaded.validation} kept out, {loaded.n_batches} batches",
    ]
    if loaded.first is not None:
        X, y = loaded.first
        prints.append(f"first batch: {tuple(X.shape)} {X.dtype}, {tuple(y.shape)} {y.dtype}")
        prints.append("its first row: " + ", ".join(f"{value + 0.0:.4f}" for value in X[0].tolist()))
    return Program(name, text, prints)


def mistakes_program(settings: MistakesSettings) -> Program:
    """All mistakes, with what they are tried with."""
    name, prints = "datasets_and_loaders_mistakes", []
    for mistake in MISTAKES:
        tried = try_mistake(replace(settings, mistake=mistake))
        wrong = f"{tried.wrong} and {tried.error}" if tried.error else f"{tried.wrong}"
        prints += [f"{mistake}, right: {tried.right}", f"{mistake}, mistake: {wrong}"]
    values = _constants(settings, "extra", "batch_size", "large", "num_epochs", "num_workers")
    return Program(name, with_constants(source(name), values), prints)
