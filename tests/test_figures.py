"""The figures say what the runs say."""

import base64
import json
import math
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
import torch

from core.training_loop.addition import answer, error_map, local_plane
from core.training_loop.model import predict
from core.training_loop.one_update import replay
from core.training_loop.own_data import OwnDataSettings, chosen_columns, own_data_training, prepare
from core.training_loop.settings import OPTIMIZERS, TrainingLoopSettings
from core.training_loop.sweep import BATCH_SIZES, LEARNING_RATES, SweepMap
from core.training_loop.table import sample_table
from core.training_loop.train import train
from figures import style
from figures.picture import Picture
from figures.training_loop.addition import COARSEST, FINEST, LEVELS, error_maps, hidden_units, plane_sentence
from figures.training_loop.answers import answers
from figures.training_loop.losses import compared, losses, losses_so_far
from figures.training_loop.one_update import batch_table, loss_sentence, steps, steps_sentence, weight_sentence
from figures.training_loop.own_data import holdout
from figures.training_loop.sweep import sweep_map
from figures.training_loop.trouble import trouble

ROOT = Path(__file__).parent.parent
SMALL = TrainingLoopSettings(data_high=12, num_epochs=3, batch_size=20)
LONGEST = TrainingLoopSettings(data_high=140, num_epochs=50, batch_size=100, hidden=4)


@pytest.fixture(scope="module")
def run():
    return train(SMALL)


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("colour", ["BLUE", "VERMILLION", "GREEN", "PURPLE", "GREY"])
def test_marks_stand_out_from_the_background(theme, colour):
    background = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"][theme]["backgroundColor"]
    assert contrast(getattr(style, colour), background) >= 3 or colour == "PURPLE" and theme == "light"


def test_runs_that_are_compared_differ_in_colour_dash_and_marker():
    for kind in zip(*style.SEQUENCE, strict=True):
        assert len(set(kind)) == len(kind)


@pytest.mark.parametrize(
    "values",
    [
        np.array([0.5, math.nan, math.inf]),
        np.arange(6, dtype=np.float32).reshape(2, 3).T,
        np.arange(250, 256, dtype=np.uint8).reshape(3, 2),
        np.array([-(2**31), 2**31 - 1], dtype=np.int32),
        np.array([True, False]),
        np.array(["a", "<b>"]),
        np.array([], dtype=np.float32),
        [1.0, None, math.nan, math.inf, np.float32(0.5)],
    ],
    ids=lambda values: str(getattr(values, "dtype", "list")),
)
def test_frames_are_sent_as_plotly_sends_a_figure(values):
    picture = Picture(go.Figure(go.Scatter(x=values)), "", "", frames=[{"data": [{"x": values}], "traces": [0]}])
    sent = json.loads(picture.json(), parse_constant=pytest.fail)
    assert sent["frames"] == [{"data": [{"x": sent["data"][0]["x"]}], "traces": [0]}]


def test_whole_numbers_that_javascript_has_no_array_of_are_sent_as_a_list():
    picture = Picture(go.Figure(), "", "", frames=[{"data": [{"z": np.array([[1, 2**40]])}], "traces": [0]}])
    assert json.loads(picture.json())["frames"][0]["data"][0]["z"] == [[1, 2**40]]


def test_every_recorded_moment_is_a_frame_with_the_run_s_own_numbers(run):
    for frame, moment in zip(losses(run).frames, run.moments, strict=True):
        place = min(moment.update, run.updates - 1)
        assert frame["data"] == [{"x": [place + 1], "y": [run.batch_losses[place].item()]}]
    assert len(answers(run).frames) == len(error_maps(run).frames) == len(run.moments)


def test_the_first_frame_is_what_the_figure_shows_at_first(run):
    picture = answers(run)
    for trace, then in zip(picture.figure.data[1:], picture.frames[0]["data"], strict=True):
        assert np.array_equal(trace.y, then["y"])


