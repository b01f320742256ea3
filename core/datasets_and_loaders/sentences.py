"""Typed sentences as samples: each a row of word numbers, as long as the sentence."""

import re

import torch
from torch import Tensor

from core.quote import quote

SENTENCES = "the cat sat; a dog; we saw a very long film about ships; no"
MOST_SENTENCES, MOST_WORDS, LONGEST_WORD = 8, 12, 20
ALLOWED = f"1 to {MOST_SENTENCES} sentences of at most {MOST_WORDS} words, with semicolons or full stops between them"


def read_sentences(text: str) -> list[list[str]]:
    """The words of each sentence.

    Raises:
        ValueError: in one sentence, if there is none or there are too many, or one or its words are too long.
    """
    sentences = [part.split() for part in re.split(r"[;.!?\n]", text) if part.split()]
    if not sentences:
        raise ValueError(f"The text holds no word, so there is no sample; allowed: {ALLOWED}.")
    if len(sentences) > MOST_SENTENCES:
        raise ValueError(f"The text holds {len(sentences)} sentences; allowed: {ALLOWED}.")
    for words in sentences:
        if len(words) > MOST_WORDS:
            raise ValueError(f"The sentence that begins with {quote(words[0])} is too long; allowed: {ALLOWED}.")
        for word in words:
            if len(word) > LONGEST_WORD:
                raise ValueError(f"The word {quote(word)} is too long; allowed: {LONGEST_WORD} letters.")
    return sentences


def vocabulary(sentences: list[list[str]]) -> dict[str, int]:
    """Word -> number, from 1 on in the order in which the words first come; 0 is for padding."""
    numbers: dict[str, int] = {}
    for word in (word for words in sentences for word in words):
        numbers.setdefault(word, len(numbers) + 1)
    return numbers


def encode(sentences: list[list[str]]) -> list[Tensor]:
    """Each sentence as the numbers of its words, shape (words,), int64."""
    numbers = vocabulary(sentences)
    return [torch.tensor([numbers[word] for word in words]) for words in sentences]
