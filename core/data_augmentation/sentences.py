"""Does it help with words? A bag of words learns praise and blame from few sentences, with copies and without."""

from dataclasses import dataclass
from functools import cache

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Generator, Tensor

from core.batches import split_rows
from core.data_augmentation.compare import NONE, Compared
from core.data_augmentation.settings import SentencesSettings
from core.data_augmentation.text import change
from core.data_augmentation.words import read_words
from core.datasets import load_sentiment
from core.task import Task

N_SEEDS, UPDATES, LR = 10, 60, 0.1
HOLDOUT, SPLIT_SEED = 112, 0  # pairs of sentences that are kept out in every run
TASK_SECONDS = 0.013, 5.4e-5  # of a training, and of each sentence and copy in it


@dataclass(frozen=True, eq=False)
class Read(Compared):
    """How many of the sentences that were kept out are read right.

    Attributes:
        words: "none" or augmentation -> how many different words it has learned from, one number a seed.
        example: a sentence of the first seed, and augmentation -> its first copy.
    """

    words: dict[str, list[int]]
    example: tuple[str, dict[str, str]]


@cache
def split() -> tuple[Tensor, Tensor]:
    """Pairs to choose from, and pairs that are kept out: a pair praises and blames the same thing."""
    return split_rows(len(load_sentiment()[0]) // 2, HOLDOUT, SPLIT_SEED)


def sentences_of(pairs: Tensor) -> tuple[list[str], Tensor]:
    """The sentences of some pairs, and their labels."""
    texts, y = load_sentiment()
    rows = torch.stack([2 * pairs, 2 * pairs + 1], 1).flatten()
    return [texts[row] for row in rows.tolist()], y[rows].float()


def few_sentences(n: int, seed: int) -> tuple[list[str], Tensor]:
    """Sentences to learn from, in pairs that are drawn, and their labels."""
    pairs = split()[0]
    return sentences_of(pairs[torch.randperm(len(pairs), generator=Generator().manual_seed(seed))[: n // 2]])


def holdout() -> tuple[list[str], Tensor]:
    """The sentences that are kept out, and their labels."""
    return sentences_of(split()[1])


def copies_for(
    settings: SentencesSettings, texts: list[str], y: Tensor, name: str, seed: int
) -> tuple[list[str], Tensor]:
    """The copies of every sentence, and their labels; none without augmentation."""
    n, generator = 0 if name == NONE else settings.copies, Generator().manual_seed(seed)
    copies = [change(read_words(text), name, settings.alpha, generator).text for text in texts for _ in range(n)]
    return copies, y.repeat_interleave(n)


def bags(texts: list[str], vocabulary: dict[str, int]) -> Tensor:
    """Which words stand in each sentence, 1 or 0, shape (sentences, words); a new word gets a new column."""
    rows = [[vocabulary.setdefault(t.word.lower(), len(vocabulary)) for t in read_words(text)] for text in texts]
    X = torch.zeros(len(texts), len(vocabulary))
    for i, row in enumerate(rows):
        X[i, row] = 1.0
    return X


def train(X: Tensor, y: Tensor) -> nn.Linear:
    """One weight a word and a bias, all 0 at first, by Adam on all sentences at once."""
    model = nn.Linear(X.shape[1], 1, device="meta")  # draws nothing from the global generator
    model.weight = nn.Parameter(torch.zeros(1, X.shape[1]))
    model.bias = nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.Adam(model.parameters(), lr=LR)
    for _ in range(UPDATES):
        optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(model(X)[:, 0], y).backward()
        optimizer.step()
    return model


class ReadTask(Task):
    """One training a step: every augmentation at every seed."""

    def __init__(self, settings: SentencesSettings) -> None:
        self.settings = self.key = settings
        self.names = (NONE, *settings.treatments)
        self.total = len(self.names) * N_SEEDS
        fixed, each = TASK_SECONDS
        self.cost = self.total * (fixed + each * settings.n * (1 + settings.copies))

    @property
    def progress(self) -> str:
        return f"{self.done} of {self.total} trainings"

    def begin(self) -> None:
        self.right = {name: [] for name in self.names}
        self.words = {name: [] for name in self.names}
        self.example = ("", {})
        self.texts_holdout, self.y_holdout = holdout()

    def advance(self) -> None:
        place, number = divmod(self.done, N_SEEDS)
        name, s = self.names[place], self.settings
        seed = s.seed + number
        texts, y = few_sentences(s.n, seed)
        copies, y_copies = copies_for(s, texts, y, name, seed)
        if number == 0:
            self.example = (texts[0], self.example[1] | ({name: copies[0]} if copies else {}))
        vocabulary: dict[str, int] = {}
        X = bags(texts + copies, vocabulary)
        n_words, model = len(vocabulary), train(X, torch.cat([y, y_copies]))
        seen = bags(self.texts_holdout, vocabulary)[:, :n_words]  # a word that it has not met says nothing
        with torch.no_grad():
            self.right[name].append(int(((model(seen)[:, 0] > 0) == (self.y_holdout > 0)).sum()))
        self.words[name].append(n_words)

    def result(self) -> Read | None:
        """None before the trainings without augmentation have ended; then all that are whole."""
        whole = [name for name in self.names if len(self.right[name]) == N_SEEDS]
        right, words = ({name: list(kept[name]) for name in whole} for kept in (self.right, self.words))
        return Read(self.settings, right, len(self.y_holdout), words, self.example) if whole else None
