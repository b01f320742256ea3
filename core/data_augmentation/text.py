"""Copies of a sentence by the four operations of EDA, and by a toy back-translation, with a reason for every change.

    copies = make_copies(TextSettings(text="A lovely film.", operation="replace", seed=0))

Source: J. Wei and K. Zou, EDA: Easy Data Augmentation Techniques (2019), https://arxiv.org/abs/1901.11196
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Generator

from core.cache import cached
from core.data_augmentation.settings import TextSettings
from core.data_augmentation.words import (
    Token,
    article,
    begins_small,
    feelings,
    negates,
    read_words,
    sense_of,
    sisters_of,
    small,
    synonyms_of,
)

COPIES = 8
FOUR = ("replace", "insert", "swap", "delete")


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
        words: (word, place in the original, or None if it is new), in their order.
        pivot: the sentence in the toy language of senses, for back-translation; else "".
    """

    text: str
    words: tuple[tuple[str, int | None], ...]
    changes: tuple[Change, ...]
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
    n = max(1, round(alpha * len(tokens)))
    changes, pivot = [], ""
    if operation == "delete":
        words, changes = _delete(words, alpha, generator)
    elif operation == "back":
        words, changes, pivot = _back(tokens, words, generator)
    else:
        words, changes = OPERATIONS[operation](tokens, words, n, generator)
    words = _with_capital(words, tokens[0].word)
    words, mended = _with_articles(words)
    return Copy(_sentence(words, tokens), tuple(words), (*changes, *mended), pivot)


Words = list[tuple[str, int | None]]


def draw(n: int, generator: Generator) -> int:
    """A whole number from 0 to n - 1."""
    return int(torch.randint(n, (), generator=generator))


def _some(places: list[int], n: int, generator: Generator) -> list[int]:
    return [places[i] for i in torch.randperm(len(places), generator=generator)[:n].tolist()]


def _known(tokens: tuple[Token, ...]) -> list[int]:
    sentence = small(tokens)
    return [place for place, token in enumerate(tokens) if sense_of(token.word, sentence)]


def _replace(tokens: tuple[Token, ...], words: Words, n: int, generator: Generator) -> tuple[Words, list[Change]]:
    """n words that the table knows, each by a synonym."""
    words, changes, sentence = list(words), [], small(tokens)
    for place in sorted(_some(_known(tokens), n, generator)):
        word, choices = tokens[place].word, synonyms_of(tokens[place].word, sentence)
        new = choices[draw(len(choices), generator)]
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


def _back(tokens: tuple[Token, ...], words: Words, generator: Generator) -> tuple[Words, list[Change], str]:
    """Each word that the table knows becomes its sense, as into another language, and that one of its words."""
    words, changes, pivot, sentence = list(words), [], [str(t) for t in tokens], small(tokens)
    for place in _known(tokens):
        word, gloss = tokens[place].word, sense_of(tokens[place].word, sentence)[0].gloss
        pivot[place] = str(replace(tokens[place], word=f"[{gloss}]"))
        choices = sisters_of(word, sentence)
        new = choices[draw(len(choices), generator)]
        if new != word.lower():
            words[place] = (new, place)
            changes.append(Change("replaced", place, word, new, gloss))
    return words, changes, " ".join(pivot)


OPERATIONS: dict[str, Callable] = {"replace": _replace, "insert": _insert, "swap": _swap}


def _with_capital(words: Words, first: str) -> Words:
    """The sentence begins as it did, with a capital letter or without."""
    if not first[0].isupper() or not words:
        return words
    words = [(w.lower() if w == first and w.lower() in begins_small() else w, place) for w, place in words]
    return [(words[0][0][0].upper() + words[0][0][1:], words[0][1]), *words[1:]]


def _with_articles(words: Words) -> tuple[Words, list[Change]]:
    """a becomes an, or an a, where another word follows it now than before."""
    words, changes = list(words), []
    for i, ((word, place), (following, _)) in enumerate(zip(words, words[1:], strict=False)):
        right = article(following)
        if place is not None and word.lower() in ("a", "an") and word.lower() != right:
            new = right.capitalize() if word[0].isupper() else right
            words[i] = (new, place)
            changes.append(Change("mended", place, word, new))
    return words, changes


def _sentence(words: Words, tokens: tuple[Token, ...]) -> str:
    """Signs stay at the places that they had; a sign that ends the sentence stays when its word goes."""
    places = [place for _, place in words if place is not None]
    signs = iter(tokens if len(places) == len(tokens) else [tokens[place] for place in places])
    parts = [word if place is None else str(replace(next(signs), word=word)) for word, place in words]
    text = " ".join(parts)
    return text if len(tokens) - 1 in places else text.rstrip(",;:") + tokens[-1].after


def n_damaged(copies: Copies) -> int:
    """After how many copies the label may be another one."""
    return sum(bool(damage(copies, copy)) for copy in copies.copies)


def damage(copies: Copies, copy: Copy) -> list[tuple[str, str]]:
    """Changes after which the label may be another one: what was done, and the word.

    A negation that was "deleted" or "moved"; a word of praise or blame that was "deleted", or that was "inserted"
    into a sentence with a negation, which may not reach it.
    """
    negated = any(negates(token.word) for token in copies.tokens)
    found = []
    for one in copy.changes:
        before, after = one.before.lower(), one.after.lower()
        if one.kind == "deleted" and (negates(before) or before in feelings()):
            found.append(("deleted", one.before))
        if one.kind == "swapped":
            found += [("moved", word) for word in (one.before, one.after) if negates(word)]
        if one.kind == "inserted" and negated and (before in feelings() or after in feelings()):
            found.append(("inserted", one.after))
    return found
