"""The figures of the training loop say what the runs say."""

import base64
import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.nn import predict
from core.sample_tables import sample_table
from core.training_loop.addition import answer, error_map, local_plane
from core.training_loop.map import BATCH_SIZES, LEARNING_RATES, LrMap
from core.training_loop.own import own_training, prepare_own
from core.training_loop.settings import OPTIMIZERS, OwnSettings, TrainingLoopSettings
from core.training_loop.train import train
from core.training_loop.update import replay
from figures.training_loop.addition import COARSEST, FINEST, LEVELS, error_maps, hidden_units, plane_sentence
from figures.training_loop.map import lr_map
from figures.training_loop.mistakes import compared, outcome
from figures.training_loop.own import holdout
from figures.training_loop.trouble import trouble
from figures.training_loop.update import batch_table, loss_sentence, steps, weight_sentence
from figures.training_loop.watch import answers, losses, losses_so_far

SMALL = TrainingLoopSettings(data_high=12, num_epochs=3, batch_size=20)
LONGEST = TrainingLoopSettings(data_high=140, num_epochs=50, batch_size=100, hidden=4)
LOST = TrainingLoopSettings(optimizer="SGD", lr=1.0, num_epochs=1)


@pytest.fixture(scope="module")
def run():
    return train(SMALL)


@pytest.fixture(scope="module")
def longest():
    return train(LONGEST)


def assert_caption_from_table(picture):
    """At most two sentences and 45 words; every number of the caption with a decimal point is one of the table."""
    words = picture.caption.split()
    assert len(words) <= 45
    assert len(re.findall(r"[.!?](?= |$)", picture.caption)) <= 2
    numbers = picture.table.select_dtypes("number").abs().to_numpy().ravel()
    known = {f"{v:.{d}g}" for v in numbers for d in (3, 4)}
    assert set(re.findall(r"\d+\.\d+(?![\d%])", picture.caption)) <= known


def test_every_snapshot_is_a_frame_with_the_run_s_own_numbers(run):
    for frame, snapshot in zip(losses(run).frames, run.snapshots, strict=True):
        place = min(snapshot.update, run.updates - 1)
        assert frame["data"] == [{"x": [place + 1], "y": [run.batch_losses[place].item()]}]
    assert len(answers(run).frames) == len(error_maps(run).frames) == len(run.snapshots)
    picture = answers(run)
    for trace, then in zip(picture.figure.data[1:], picture.frames[0]["data"], strict=True):
        assert np.array_equal(trace.y, then["y"])


def test_the_answers_lie_where_the_network_says(run):
    for trace in answers(run).figure.data[1:]:
        pairs = torch.from_numpy(np.repeat(trace.x[:, None] / 2, 2, axis=1).astype(np.float32))
        said = predict(run.snapshots[0].weights, pairs)[:, 0]
        torch.testing.assert_close(torch.from_numpy(trace.y), said, rtol=1e-4, atol=1e-3)


def test_the_error_map_s_code_gives_back_the_error_and_travels_as_bytes(run):
    picture, (_, errors, _) = error_maps(run), error_map(run.weights, SMALL.data_range)
    power = FINEST + np.asarray(picture.figure.data[0].z, dtype=float) / LEVELS * (COARSEST - FINEST)
    true = np.clip(np.log10(np.maximum(np.abs(errors.numpy()), 1e-9)), FINEST, COARSEST)
    assert np.abs(power - true).max() <= (COARSEST - FINEST) / LEVELS
    z = json.loads(picture.json)["frames"][3]["data"][0]["z"]
    assert (z["dtype"], len(base64.b64decode(z["bdata"]))) == ("u1", 61 * 61)


@pytest.mark.parametrize("draw", [losses, answers, error_maps])
def test_the_longest_run_stays_below_a_megabyte(draw, longest):
    assert len(draw(longest).json) < 1_000_000


@pytest.mark.parametrize("draw", [losses, answers, error_maps])
def test_a_caption_is_short_takes_its_numbers_from_the_table_and_changes_with_the_run(draw, run):
    lost = train(LOST)
    for one in (run, lost):
        assert_caption_from_table(draw(one))
    assert draw(run).caption != draw(lost).caption
    assert "This run has diverged" in draw(lost).caption or draw is losses


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("update", [1, 7, 20])
def test_the_written_step_adds_up_to_the_weight_after_it(optimizer, update):
    run = train(replace(SMALL, optimizer=optimizer, lr=0.01 if "SGD" not in optimizer else 1e-4))
    sentence = weight_sentence(replay(run, update), run.settings)
    left, right = re.search(r": (.*) = \*\*(.*)\*\*", sentence).groups()
    arithmetic = left.replace("−", "-").replace("·", "*")
    arithmetic = re.sub(r"√([\d.e+-]+)", r"math.sqrt(\1)", arithmetic)
    assert re.fullmatch(r"[\d.e+\-*/() ]*", arithmetic.replace("math.sqrt", ""))
    assert eval(arithmetic, {"math": math}) == pytest.approx(float(right.replace("−", "-")), abs=2e-5)


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
    assert all((trace.y == 0).all() for trace in steps(shown).figure.data)
    assert "no step has used a gradient" in steps(shown).caption
    assert "stays at" in weight_sentence(shown, run.settings)
    assert trouble(run) == "In 24 updates no weight has moved."