def test_the_answers_lie_where_the_network_says(run):
    figure = answers(run).figure
    for trace in figure.data[1:]:
        pairs = torch.from_numpy(np.repeat(trace.x[:, None] / 2, 2, axis=1).astype(np.float32))
        said = predict(run.moments[0].weights, pairs)[:, 0]
        torch.testing.assert_close(torch.from_numpy(trace.y), said, rtol=1e-4, atol=1e-3)


def test_the_error_map_s_code_gives_back_the_error(run):
    figure, found = error_maps(run).figure, error_map(run.weights, SMALL.data_range)
    power = FINEST + np.asarray(figure.data[0].z, dtype=float) / LEVELS * (COARSEST - FINEST)
    true = np.clip(np.log10(np.maximum(np.abs(found.errors.numpy()), 1e-9)), FINEST, COARSEST)
    assert np.abs(power - true).max() <= (COARSEST - FINEST) / LEVELS


def test_the_error_map_travels_as_bytes(run):
    spec = json.loads(error_maps(run).json())
    z = spec["frames"][3]["data"][0]["z"]
    assert z["dtype"] == "u1"
    assert len(base64.b64decode(z["bdata"])) == 61 * 61


@pytest.mark.parametrize("draw", [losses, answers, error_maps])
def test_the_longest_run_stays_below_a_megabyte(draw):
    assert len(draw(_longest()).json()) < 1_000_000


def _longest(kept=[]):  # noqa: B006  one run for three tests
    kept = kept or kept.append(train(LONGEST)) or kept
    return kept[0]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("update", [1, 7, 20])
def test_the_written_step_adds_up_to_the_weight_after_it(optimizer, update):
    run = train(replace(SMALL, optimizer=optimizer, lr=0.01 if "SGD" not in optimizer else 1e-4))
    sentence = weight_sentence(replay(run, update), run.settings)
    left, right = re.search(r": (.*) = \*\*(.*)\*\*", sentence).groups()
    arithmetic = left.replace("−", "-").replace("·", "*")
    arithmetic = re.sub(r"√([\d.e+-]+)", r"math.sqrt(\1)", arithmetic)
    assert re.fullmatch(r"[\d.e+\-*/() ]*", arithmetic.replace("math.sqrt", ""))
    assert eval(arithmetic, {"math": math}) == pytest.approx(float(right), abs=2e-5)


def test_the_written_loss_adds_up(run):
    shown = replay(run, 5)
    total, count, loss = re.search(r"= ([\d.e+]+) / (\d+) = \*\*([\d.e+]+)\*\*", loss_sentence(shown)).groups()
    assert float(total) / int(count) == pytest.approx(float(loss), rel=1e-4)
    assert float(loss) == pytest.approx(run.batch_losses[4].item(), rel=1e-5)
    assert batch_table(shown)["squared error"].mean() == pytest.approx(shown.loss, rel=1e-5)


@pytest.mark.parametrize("loop", ["no_step", "step_before_backward"])
def test_a_loop_that_moves_nothing_is_said_to_move_nothing(loop):
    run = train(replace(SMALL, loop=loop))
    shown = replay(run, 4)
    assert "No weight moved" in steps_sentence(shown, run.settings)
    assert all((trace.y == 0).all() for trace in steps(shown, run.settings).figure.data)
    assert "stays at" in weight_sentence(shown, run.settings)


def test_every_weight_is_a_mark(run):
    figure = steps(replay(run, 2), run.settings).figure
    assert sum(len(trace.x) for trace in figure.data) == sum(w.numel() for w in run.weights.values())


def test_divergence_is_named_with_its_update_and_reason():
    run = train(TrainingLoopSettings(optimizer="SGD", lr=1.0, num_epochs=1))
    assert f"at update {run.diverged_at:,}" in trouble(run)
    assert "SGD with lr 1" in trouble(run)
    assert trouble(train(TrainingLoopSettings(num_epochs=2))) == ""


