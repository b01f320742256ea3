"""Sentences that are changed: the table, the operations, damage, and what a bag of words learns from copies."""

import json
import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import printed
from torch import Generator
from visitor import charts, visit

from core.data_augmentation.program import sentences_program, sentences_table, text_program
from core.data_augmentation.sentences import ReadTask, bags, few_sentences, holdout
from core.data_augmentation.settings import TEXT_OPERATIONS, SentencesSettings, TextSettings
from core.data_augmentation.text import change, damage, make_copies, n_damaged, times
from core.data_augmentation.words import (
    article,
    feelings,
    load_senses,
    negates,
    read_words,
    sense_of,
    sisters_of,
    synonyms_of,
)
from core.datasets import load_sentiment
from figures.data_augmentation.text import by_hand, what_happened, word_diff

SOME = ("A", "film,", "not", "good", "an", "(lovely)", "story!", "hour", "it's", "Maria")
WORDS = st.lists(st.sampled_from(SOME), min_size=1, max_size=12)


def copies(operation, text, **values):
    return make_copies(TextSettings(text=text, operation=operation, **values))


def test_the_table_has_many_words_and_every_form_of_each():
    senses = {sense.forms: sense for found in load_senses().values() for sense, _ in found}
    assert len(senses) >= 150
    for forms, sense in senses.items():
        assert sense.kind in ("noun", "verb", "adj", "adv")
        assert sense.synonyms
        assert {len(synonym) for synonym in sense.synonyms} == {len(forms)}, forms
        assert len(forms) == 5 if sense.kind == "verb" else len(forms) <= 2
        assert all(forms[0] != synonym[0] for synonym in sense.synonyms)


