"""The words of a sentence, and words that may stand for them in one sense."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from core.datasets import DATA, load_sentiment
from core.quote import quote

MOST_WORDS = 40
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
NEGATIONS = frozenset(
    ("no", "not", "never", "nobody", "nothing", "none", "neither", "nor", "without", "hardly", "cannot")
)
LETTERS_AN = re.compile(
    r"(?!(?:uni(?!n|m)|use|usu|util|one(?!i)|once|eu|ewe))[aeiou]|hon(?:est|ou?r)|hour|heir|8|1[18](?!\d)"
)
ALLOWED = f"allowed: 1 to {MOST_WORDS} English words, such as `A lovely film`"
ENDINGS = re.compile(r"(e?s|e?d|ing|ly|'s)?")  # of a cue in the sentence


@dataclass(frozen=True)
class Token:
    """A word with the signs before and after it."""

    word: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        return self.before + self.word + self.after


@dataclass(frozen=True)
class Sense:
    """One sense of a word.

    Attributes:
        kind: noun, verb, adj or adv. gloss: the sense in plain words.
        cues: one of them is in the sentence, or the sense is not meant; none where the word has one sense.
        forms: of the word. synonyms: their forms, in the same order.
    """

    kind: str
    gloss: str
    cues: tuple[str, ...]
    forms: tuple[str, ...]
    synonyms: tuple[tuple[str, ...], ...]


def read_words(text: str) -> tuple[Token, ...]:
    """The words of a sentence in their order.

    Raises:
        ValueError: in one sentence, if there is no word in it, or too many.
    """
    if not text.strip():
        raise ValueError(f"The text is empty; {ALLOWED}.")
    tokens = []
    for piece in text.split():
        found = WORD.search(piece)
        if found:
            tokens.append(Token(found[0], piece[: found.start()], piece[found.end() :]))
        elif tokens:  # a sign that stands by itself
            tokens[-1] = Token(tokens[-1].word, tokens[-1].before, f"{tokens[-1].after} {piece}")
    if not any(c.isalpha() for token in tokens for c in token.word):
        raise ValueError(f"There is no word in {quote(text)}, only numbers and signs; {ALLOWED}.")
    if len(tokens) > MOST_WORDS:
        raise ValueError(f"The text has {len(tokens)} words; {ALLOWED}.")
    return tuple(tokens)


@cache
def load_senses() -> dict[str, tuple[tuple[Sense, int], ...]]:
    """Every form of every word of `core/data/synonyms.txt` -> its senses, and which form it is of each."""
    found: dict[str, list[tuple[Sense, int]]] = {}
    for line in (DATA / "synonyms.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        kind, gloss, cues, forms, synonyms = (part.strip() for part in line.split(";"))
        columns = [tuple(form.replace("_", " ") for form in part.split()) for part in (forms, *synonyms.split("|"))]
        sense = Sense(kind, gloss, tuple(cues.split()), columns[0], tuple(columns[1:]))
        for place, form in enumerate(columns[0]):
            if form not in columns[0][:place]:
                found.setdefault(form, []).append((sense, place))
    return {form: tuple(senses) for form, senses in found.items()}


def sense_of(word: str, sentence: frozenset[str]) -> tuple[Sense, int] | None:
    """The sense that a word has among the (small) words of its sentence, and which form it is; None if unknown.

    A sense with a cue in the sentence comes first, then one that needs none.
    """
    senses = load_senses().get(word.lower(), ())
    others = sentence - {word.lower()}
    meant = [one for one in senses if any(_is_form(cue, other) for cue in one[0].cues for other in others)]
    return next(iter(meant or [one for one in senses if not one[0].cues]), None)


def _is_form(cue: str, word: str) -> bool:
    return word.startswith(cue) and ENDINGS.fullmatch(word[len(cue) :]) is not None


def synonyms_of(word: str, sentence: frozenset[str]) -> tuple[str, ...]:
    """Words that may stand for this one here, in its form."""
    found = sense_of(word, sentence)
    return tuple(forms[found[1]] for forms in found[0].synonyms) if found else ()


def sisters_of(word: str, sentence: frozenset[str]) -> tuple[str, ...]:
    """Every word of the table with the same sense in plain words, in the same form, the word itself first."""
    found = sense_of(word, sentence)
    if not found:
        return ()
    sense, place = found
    alike = {s.forms: s for senses in load_senses().values() for s, _ in senses}
    alike = [s for s in alike.values() if (s.kind, s.gloss) == (sense.kind, sense.gloss)]
    forms = [forms for s in (sense, *alike) for forms in (s.forms, *s.synonyms)]
    return tuple(dict.fromkeys(form[place] for form in forms if len(form) == len(sense.forms)))


def small(tokens: tuple[Token, ...]) -> frozenset[str]:
    """The words in small letters."""
    return frozenset(token.word.lower() for token in tokens)


def negates(word: str) -> bool:
    """Whether it turns a sentence into its opposite: not, never, don't."""
    return word.lower() in NEGATIONS or word.lower().replace("’", "'").endswith("n't")


def article(word: str) -> str:
    """The indefinite article before a word or number: a or an.

    >>> article("hour"), article("useful"), article("awful")
    ('an', 'a', 'an')
    """
    return "an" if LETTERS_AN.match(word.lower()) else "a"


@cache
def feelings() -> dict[str, int]:
    """Words that stand in three or more sentences of the small sentiment set, all with one label -> that label."""
    sentences, y = load_sentiment()
    counts = {0: Counter(), 1: Counter()}
    for text, label in zip(sentences, y.tolist(), strict=True):
        counts[label].update(small(read_words(text)) - NEGATIONS)
    return {
        word: label
        for label, own in counts.items()
        for word, n in own.items()
        if n >= 3 and not counts[1 - label][word]
    }


@cache
def begins_small() -> frozenset[str]:
    """Words that the project knows to be written small inside a sentence."""
    inside = {token.word for text in load_sentiment()[0] for token in read_words(text)[1:]}
    return frozenset(word for word in inside | set(load_senses()) if word == word.lower())
