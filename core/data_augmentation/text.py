"""Copies of a sentence by the four operations of EDA, and by a toy back-translation, with a reason for every change.

    copies = make_copies(TextSettings(text="A lovely film.", operation="replace", seed=0))

Source: J. Wei and K. Zou, EDA: Easy Data Augmentation Techniques (2019), https://arxiv.org/abs/1901.11196
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Generator

from core.cache import cached
from core.data_augmentation.settings import TextSettings
from core.data_augmentation.words import (
    Token,
    feelings,
    negates,
    read_words,
    sense_of,
    sisters_of,
    small,
    synonyms_of,
)
from core.data_augmentation.written import Words, parts_of, with_articles, with_capitals

COPIES = 8
FOUR = ("replace", "insert", "swap", "delete")
NO_VERB_AFTER = frozenset(["a", "an", "the", "my", "his", "her", "our", "your", "their", "of", "from", "with", "no"])


@dataclass(frozen=True)
class Change:
    """One thing that was done.

    Attributes:
        kind: "replaced", "inserted", "swapped", "deleted" or "mended".
        place: the word of the sentence that it is about, counted from 0. other: the second word of a swap.
        at: where a word was inserted. before, after: the words, "" for none.
        reason: the sense, where one was looked up.
    """

    kind: str
    place: int
    before: str
    after: str
    reason: str = ""
    other: int | None = None
    at: int | None = None


@dataclass(frozen=True)
class Copy:
    """A changed sentence.

    Attributes:
        words: (word, place in the original, or None if it is new), in their order. parts: the same with their signs.
        pivot: the sentence in the toy language of senses, for back-translation; else "".
    """

    text: str
    words: tuple[tuple[str, int | None], ...]
    changes: tuple[Change, ...]
    parts: tuple[str, ...]
    pivot: str = ""


@dataclass(frozen=True)
class Copies:
    """The sentence and its copies. known: the places of words that the table of synonyms has, in their sense here."""

    settings: TextSettings
    tokens: tuple[Token, ...]
    copies: tuple[Copy, ...]
    known: tuple[int, ...]


@cached
def make_copies(settings: TextSettings) -> Copies:
    """Eight copies, each from a generator of its own."""
    tokens = read_words(settings.text)
    copies = []
    for number in range(COPIES):
        generator = Generator().manual_seed(1000 * settings.seed + number)
        copies.append(change(tokens, settings.operation, settings.alpha, generator))
    return Copies(settings, tokens, tuple(copies), tuple(_known(tokens)))


def change(tokens: tuple[Token, ...], operation: str, alpha: float, generator: Generator) -> Copy:
    """One copy; "eda" is one of the four, drawn."""
    if operation == "eda":
        operation = FOUR[draw(len(FOUR), generator)]
    words = [(token.word, place) for place, token in enumerate(tokens)]
    n = times(len(tokens), alpha)
    if operation == "delete":
        words, changes = _delete(words, alpha, generator)
    elif operation == "back":
        words, changes = _replace(tokens, words, _known(tokens), sisters_of, generator)
    elif operation == "replace":
        places = sorted(_some(_known(tokens), n, generator))
        words, changes = _replace(tokens, words, places, synonyms_of, generator)
    else:
        words, changes = (_insert if operation == "insert" else _swap)(tokens, words, n, generator)
    pivot = _pivot(tokens) if operation == "back" else ""
    words = with_capitals(words, tokens)
    mended = with_articles(words, tokens)
    changes += [Change("mended", p, old, new) for (old, p), (new, _) in zip(words, mended, strict=True) if old != new]
    parts = parts_of(mended, tokens)
    return Copy(" ".join(parts), tuple(mended), tuple(changes), tuple(parts), pivot)


def times(n_words: int, alpha: float) -> int:
    """How often words are replaced, inserted or swapped: alpha · n_words, a half rounded up, and at least once."""
    return max(1, math.floor(alpha * n_words + 0.5))


def draw(n: int, generator: Generator) -> int:
    """A whole number from 0 to n - 1."""
    return int(torch.randint(n, (), generator=generator))


def _some(places: list[int], n: int, generator: Generator) -> list[int]:
    return [places[i] for i in torch.randperm(len(places), generator=generator)[:n].tolist()]


def _known(tokens: tuple[Token, ...]) -> list[int]:
    """Words that the table has in their sense. What follows an article is no verb; one before "to" takes another."""
    sentence, words = small(tokens), ["", *(token.word.lower() for token in tokens), ""]
    found = {place: sense_of(token.word, sentence) for place, token in enumerate(tokens)}
    return [
        place
        for place, sense in found.items()
        if sense and not (sense[0].kind == "verb" and (words[place] in NO_VERB_AFTER or words[place + 2] == "to"))
    ]


def _replace(
    tokens: tuple[Token, ...], words: Words, places: list[int], look_up: Callable, generator: Generator
) -> tuple[Words, list[Change]]:
    """The words at some places, each by one that is looked up, which may be itself."""
    words, changes, sentence = list(words), [], small(tokens)
    for place in places:
        word, choices = tokens[place].word, look_up(tokens[place].word, sentence)
        new = choices[draw(len(choices), generator)]
        if new != word.lower():
            words[place] = (new, place)
            changes.append(Change("replaced", place, word, new, sense_of(word, sentence)[0].gloss))
    return words, changes


def _insert(tokens: tuple[Token, ...], words: Words, n: int, generator: Generator) -> tuple[Words, list[Change]]:
    """n times a synonym of a word of the sentence, before a word drawn at random."""
    words, changes, sentence, known = list(words), [], small(tokens), _known(tokens)
    for _ in range(n if known else 0):
        place = known[draw(len(known), generator)]
        choices = synonyms_of(tokens[place].word, sentence)
        new, at = choices[draw(len(choices), generator)], draw(len(words), generator)
        words.insert(at, (new, None))
        gloss = sense_of(tokens[place].word, sentence)[0].gloss
        changes.append(Change("inserted", place, tokens[place].word, new, gloss, at=at))
    return words, changes


def _swap(tokens: tuple[Token, ...], words: Words, n: int, generator: Generator) -> tuple[Words, list[Change]]:
    """n times two words change places."""
    words, changes = list(words), []
    for _ in range(n if len(words) > 1 else 0):
        a, b = sorted(_some(list(range(len(words))), 2, generator))
        words[a], words[b] = words[b], words[a]
        changes.append(Change("swapped", words[a][1], words[a][0], words[b][0], other=words[b][1]))
    return words, changes


def _delete(words: Words, alpha: float, generator: Generator) -> tuple[Words, list[Change]]:
    """Each word goes with probability alpha; one stays."""
    stays = (torch.rand(len(words), generator=generator) >= alpha).tolist()
    if not any(stays):
        stays[draw(len(words), generator)] = True
    changes = [Change("deleted", place, word, "") for (word, place), stay in zip(words, stays, strict=True) if not stay]
    return [word for word, stay in zip(words, stays, strict=True) if stay], changes


def _pivot(tokens: tuple[Token, ...]) -> str:
    """Each word that the table knows as its sense, as if in another language."""
    said, sentence = list(tokens), small(tokens)
    for place in _known(tokens):
        said[place] = replace(tokens[place], word=f"[{sense_of(tokens[place].word, sentence)[0].gloss}]")
    return " ".join(map(str, said))


def n_damaged(copies: Copies) -> int:
    """After how many copies the label may be another one."""
    return sum(bool(damage(copies, copy)) for copy in copies.copies)


def damage(copies: Copies, copy: Copy) -> list[tuple[str, str]]:
    """Changes after which the label may be another one: what was done, and the word.

    A negation that was "deleted" or "moved"; a word of praise or blame that was "deleted", or that was "inserted" or
    "moved" in a sentence with a negation, which may reach it or not.
    """
    negated = any(negates(token.word) for token in copies.tokens)
    found = [
        ("moved", word)
        for i, (word, place) in enumerate(copy.words)
        if copies.settings.operation == "swap" and place != i and negated and _decides(word)
    ]
    for one in copy.changes:
        if one.kind == "deleted" and _decides(one.before):
            found.append(("deleted", one.before))
        if one.kind == "inserted" and negated and (_decides(one.before) or _decides(one.after)):
            found.append(("inserted", one.after))
    return list(dict.fromkeys(found))


def _decides(word: str) -> bool:
    """Whether it is a negation, or a word of praise or blame."""
    return negates(word) or word.lower() in feelings()