def test_the_sentences_are_many_balanced_and_different():
    sentences, y = load_sentiment()
    assert len(sentences) == len(set(sentences)) >= 400
    assert y.view(-1, 2).tolist() == [[1, 0]] * (len(y) // 2)


@pytest.mark.parametrize(
    ("word", "sentence", "gloss"),
    [
        ("hard", "the bed is hard", "not soft"),
        ("hard", "it is hard to read", "not easy"),
        ("hard", "a hard stone", None),
        ("films", "two films", "moving picture"),
        ("picture", "a camera takes a picture", "picture by a camera"),
        ("zebra", "a zebra", None),
    ],
)
def test_the_sense_is_the_one_that_the_sentence_has_a_cue_for(word, sentence, gloss):
    found = sense_of(word, frozenset(sentence.split()))
    assert (found and found[0].gloss) == (None if gloss is None else found[0].gloss)
    assert (found is None) == (gloss is None)
    if gloss and gloss != "picture by a camera":
        assert found[0].gloss == gloss


def test_a_synonym_has_the_form_of_the_word():
    assert "movies" in synonyms_of("films", frozenset({"films"}))
    assert set(synonyms_of("loved", frozenset({"loved"}))) == {"adored", "cherished"}
    assert {"terrible", "dreadful", "awful"} <= set(sisters_of("terrible", frozenset({"terrible"})))


@pytest.mark.parametrize(
    ("word", "right"),
    [("hour", "an"), ("honest", "an"), ("useful", "a"), ("one", "a"), ("awful", "an"), ("film", "a"), ("unfair", "an"),
     ("unique", "a"), ("European", "a"), ("Excellent", "an"), ("household", "a")],
)  # fmt: skip
def test_the_article_before_a_word(word, right):
    assert article(word) == right


def test_a_becomes_an_after_a_replacement_and_the_change_is_told():
    found = copies("replace", "A great film.", alpha=0.5, seed=0)
    for copy in found.copies:
        words = copy.text.rstrip(".").split()
        assert words[0] == article(words[1]).capitalize()
    made = [copy for seed in range(4) for copy in copies("back", "A terrible film.", seed=seed).copies]
    mended = [copy for copy in made if copy.text.startswith("An ")]
    assert mended
    assert all(any(c.kind == "mended" for c in copy.changes) for copy in mended)


@settings(max_examples=60, deadline=None)
@given(
    WORDS,
    st.sampled_from([*TEXT_OPERATIONS, "eda"]),
    st.integers(0, 99),
)
def test_every_operation_does_what_it_says_and_the_same_again(words, operation, seed):
    tokens = read_words(" ".join(words))
    first, second = (change(tokens, operation, 0.3, Generator().manual_seed(seed)) for _ in range(2))
    assert first == second
    places = [place for _, place in first.words if place is not None]
    n = max(1, round(0.3 * len(tokens)))
    kinds = [one.kind for one in first.changes if one.kind != "mended"]
    if operation in ("replace", "back", "insert"):
        assert places == list(range(len(tokens)))
        assert kinds.count("inserted") == len(first.words) - len(places)
        assert operation != "replace" or kinds.count("replaced") <= n
    if operation == "swap":
        assert sorted(places) == list(range(len(tokens)))
        assert len(kinds) == (n if len(tokens) > 1 else 0)
    if operation == "delete":
        assert 1 <= len(places) == len(tokens) - len(kinds)
        assert places == sorted(places)
    assert read_words(first.text)
    assert first.text.count("!") <= " ".join(words).count("!")


@pytest.mark.parametrize("operation", ["replace", "insert", "swap", "delete", "back"])
def test_what_was_right_before_stays_as_it_was(operation):
    """Sentences keep their capital letters, words in capitals stay so, and no article changes before the same word."""
    text = "A UFO, an MRI and an 8-hour film. The actors are GOOD. Maria loves a Movie!"
    for copy in copies(operation, text, alpha=0.4).copies:
        assert not any(sentence[0].islower() for sentence in re.split(r"(?<=[.!?]) ", copy.text))
        if operation in ("replace", "back"):
            assert copy.text.startswith("A UFO, an MRI and an 8-hour ")
    if operation == "replace":
        made = {word for copy in copies(operation, text, alpha=0.5).copies for word, _ in copy.words}
        assert {"FINE", "PLEASING"} & made and "Film" in made


def test_a_verb_is_not_taken_for_a_noun_or_for_one_that_takes_another_verb():
    for text in ("It is a waste of time.", "They want to go.", "The start of the show."):
        known = [read_words(text)[place].word for place in copies("replace", text).known]
        assert not {"waste", "want", "start"} & set(known)
    assert copies("replace", "They want it.").known


def test_half_a_word_is_rounded_up_as_a_reader_would():
    assert [times(n, alpha) for n, alpha in ((3, 0.5), (5, 0.5), (15, 0.1), (2, 0.1))] == [2, 3, 2, 1]
    for operation in ("replace", "insert", "swap"):
        for text in ("Good", "It was a good thing and so it went on", "Zebra"):
            found = copies(operation, text, alpha=0.5)
            said, wanted = by_hand(found), times(len(found.tokens), 0.5)
            done = sum(one.kind != "mended" for one in found.copies[0].changes)
            assert (f"Only {done} can" in said) == (done < wanted)
            assert f"**{wanted}**" in said


def test_signs_stay_and_the_sentence_ends_as_it_did():
    for operation in TEXT_OPERATIONS:
        for copy in copies(operation, "It is a lovely, clever film!", alpha=0.5).copies:
            assert copy.text.endswith("!")
            assert copy.text[0].isupper()
            assert ",!" not in copy.text
    kept = copies("swap", "Maria loves a film.", alpha=0.5).copies
    assert all("Maria" in copy.text for copy in kept)


@pytest.mark.parametrize("operation", TEXT_OPERATIONS)
def test_the_diff_holds_the_sentence_and_the_copy(operation):
    found = copies(operation, "It is not a lovely, clever film with a great story!", alpha=0.4)
    for copy in found.copies:
        diff = word_diff(found, copy)
        assert re.sub(r" ?\[-.*?-\]", "", diff).replace("{+", "").replace("+}", "").strip() == copy.text
        old = re.sub(r" ?\{\+.*?\+\}", "", diff).replace("[-", "").replace("-]", "").split()
        assert [word.lower().strip(",!") for word in old] == [token.word.lower() for token in found.tokens]


@pytest.mark.parametrize("operation", TEXT_OPERATIONS)
def test_a_cell_of_the_figure_has_one_mark(operation):
    traces = json.loads(what_happened(copies(operation, "It is a lovely film with an awful end", alpha=0.5)).json)[
        "data"
    ]
    marks = [cell for trace in traces[1:] for cell in zip(trace["x"], trace["y"], strict=True)]
    assert len(marks) == len(set(marks)) > 0


def test_a_lost_not_is_damage():
    found = copies("delete", "The film is not good.", alpha=0.5)
    lost = [copy for copy in found.copies if not any(negates(word) for word, _ in copy.words)]
    assert lost
    for copy in found.copies:
        assert (("deleted", "not") in damage(found, copy)) == (copy in lost)
    moved = copies("swap", "It was not cold.", alpha=0.5)
    assert any(("moved", "not") in damage(moved, copy) for copy in moved.copies)
    praised = copies("swap", "A lovely film that is not long.", alpha=0.5)
    for copy in praised.copies:
        stays = {word.lower() for i, (word, place) in enumerate(copy.words) if i == place}
        assert {word.lower() for what, word in damage(praised, copy) if what == "moved"} == {"lovely", "not"} - stays
    unhurt = copies("replace", "A lovely film.")
    assert (n_damaged(unhurt), n_damaged(found) >= len(lost)) == (0, True)
    assert (negates("Don't"), negates("isn’t"), negates("note")) == (True, True, False)
    assert feelings()["awful"] == 0 and feelings()["lovely"] == 1 and "film" not in feelings()


@pytest.mark.parametrize("text", ["", "   ", "12 34", "!?", "word " * 41])
def test_a_text_without_words_or_with_too_many_gets_a_sentence_and_nothing_is_lost(text):
    at = visit("data_augmentation", view="text", **{"text.text": "A lovely film."})
    before = charts(at)[0]["figure"]
    at = at.text_input(key="data_augmentation.text.text").set_value(text).run()
    assert not at.exception
    assert "allowed: 1 to 40 English words" in at.error[0].value
    assert charts(at)[0]["figure"] == before


def test_a_sentence_that_the_table_does_not_know_is_told():
    at = visit("data_augmentation", view="text", **{"text.text": "Qwertz asdf."})
    assert any("has no word of this sentence" in info.value for info in at.info)


def test_a_bag_forgets_order_and_number():
    vocabulary = {}
    X = bags(["A film, a film.", "film a"], vocabulary)
    assert vocabulary == {"a": 0, "film": 1}
    assert torch.equal(X, torch.ones(2, 2))


def test_no_sentence_is_both_learned_and_tested():
    assert not set(few_sentences(100, 3)[0]) & set(holdout()[0])
    texts, y = few_sentences(20, 0)
    assert (len(texts), y.sum().item()) == (20, 10)


def test_synonyms_bring_words_and_swaps_bring_none():
    found = ReadTask(SentencesSettings(treatments=("replace", "swap", "delete"), n=20)).run()
    plain, replaced, deleted = (sum(found.right[name]) for name in ("none", "replace", "delete"))
    assert replaced > plain > deleted
    assert all(a < b for a, b in zip(found.words["none"], found.words["replace"], strict=True))
    assert sum(found.words["swap"]) <= sum(found.words["none"]) + 10  # "an" may be new


def test_the_programs_print_what_the_page_says(tmp_path):
    text = "It is not a great story, but the actors are funny."
    programs = [text_program(copies(operation, text, alpha=0.3, seed=2)) for operation in TEXT_OPERATIONS]
    run = SentencesSettings(treatments=("replace", "eda"), n=10, copies=2)
    programs.append(sentences_program(ReadTask(run).run()))
    (tmp_path / "copies.csv").write_text(sentences_table(run), encoding="utf-8")
    assert printed([program.text for program in programs], tmp_path) == [program.prints for program in programs]
