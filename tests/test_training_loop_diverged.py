"""A run that has diverged is said to have; no sentence does arithmetic with NaN or infinity."""

import re
from dataclasses import replace

import pytest
import torch
from visitor import charts, components, visit

from core.sample_tables import sample_table
from core.training_loop.health import all_finite
from core.training_loop.own import own_training, prepare_own, scored
from core.training_loop.settings import OwnSettings, TrainingLoopSettings
from core.training_loop.train import train
from core.training_loop.update import replay
from figures.training_loop.own import holdout
from figures.training_loop.trouble import trouble

WORDS = ("markdown", "caption", "info", "warning", "error", "success")
LOST = {"optimizer": "SGD", "lr": "10", "data_high": "20", "batch_size": "10", "num_epochs": "1"}
OWN = {"view": "own", "own.optimizer": "SGD", "own.lr": "10"}


@pytest.mark.parametrize("bad", [torch.nan, torch.inf, -torch.inf])
def test_one_number_that_is_none_is_enough(bad):
    assert all_finite() and all_finite(0.0, torch.tensor([1.0, -3e38]))
    assert not all_finite(1.0, bad)
    assert not all_finite(torch.zeros(2), torch.tensor([[1.0, bad]]))


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (LOST | {"view": "addition"}, "This run has diverged"),
        (LOST | {"view": "watch"}, "This run has diverged"),
        (LOST | {"view": "update", "update.at": "40"}, "no arithmetic to check"),
        (OWN | {"own.source": "diabetes"}, "not every answer is a finite number"),
        (OWN | {"own.source": "iris"}, "not every answer is a finite number"),
    ],
)
def test_a_page_says_so_and_writes_no_nan(link, said):
    at = visit("training_loop", **link)
    assert not at.exception
    texts = [str(element.value) for kind in WORDS for element in at.get(kind)]
    texts += [label for scrubber in components(at, "scrubber") for label in scrubber["labels"]]
    texts += [chart["alt"] for chart in charts(at)]
    assert any(said in text for text in texts)
    assert [text for text in texts if re.search(r"\b(nan|inf)\b", text)] == []


def test_before_it_diverges_a_run_answers_in_numbers():
    at = visit("training_loop", view="addition", **LOST, **{"addition.at": "0"})
    assert any(m.value.startswith("**model([3, 7]) = ") for m in at.markdown)


def test_the_update_in_which_a_number_is_lost_is_the_first_that_is_not_written_out():
    run = train(TrainingLoopSettings(optimizer="SGD", lr=10.0, data_high=20, batch_size=10, num_epochs=1))
    written = [replay(run, update).finite for update in range(1, run.updates + 1)]
    assert written[0] and not written[run.diverged_at - 1]
    assert written == sorted(written, reverse=True)


def test_a_row_whose_answer_is_nan_is_of_no_class():
    settings, table = OwnSettings(num_epochs=1), sample_table("iris")
    prepared = prepare_own(settings, table)
    run = own_training(settings, prepared).run()
    assert scored(run, prepared)
    end = run.snapshots[-1]
    lost = {name: torch.full_like(weight, torch.nan) for name, weight in end.weights.items()}
    run = replace(run, snapshots=(*run.snapshots, replace(end, weights=lost)))
    assert not scored(run, prepared)
    assert [frame["data"][0]["z"].sum() for frame in holdout(run, prepared).frames[-2:]] == [30, 0]


def test_one_hidden_unit_is_not_each_of_them():
    run = train(TrainingLoopSettings(optimizer="SGD", lr=10.0, data_high=12, hidden=1, num_epochs=1))
    assert "its one hidden unit is off" in trouble(run)
