"""An epoch of the course's loader, samplers and collate functions, against torch itself and closed forms."""

from collections import Counter
from dataclasses import replace
from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import printed
from torch.utils.data import DataLoader
from visitor import visit

from core.datasets_and_loaders.collate import cells, default_outcome, other_items, pad, run_collate
from core.datasets_and_loaders.path import (
    COURSE_ORDER,
    NumberProductDataset,
    moments,
    run_path,
    stacks_fields,
)
from core.datasets_and_loaders.program import collate_program, path_program, samplers_program
from core.datasets_and_loaders.samplers import (
    always_once,
    labels_of,
    never,
    number_of_batches,
    run_samplers,
    seen_share,
    weights_of,
)
from core.datasets_and_loaders.sentences import read_sentences
from core.datasets_and_loaders.settings import (
    COURSE_SEED,
    MOST_MOMENTS,
    SAMPLERS,
    CollateSettings,
    PathSettings,
    SamplersSettings,
)
from core.program import source
from figures.datasets_and_loaders import collate as collate_figure
from figures.datasets_and_loaders import path as path_figure
from figures.datasets_and_loaders import samplers as samplers_figure

SEQUENCE = PathSettings(shuffle=False, count=7, low=-3, batch_size=2)
NO_BATCH = PathSettings(batch_size=12, drop_last=True)
SMALL_PATHS = [PathSettings(), SEQUENCE, NO_BATCH, PathSettings(count=1), PathSettings(count=12, batch_size=1)]
SMALL_PATHS += [PathSettings(count=12, batch_size=5, drop_last=True, seed=3)]


def test_the_course_s_dataset_and_batches():
    assert NumberProductDataset((0, 11))[3] == ((3, 4), 12)
    path = run_path(PathSettings())
    assert [path_figure.printed(path, batch) for batch in range(2)] == [
        "[tensor([4, 3, 1]), tensor([5, 4, 2])] tensor([20, 12,  2])",
        "[tensor([2, 0]), tensor([3, 1])] tensor([6, 0])",
    ]
    orders = [run_path(PathSettings(seed=seed)).order for seed in range(COURSE_SEED + 1)]
    assert orders.index(COURSE_ORDER) == COURSE_SEED == PathSettings().seed


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.booleans(), st.booleans(), st.integers(0, 999))
def test_the_path_is_what_a_plain_loader_gives(count, batch_size, shuffle, drop_last, seed):
    chosen = PathSettings(count=count, batch_size=batch_size, shuffle=shuffle, drop_last=drop_last, seed=seed)
    path, generator = run_path(chosen), torch.Generator().manual_seed(seed)
    loader = DataLoader(
        NumberProductDataset((0, count)), batch_size, shuffle=shuffle, drop_last=drop_last, generator=generator
    )
    assert [str(batch) for batch in loader] == [str(batch) for batch in path.collated]
    assert path.length == len(path.batches) == number_of_batches(count, batch_size, drop_last)
    assert sorted(path.order) == list(range(count))
    assert [i for batch in path.batches for i in batch] + path.left_out == path.order
    assert shuffle or path.order == list(range(count))
    assert stacks_fields(path) == bool(path.batches)
    assert len(moments(path)) <= MOST_MOMENTS


@pytest.mark.parametrize("chosen", SMALL_PATHS, ids=range(len(SMALL_PATHS)))
def test_no_card_is_lost_on_its_way(chosen):
    path = run_path(chosen)
    picture = path_figure.cards(path)
    assert len(picture.frames) == len(path_figure.labels(path)) == len(moments(path))
    assert len(picture.caption.split()) <= 45
    for frame in picture.frames:
        _, _, cards, numbers, _ = frame["data"]
        assert len(cards["x"]) + len(numbers["x"]) / 3 == len(path.items)
    cards, numbers = picture.frames[-1]["data"][2:4]
    assert len(cards["x"]) == len(path.left_out)
    drawn = sorted(int(text.replace("−", "-")) for text in numbers["text"])
    assert drawn == sorted(n for pairs, products in path.collated for t in (*pairs, products) for n in t.tolist())
    assert "**" in path_figure.by_hand(path, len(moments(path)) - 1)
    assert len(picture.table) == len(path.items)


@pytest.mark.parametrize(
    ("sampler", "more", "share", "once"),
    [
        ("sequential", {}, "all", True),
        ("random", {}, "all", True),
        ("random", {"drop_last": True, "batch_size": 7}, "most", False),
        ("replacement", {}, "most", False),
        ("subset", {"subset": 12}, "few", False),
        ("random", {"drop_last": True, "batch_size": 40}, "none", False),
    ],
)
def test_who_comes(sampler, more, share, once):
    found = run_samplers(SamplersSettings(sampler=sampler, **more))
    assert seen_share(found) == share
    assert always_once(found) is once
    assert (never(found) > 0) is (sampler == "subset" or share == "none")
    assert len(samplers_figure.samples_by_epoch(found).caption.split()) <= 45


