"""Sentences of different length in batches: default collate, which needs them alike, and padding."""

from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset, default_collate

from core.cache import cached
from core.datasets_and_loaders.sentences import encode, read_sentences
from core.datasets_and_loaders.settings import CollateSettings

PADDING = 0
OTHERS = {  # items, as one writes them in Python -> the same, to be collated
    "0, 1, 2": [0, 1, 2],
    "0.5, 1.5, 2.5": [0.5, 1.5, 2.5],
    "True, False, True": [True, False, True],
    "(3, 12), (4, 20), (1, 2)": [(3, 12), (4, 20), (1, 2)],
    "three dicts {'x': 0.5, 'y': 1}": [{"x": 0.5, "y": 1}] * 3,
    "three tensors of shape (2,), float32": [torch.zeros(2)] * 3,
    "'cat', 'dog', 'cat'": ["cat", "dog", "cat"],
    "None, None, None": [None] * 3,
}


class Sentences(Dataset):
    """Rows of word numbers; counts how often it is asked, and for how many at once."""

    def __init__(self, rows: list[Tensor]) -> None:
        self.rows, self.calls = rows, 0

    def __getitem__(self, index: int) -> Tensor:
        self.calls += 1
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)


class WholeBatches(Sentences):
    """The same with `__getitems__`: a loader then asks once a batch."""

    def __getitems__(self, indices: list[int]) -> list[Tensor]:
        self.calls += 1
        return [self.rows[index] for index in indices]


def pad(batch: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Fills every row up with 0.

    Returns:
        ids: shape (sentences, words of the longest), int64. lengths: shape (sentences,).
        mask: shape of ids; True where there is a word.
    """
    ids = pad_sequence(batch, batch_first=True, padding_value=PADDING)
    lengths = torch.tensor([len(row) for row in batch])
    return ids, lengths, torch.arange(ids.shape[1]) < lengths[:, None]


@dataclass(frozen=True, eq=False)
class Collated:
    """All batches, as far as they came.

    Attributes:
        typed: the words of each sentence as it was typed; sentences: in the order of the loader. rows: their numbers.
        batches: the places of each batch's samples in that order, the failed one included.
        ids: of each batch that came, its tensor.
        error: torch's own words where one failed, or "". asked: how often the dataset was asked for what came, by
            `__getitem__` and by `__getitems__`.
    """

    settings: CollateSettings
    typed: list[list[str]]
    sentences: list[list[str]]
    rows: list[Tensor]
    batches: list[list[int]]
    ids: list[Tensor]
    error: str
    asked: tuple[int, int]


@cached
def run_collate(settings: CollateSettings) -> Collated:
    """One epoch, unshuffled."""
    sentences = typed = read_sentences(settings.sentences)
    rows = encode(sentences)
    if settings.by_length:
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        sentences, rows = [sentences[i] for i in order], [rows[i] for i in order]
    ids, error, asked = _epoch(Sentences(rows), settings)
    _, _, at_once = _epoch(WholeBatches(rows), settings)
    size = settings.batch_size
    batches = [list(range(i, min(i + size, len(rows)))) for i in range(0, len(rows), size)]
    came = batches[: len(ids) + bool(error)]
    return Collated(settings, typed, sentences, rows, came, ids, error, (asked, at_once))


def _epoch(dataset: Sentences, settings: CollateSettings) -> tuple[list[Tensor], str, int]:
    """The batches that came, torch's error, and how often the dataset was asked."""
    padded = settings.collate == "pad"
    options = {
        "collate_fn": pad if padded else None,
        "generator": Generator(),
    }  # without one, it draws from the global one
    loader, ids = DataLoader(dataset, settings.batch_size, **options), []
    try:
        for batch in loader:
            ids.append(batch[0] if padded else batch)
    except RuntimeError as error:
        return ids, f"RuntimeError: {error}", dataset.calls
    return ids, "", dataset.calls


def default_outcome(found: Collated) -> str:
    """What default collate makes of the first batch: "error", or "stack" where its sentences are of one length."""
    try:
        default_collate([found.rows[i] for i in found.batches[0]])
    except RuntimeError:
        return "error"
    return "stack"


def cells(found: Collated) -> tuple[int, int]:
    """Cells of all tensors that came, and how many of them are padding."""
    total = sum(ids.numel() for ids in found.ids)
    return total, sum(int((ids == PADDING).sum()) for ids in found.ids)


def describe(value: object) -> str:
    """What a batch is: its dtype and shape, or what it is made of.

    >>> describe([torch.zeros(3), ["a", "b"]])
    'list of: float32 (3,); list of 2 str'
    """
    if isinstance(value, Tensor):
        return f"{str(value.dtype).removeprefix('torch.')} {tuple(value.shape)}"
    if isinstance(value, dict):
        return "dict of: " + "; ".join(f"{key!r} {describe(part)}" for key, part in value.items())
    if isinstance(value, list | tuple) and value and not isinstance(value[0], str):
        return "list of: " + "; ".join(map(describe, value))
    return f"list of {len(value)} str"


@cached
def other_items() -> dict[str, str]:
    """What default collate makes of three items of several kinds."""
    found = {}
    for written, items in OTHERS.items():
        try:
            found[written] = describe(default_collate(items))
        except TypeError as error:
            found[written] = f"TypeError: {str(error).partition(';')[0]}"
    return found