def test_a_dead_network_is_named_and_really_dead():
    run = train(TrainingLoopSettings(optimizer="SGD", lr=0.001, num_epochs=1))
    assert "each of its 128 hidden units is off" in trouble(run)
    said = predict(run.weights, run.samples.features)[:, 0]
    bias = run.weights["output_layer.bias"].item()
    assert (said == bias).float().mean() > 0.98
    assert f"at the end {bias:.4g}" in trouble(run)


@pytest.mark.parametrize(
    "change, reason",
    [
        ({"optimizer": "SGD", "lr": 1e-4}, "are too large"),
        ({"lr": 1e-5}, "are small"),
        ({"loop": "no_step"}, "No weight has moved"),
    ],
)
def test_a_network_worth_less_than_none_is_named_with_its_reason(change, reason):
    run = train(replace(TrainingLoopSettings(num_epochs=1), **change))
    assert "worse than no network at all" in trouble(run)
    assert reason in trouble(run)
    always_the_mean = (run.samples.targets - run.samples.targets.mean()).square().mean().item()
    assert f"would cost {always_the_mean:.4g}" in trouble(run)


def test_the_table_of_the_losses_is_what_the_loop_prints(run):
    assert losses(run).table["sum of batch losses"].tolist() == list(run.epoch_sums)


def test_compared_runs_keep_their_own_numbers(run):
    other = train(replace(SMALL, lr=0.01))
    figure = compared({"one": run, "other": other}).figure
    for trace, source in zip(figure.data, (run, other), strict=True):
        assert np.allclose(np.asarray(trace.y) * source.per_epoch, source.epoch_sums)


def test_the_plane_sentence_agrees_with_the_network(run):
    plane = local_plane(run.weights, 3.0, 4.0)
    value = float(re.search(r"= (-?[\d.]+);", plane_sentence(plane, 3.0, 4.0))[1])
    assert value == pytest.approx(answer(run.weights, 3.0, 4.0), abs=1e-3)
    assert "addition is 1 · a + 1 · b + 0 = 7" in plane_sentence(plane, 3.0, 4.0)
    assert len(hidden_units(run.weights, plane, 3.0, 4.0).table) == SMALL.hidden


def test_a_map_with_diverged_runs_names_them_and_the_best():
    values = torch.rand(len(BATCH_SIZES), len(LEARNING_RATES)) + 1
    values[2, 3], values[0, 0], values[1, 1] = 0.5, float("nan"), float("inf")
    picture = sweep_map(SweepMap(SMALL, values), 2)
    assert picture.figure.data[1].text.count("∞") == 2
    assert f"batch size {BATCH_SIZES[2]}" in picture.caption
    assert f"lr {LEARNING_RATES[3]:g}" in picture.caption
    assert "2 of the runs diverged" in picture.caption


@pytest.mark.parametrize("source", ["iris", "diabetes"])
def test_every_moment_of_an_own_table_is_a_frame_with_the_answers_to_the_rows_kept_out(source):
    settings = OwnDataSettings(source=source, num_epochs=2)
    data = sample_table(source)
    prepared = prepare(data, *chosen_columns(data, settings), settings)
    training = own_data_training(settings, prepared)
    training.advance(training.total_updates)
    run = training.run()
    for moment, frame in zip(run.moments, holdout(run, prepared).frames, strict=True):
        (data,) = frame["data"]
        said = predict(moment.weights, run.validation.features)
        if prepared.classes:
            right = int((said.argmax(1) == run.validation.targets).sum())
            assert np.trace(data["z"]) == right
            assert np.sum(data["z"]) == len(said)
        else:
            in_its_unit = said[:, 0] * prepared.target_scale + prepared.target_center
            assert data["y"] == pytest.approx(in_its_unit.numpy(), rel=1e-5)


def test_a_run_that_has_just_begun_can_be_drawn(run):
    begun = replace(run, batch_losses=run.batch_losses[:3], epoch_sums=(), moments=run.moments[:1])
    picture = losses_so_far(begun)
    assert len(picture.figure.data[0].y) == 3
    assert f"{run.batch_losses[2].item():,.4g}" in picture.caption
    assert losses(begun).caption