@pytest.mark.parametrize("sampler, drop_last", list(product(SAMPLERS, (False, True))))
def test_the_number_of_batches_is_the_loader_s_and_all_draws_are_counted(sampler, drop_last):
    for batch_size in (1, 5, 24, 40):
        chosen = SamplersSettings(sampler=sampler, drop_last=drop_last, batch_size=batch_size, num_epochs=2)
        found = run_samplers(chosen)
        n = number_of_batches(chosen.n_drawn, batch_size, drop_last)
        assert found.length == n
        came = n * batch_size if drop_last else chosen.n_drawn
        assert found.counts.sum(1).tolist() == [came] * 2
        assert ((found.first > 0) == (found.counts > 0)).all()
        for epoch, row in zip(found.batches, found.counts.tolist(), strict=True):
            assert Counter(i for batch in epoch for i in batch) == Counter({i: c for i, c in enumerate(row) if c})
        if not n:
            assert "No batch" in samplers_figure.class_mix(found).caption


def test_weights_bring_both_classes_equally_often():
    chosen = SamplersSettings(sampler="weighted", num_epochs=12, n_samples=40, rare=4)
    weights = weights_of(labels_of(chosen))
    assert weights[labels_of(chosen) == 1].sum() == pytest.approx(1) == weights[labels_of(chosen) == 0].sum()
    found = run_samplers(chosen)
    share = (found.counts * found.labels).sum() / found.counts.sum()
    assert share.item() == pytest.approx(0.5, abs=4 * (0.25 / 480) ** 0.5)
    assert run_samplers(replace(chosen, n_samples=3, rare=20)).counts.sum() == 36  # one class only


def test_the_expected_share_of_drawing_with_putting_back():
    chosen = SamplersSettings(sampler="replacement", n_samples=40, num_epochs=12)
    seen = torch.cat([run_samplers(replace(chosen, seed=s)).counts > 0 for s in range(20)]).double().mean().item()
    assert seen == pytest.approx(1 - (1 - 1 / 40) ** 40, abs=0.02)


def test_padding_by_hand():
    found = run_collate(CollateSettings(sentences="a b c; b; a c", batch_size=2))
    assert [ids.tolist() for ids in found.ids] == [[[1, 2, 3], [2, 0, 0]], [[1, 3]]]
    assert cells(found) == (8, 2)
    assert found.asked == (3, 2)
    assert default_outcome(found) == "error"
    ids, lengths, mask = pad([torch.tensor([5]), torch.tensor([6, 7])])
    assert (ids.tolist(), lengths.tolist(), mask.tolist()) == (
        [[5, 0], [6, 7]],
        [1, 2],
        [[True, False], [True, True]],
    )
    assert "2 × 3 = 6 cells. Without the words, 6 − 3 − 1 = **2**" in collate_figure.by_hand(found)


def test_sorting_by_length_never_pads_more_and_default_collate_fails_where_lengths_differ():
    text = "a; b c d e f g; h; i j k l m n"
    unsorted, ordered = (run_collate(CollateSettings(sentences=text, by_length=by)) for by in (False, True))
    assert (cells(unsorted)[1], cells(ordered)[1]) == (10, 0)
    failed = run_collate(CollateSettings(sentences="a b; c d; e; f g", collate="default"))
    assert failed.error.startswith("RuntimeError: stack expects each tensor to be equal size, but got [1] at entry 0")
    assert len(failed.ids) == 1 and len(failed.batches) == 2
    picture = collate_figure.batch_cells(failed)
    assert "1 batch came; then" in picture.caption
    equal = run_collate(CollateSettings(sentences="a b; c d", collate="default"))
    assert default_outcome(equal) == "stack" and not equal.error


def test_default_collate_makes_doubles_of_python_s_numbers():
    made = other_items()
    assert made["0.5, 1.5, 2.5"] == "float64 (3,)"
    assert made["0, 1, 2"] == "int64 (3,)"
    assert made["(3, 12), (4, 20), (1, 2)"] == "list of: int64 (3,); int64 (3,)"
    assert made["None, None, None"].startswith("TypeError")


@pytest.mark.parametrize("text", ["", " ;;. ", "a;" * 9, "a " * 13, "x" * 21])
def test_a_text_that_cannot_be_used_gets_one_sentence(text):
    with pytest.raises(ValueError, match="allowed: "):
        read_sentences(text)
    at = visit("datasets_and_loaders", view="collate", **{"collate.sentences": text})
    assert not at.exception
    assert "allowed:" in at.error[0].value


def test_the_programs_print_what_the_page_says():
    programs = [path_program(run_path(chosen)) for chosen in SMALL_PATHS]
    programs += [samplers_program(run_samplers(SamplersSettings(sampler=name))) for name in SAMPLERS]
    programs.append(samplers_program(run_samplers(SamplersSettings(drop_last=True, batch_size=40, rare=20, subset=40))))
    collated = (
        CollateSettings(),
        CollateSettings(collate="default"),
        CollateSettings(by_length=True, batch_size=3),
        CollateSettings(sentences='it\'s "x"; a\\ b', collate="default"),
    )
    programs += [collate_program(run_collate(chosen)) for chosen in collated]
    assert programs[0].text == source("datasets_and_loaders")
    said = printed((program.text for program in programs), warnings_are_errors=True)
    assert said == [list(program.prints) for program in programs]
