"""Pinned runs go through a link and back without loss."""

from dataclasses import replace

import hypothesis
import hypothesis.strategies as st
import pytest

from core.multilayer_perceptron.settings import PlaygroundSettings
from core.pinned import MOST_PINNED, read_pinned, title, write_pinned
from core.training_loop.settings import LOOPS, OPTIMIZERS, TrainingLoopSettings, TrainingLoopViewState

USUAL = TrainingLoopSettings()
RUNS = st.builds(
    TrainingLoopSettings,
    lr=st.floats(1e-5, 10),
    hidden=st.integers(1, 256),
    seed=st.integers(0, 999),
    optimizer=st.sampled_from(list(OPTIMIZERS)),
    shuffle=st.booleans(),
    validation=st.floats(0, 0.5),
    loop=st.sampled_from(list(LOOPS)),
    data_low=st.integers(-40, 0),
)


@hypothesis.settings(deadline=None, derandomize=True)
@hypothesis.given(st.lists(RUNS, max_size=MOST_PINNED))
def test_pinned_runs_come_back_and_fit_into_the_link(runs):
    text = write_pinned(runs)
    assert read_pinned(text, TrainingLoopSettings) == runs
    TrainingLoopViewState(pinned=text)


def test_a_pin_names_only_what_differs_from_the_course():
    assert write_pinned([replace(USUAL, lr=0.01, hidden=8), USUAL]) == "lr:0.01,hidden:8;default"
    assert title(replace(USUAL, lr=0.01, optimizer="SGD"), "") == "lr 0.01, optimizer SGD"
    assert title(USUAL, "the course's run") == "the course's run"


def test_one_run_too_many_is_refused():
    assert len(read_pinned(";".join(["default"] * MOST_PINNED), TrainingLoopSettings)) == MOST_PINNED
    with pytest.raises(ValueError, match=f"{MOST_PINNED + 1} runs are pinned; allowed: at most {MOST_PINNED}"):
        read_pinned(";".join(["default"] * (MOST_PINNED + 1)), TrainingLoopSettings)


@pytest.mark.parametrize(
    "text", ["rate:1", "lr:", "lr:99", "lr", "lr:1:2", "hidden:8,", ":", "__class__:1", "batch_size:1", "loop:\n"]
)
def test_a_pin_that_cannot_be_run_is_refused_in_one_line(text):
    with pytest.raises(ValueError) as error:
        read_pinned(text, TrainingLoopSettings)
    assert "allowed: " in str(error.value)
    assert "\n" not in str(error.value)


@hypothesis.settings(deadline=None, derandomize=True)
@hypothesis.given(st.text(max_size=600) | st.text("lrhiden:0.12,;default", max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        runs = read_pinned(text, TrainingLoopSettings)
    except ValueError:
        return
    assert len(runs) <= MOST_PINNED
    assert all(isinstance(run, TrainingLoopSettings) for run in runs)


def test_values_with_the_marks_of_the_text_itself_come_back():
    runs = [PlaygroundSettings(layers="8, 4 relu", features=("x1", "sin2")), PlaygroundSettings(layers="", lr=0.5)]
    assert read_pinned(write_pinned(runs), PlaygroundSettings) == runs