def test_every_weight_is_a_mark(run):
    picture = steps(replay(run, 2))
    assert sum(len(trace.x) for trace in picture.figure.data) == sum(w.numel() for w in run.weights.values())
    assert_caption_from_table(picture)


def test_divergence_is_named_with_its_update_and_rule():
    run = train(LOST)
    assert f"at update {run.diverged_at:,}" in trouble(run)
    assert "SGD with lr 1" in trouble(run)
    assert outcome(run) == f"diverged at update {run.diverged_at}."
    assert trouble(train(TrainingLoopSettings(num_epochs=2))) == ""


def test_a_dead_network_is_named_and_really_dead():
    run = train(TrainingLoopSettings(optimizer="SGD", lr=0.001, num_epochs=1))
    assert "each of its 128 hidden units is off" in trouble(run)
    said = predict(run.weights, run.X)[:, 0]
    assert (said == run.weights["output_layer.bias"].item()).float().mean() > 0.98


def test_the_table_of_the_losses_is_what_the_loop_prints(run):
    assert losses(run).table["sum of batch losses"].tolist() == list(run.epoch_sums)
    assert f"{run.epoch_sums[-1]:.5f}" in outcome(run) and run.lines()[-1].endswith(f"{run.epoch_sums[-1]:.5f}")


def test_compared_runs_keep_their_own_numbers(run):
    runs = {"one": run, "other": train(replace(SMALL, lr=0.01)), "same": run, "lost": train(LOST)}
    picture = compared(runs)
    for trace, source in zip(picture.figure.data, runs.values(), strict=True):
        assert np.allclose(np.asarray(trace.y) * source.per_epoch, source.epoch_sums, equal_nan=True)
    assert_caption_from_table(picture)
    assert "one and same" in compared({name: runs[name] for name in ("one", "same", "lost")}).caption
    assert "none" in compared({"lost": runs["lost"]}).caption


def test_the_plane_sentence_agrees_with_the_network(run):
    plane = local_plane(run.weights, 3.0, 4.0)
    value = float(re.search(r"= (−?[\d.]+);", plane_sentence(plane, 3.0, 4.0))[1].replace("−", "-"))
    assert value == pytest.approx(answer(run.weights, 3.0, 4.0), abs=1e-3)
    picture = hidden_units(run.weights, plane, 3.0, 4.0)
    assert picture.table["switched on"].sum() == sum(len(t.x) for t in picture.figure.data if "on at" in t.name)
    assert_caption_from_table(picture)


def test_a_map_marks_diverged_runs_and_names_the_best():
    values = torch.rand(len(BATCH_SIZES), len(LEARNING_RATES)) + 1
    values[2, 3], values[0, 0], values[1, 1] = 0.5, float("nan"), float("inf")
    picture = lr_map(LrMap(BATCH_SIZES, values), 2)
    assert picture.figure.data[1].text.count("∞") == 2
    assert f"batch size {BATCH_SIZES[2]} and lr {LEARNING_RATES[3]:g}" in picture.caption
    assert len(picture.caption.split()) <= 45
    assert "1 epoch," in lr_map(LrMap(BATCH_SIZES[:2], values[:2] * torch.nan), 1).caption


@pytest.mark.parametrize("source", ["iris", "diabetes"])
def test_every_snapshot_of_an_own_table_is_a_frame_with_the_answers_to_the_rows_kept_out(source):
    settings, table = OwnSettings(source=source, num_epochs=2), sample_table(source)
    prepared = prepare_own(settings, table)
    run = own_training(settings, prepared).run()
    picture = holdout(run, prepared)
    assert len(picture.caption.split()) <= 45
    if prepared.classes:  # their names are no places: two that are drawn alike have a row each
        assert picture.figure.data[0].x is None
        assert picture.figure.layout.xaxis.ticktext == picture.figure.layout.yaxis.ticktext == prepared.classes
    for snapshot, frame in zip(run.snapshots, picture.frames, strict=True):
        (data,) = frame["data"]
        said = predict(snapshot.weights, run.X_validation)
        if prepared.classes:
            assert np.trace(data["z"]) == int((said.argmax(1) == run.y_validation).sum())
            assert np.sum(data["z"]) == len(said)
        else:
            in_its_unit = said[:, 0] * prepared.scale + prepared.center
            assert data["y"] == pytest.approx(in_its_unit.numpy(), rel=1e-5)


def test_a_run_that_has_just_begun_can_be_drawn(run):
    begun = replace(run, batch_losses=run.batch_losses[:3], epoch_sums=(), snapshots=run.snapshots[:1])
    picture = losses_so_far(begun)
    assert len(picture.figure.data[0].y) == 3
    assert f"{run.batch_losses[2].item():.4g}" in picture.caption
    assert "no epoch is finished" in losses(begun).caption
    assert outcome(begun) == "no epoch is finished."
