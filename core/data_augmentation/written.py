"""A changed sentence as it is written: its capital letters, its a and an, its signs."""

import re
from dataclasses import replace

from core.data_augmentation.words import Token, article, begins_small

Words = list[tuple[str, int | None]]  # word, and its place in the original, or None if it is new
ENDS = re.compile(r"[.!?…]")  # a sentence


def _begins(tokens: tuple[Token, ...], place: int) -> bool:
    """Whether a sentence begins at a place of the original, with a capital letter."""
    inside = 0 < place < len(tokens) and ENDS.search(tokens[place - 1].after)
    return bool(place == 0 or inside) and tokens[place].word[0].isupper()


def _slots(words: Words, tokens: tuple[Token, ...]) -> list[int | None]:
    """The place whose signs each word gets: signs stay where they were, and go with a word that is deleted."""
    places = [place for _, place in words if place is not None]
    slots = iter(range(len(tokens)) if len(places) == len(tokens) else places)
    return [None if place is None else next(slots) for _, place in words]


def with_capitals(words: Words, tokens: tuple[Token, ...]) -> Words:
    """Sentences begin with a capital where they did; a synonym is written as its word was: GOOD, Good or good."""
    found, after = [], 0
    for (word, place), slot in zip(words, _slots(words, tokens), strict=True):
        if place is not None:
            old = tokens[place].word
            if old.isupper() and len(old) > 1:
                word = word.upper()
            elif not _begins(tokens, place):
                word = _capital(word) if old[0].isupper() else word
            elif word.lower() in begins_small():
                word = word.lower()
        if after is not None and _begins(tokens, after):
            word = _capital(word)
        after = None if slot is None else slot + 1
        found.append((word, place))
    return found


def _capital(word: str) -> str:
    return word[0].upper() + word[1:]


def with_articles(words: Words, tokens: tuple[Token, ...]) -> Words:
    """a becomes an, or an a, where another word follows it now than before."""
    words, old = list(words), [*(token.word.lower() for token in tokens), ""]
    for i, ((word, place), (following, _)) in enumerate(zip(words, words[1:], strict=False)):
        right = article(following)
        if place is not None and word.lower() in {"a", "an"} - {right} and following.lower() != old[place + 1]:
            words[i] = (_capital(right) if word[0].isupper() else right, place)
    return words


def parts_of(words: Words, tokens: tuple[Token, ...]) -> list[str]:
    """Each word with its signs; a sign that ends the sentence stays when its word goes."""
    slots = _slots(words, tokens)
    parts = [
        word if s is None else str(replace(tokens[s], word=word)) for (word, _), s in zip(words, slots, strict=True)
    ]
    if len(tokens) - 1 not in slots:
        parts[-1] = parts[-1].rstrip(",;:") + tokens[-1].after
    return parts
