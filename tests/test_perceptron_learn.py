"""Rosenblatt's rule against published runs, a second implementation and its figures; the samples; the programs."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from perceptron_runs import HEAVIEST, POINTS, RUNS, check_frames, checked, own
from programs import printed
from visitor import components, visit

from core.perceptron.learn import MOST_FRAMES, is_scaled, misses_the_cycle, run
from core.perceptron.many import run_many
from core.perceptron.pixels import run_pixels
from core.perceptron.program import learn_program, many_program, pixels_program
from core.perceptron.samples import ALONG, FARTHEST, GRID, SPREAD, make_samples
from core.perceptron.settings import ManySettings, PerceptronSettings, PixelSettings
from core.program import source
from figures.perceptron.arithmetic import arithmetic, by_hand
from figures.perceptron.learn import addition, samples_plane, scaling
from figures.perceptron.outcome import outcome, step_label
from figures.perceptron.plane import Square, clipped, half_plane, value
from pages.perceptron.learn import PRESETS

FRAME = Square((-2.0, 2.0), (-1.0, 3.0))
WEIGHT = st.integers(-24, 24).map(lambda i: i / 8)


def by_loop(chosen):
    """The rule as the textbook has it: one sample after the other. Weights after each update, passes begun."""
    samples = make_samples(chosen)
    w, history, passes, generator = [0.0] * samples.inputs.shape[1], [], 0, torch.Generator().manual_seed(chosen.seed)
    order = list(range(len(samples)))
    while True:
        passes += 1
        if chosen.order == "shuffled":
            order = torch.randperm(len(samples), generator=generator).tolist()
        before = len(history)
        for i in order:
            x, sign = samples.inputs[i].tolist(), 1 if samples.y[i] else -1
            if sign * sum(a * b for a, b in zip(w, x, strict=True)) <= 0:
                if len(history) == chosen.max_updates:
                    return history, passes
                w = [a + chosen.lr * sign * b for a, b in zip(w, x, strict=True)]
                history.append(w)
        if len(history) == before:
            return history, passes


@pytest.mark.parametrize(
    ("data", "updates", "passes", "end"),
    [("and", 18, 9, [3, 2, -4]), ("or", 9, 6, [2, 2, -1]), ("nand", 18, 9, [-3, -2, 4])],
)
def test_the_boolean_functions_take_the_known_steps(data, updates, passes, end):
    found = run(PerceptronSettings(data=data))
    assert (found.updates, found.n_passes, found.outcome) == (updates, passes, "converged")
    assert found.weights[-1].tolist() == end
    assert found.wrong[-1] == 0


def test_xor_goes_through_four_states_four_updates_a_pass():
    found = run(PerceptronSettings(data="xor"))
    assert (found.outcome, found.cycle.start, found.cycle.length) == ("cycle", 0, 4)
    assert len({tuple(w) for w in found.weights.tolist()}) == 4
    assert found.passes.bincount()[1:].tolist() == [4, 4, 4]
    assert set(found.wrong.tolist()) == {2}, "whatever the weights, the step answers two of four wrongly on the way"


@checked
@given(POINTS, st.sampled_from(["fixed", "shuffled"]), st.booleans(), st.integers(0, 5))
def test_the_fast_search_visits_like_the_loop_over_single_samples(points, order, bias, seed):
    chosen = own(points, order=order, bias=bias, seed=seed, max_updates=60)
    found = run(chosen)
    history, passes = by_loop(replace(chosen, max_updates=found.updates if found.cycle else 60))
    assert found.weights[1:].tolist() == history
    assert found.n_passes == passes
    if found.cycle:
        start, length = found.cycle.start, found.cycle.length
        assert torch.equal(found.weights[start], found.weights[start + length])


@checked
@given(POINTS, st.booleans())
def test_a_sample_is_wrong_where_the_step_of_its_sum_is_not_its_class(points, bias):
    found = run(own(points, bias=bias, max_updates=20))
    for w, wrong in zip(found.weights.tolist(), found.wrong.tolist(), strict=True):
        sums = [w[0] * x1 + w[1] * x2 + (w[2] if bias else 0) for x1, x2, _ in points]
        assert wrong == sum((total > 0) != y for total, (_, _, y) in zip(sums, points, strict=True))
    assert found.wrong[0] == sum(y for *_, y in points), "zero weights answer 0"


@pytest.mark.parametrize("data", ["and", "xor", "blobs", "overlap"])
@pytest.mark.parametrize("power", [-6, -1, 3, 6])
def test_the_learning_rate_only_scales_the_weights(data, power):
    one, other = run(PerceptronSettings(data=data)), run(PerceptronSettings(data=data, lr=2.0**power))
    assert torch.equal(one.rows, other.rows)
    assert torch.equal(2.0**power * one.weights, other.weights)
    assert is_scaled(one, other)


def test_what_lr_does_is_found_out_from_two_runs():
    assert "every weight is 2 times" in scaling(run(PerceptronSettings()))
    assert "every weight is 0.25 times" in scaling(run(PerceptronSettings(lr=4.0)))
    parted = run(PerceptronSettings(data="and", lr=0.1))
    assert not is_scaled(parted, run(PerceptronSettings(data="and")))
    assert "0.1 is not a power of two: rounding puts a sum of 0 to one side" in scaling(parted)
    missed = PerceptronSettings(data="overlap", gap=0.5, lr=0.3)  # the same corrections, but no weights come back
    assert misses_the_cycle(run(missed), run(replace(missed, lr=1.0)))
    assert "keeps the weights from coming back exactly when those of lr = 1 do" in scaling(run(missed))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("gap", [0.0625, 0.25, 1.0, 1.5])
@pytest.mark.parametrize("data", ["blobs", "overlap"])
def test_blobs_reach_as_far_as_they_say(data, gap, seed):
    """Distances from the middle line are max(reach, reach + 2 s + s z), reach = gap, or -2 gap and s at least gap."""
    samples = make_samples(PerceptronSettings(data=data, gap=gap, seed=seed, n_samples=300))
    generator = torch.Generator().manual_seed(seed)
    angle = 2 * torch.pi * torch.rand((), generator=generator, dtype=torch.float64)
    offset = 0.5 + torch.rand((), generator=generator, dtype=torch.float64)
    inside = (samples.X.abs() < FARTHEST).all(dim=1)
    distance = samples.sign * (samples.X @ torch.stack([angle.cos(), angle.sin()]) - offset)
    reach, spread = (gap, SPREAD) if data == "blobs" else (-2 * gap, max(SPREAD, gap))
    assert distance[inside].min() == pytest.approx(reach, abs=0.15)
    assert distance[inside].min() > reach - 1 / GRID
    assert distance[inside].mean() == pytest.approx(reach + 2 * spread, abs=0.15 if spread == SPREAD else 0.3)
    assert torch.equal(samples.X * GRID, (samples.X * GRID).round())
    assert samples.X.abs().max() <= FARTHEST < 4 * ALONG
    assert samples.y.bincount().tolist() == [150, 150]


def test_noise_turns_labels_and_nothing_else():
    clean = make_samples(PerceptronSettings(n_samples=300))
    noisy = make_samples(PerceptronSettings(n_samples=300, noise=0.3))
    assert torch.equal(clean.X, noisy.X)
    assert (clean.y != noisy.y).double().mean() == pytest.approx(0.3, abs=0.08)


def test_no_points_and_unreadable_points_are_refused_in_a_sentence():
    with pytest.raises(ValueError, match="no points.*allowed: 1 to 500"):
        run(own([]))
    with pytest.raises(ValueError, match="cannot be read; allowed"):
        PerceptronSettings(data="own", points="abc")


def test_threads_at_once_get_the_same_runs_and_the_global_generator_is_not_touched():
    before = torch.random.get_rng_state()
    chosen = [PerceptronSettings(data="overlap", order="shuffled", seed=s, max_updates=100) for s in range(20)] * 2
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(run.__wrapped__, chosen))
    for one, other in zip(found[:20], found[20:], strict=True):
        assert torch.equal(one.weights, other.weights)
    assert torch.equal(before, torch.random.get_rng_state())


def test_the_core_imports_neither_scikit_learn_nor_scipy():
    code = "import sys, core.perceptron.program\nprint([m for m in ('sklearn', 'scipy') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=".")
    assert told.stdout.strip() == "[]", told.stderr


@pytest.mark.parametrize("chosen", [*(r.settings for r in RUNS), HEAVIEST], ids=str)
def test_the_steps_of_the_scrubber_are_updates_of_the_run_and_each_has_a_frame(chosen):
    found = run(chosen)
    steps = found.frame_steps
    assert (steps[0], steps[-1]) == (0, found.updates)
    assert steps == sorted(set(steps))
    assert len(steps) <= MOST_FRAMES
    check_frames(samples_plane(found), steps)
    check_frames(addition(found), steps)
    assert all(f"Mistakes so far: {at:,}." in step_label(found, at) for at in steps)
    assert f"fter {found.updates:,} " in outcome(found) or found.cycle
    texts = [samples_plane(found).caption, addition(found).caption, by_hand(found, 0), step_label(found, 0)]
    assert not re.search(r"(?<!\w)-\d|−0(?![.\d])", "\n".join(texts)), "one minus sign, and none before 0"


@pytest.mark.parametrize("shown", RUNS, ids=lambda r: str(r.settings))
def test_ring_line_and_arrow_are_those_of_the_weights(shown):
    for frame, at in zip(samples_plane(shown).frames, shown.frame_steps, strict=True):
        data = dict(zip(frame["traces"], frame["data"], strict=True))
        w = np.array([*shown.weights[at].tolist(), 0.0][:3]) if shown.samples.bias else shown.weights[at].numpy()
        w1, w2, b = (*w, 0.0)[:3]
        if data[4]["x"][0] is not None:
            for x1, x2 in zip(data[4]["x"], data[4]["y"], strict=True):
                assert w1 * x1 + w2 * x2 + b == pytest.approx(0, abs=1e-3 * (1 + abs(w1) + abs(w2)))
        if data[5]["x"][0] is not None:
            line, arrow = (np.array([np.diff(data[i][axis])[0] for axis in "xy"]) for i in (4, 5))
            assert abs(line @ arrow) < 1e-2 * np.linalg.norm(line) * np.linalg.norm(arrow)
            assert arrow @ np.array([w1, w2]) > 0, "it points to the side of class 1"
        ring = shown.samples.X[shown.rows[at]].tolist() if at < shown.updates else [None, None]
        assert [data[6]["x"][0], data[6]["y"][0]] == ring


@pytest.mark.parametrize("shown", RUNS, ids=lambda r: str(r.settings))
def test_the_three_arrows_and_the_table_add_up(shown):
    for frame, at in zip(addition(shown).frames, shown.frame_steps, strict=True):
        lines = arithmetic(shown, at).replace("−", "-").split("\n")[2:]
        rows = [np.array([float(cell) for cell in line.split("|")[2:-1]]) for line in lines]
        left, right = re.search(r"w·x = (.*) = \*\*(.*)\*\*", by_hand(shown, at).replace("−", "-")).groups()
        assert re.fullmatch(r"[\d.e+\-·() ]*", left)
        assert eval(left.replace("·", "*")) == pytest.approx(float(right), rel=1e-9, abs=1e-9)
        if at == shown.updates:
            assert rows[0].tolist() == pytest.approx(shown.weights[-1].tolist(), rel=1e-5)
            continue
        before, _, added, after = rows
        assert before + added == pytest.approx(after, abs=1e-5)
        assert after.tolist() == pytest.approx(shown.weights[at + 1].tolist(), rel=1e-5, abs=1e-9)
        ends = [[data[axis][-1] or 0.0 for axis in "xy"] for data in frame["data"]]
        assert ends[0] == shown.weights[at, :2].tolist()
        assert ends[2] == shown.weights[at + 1, :2].tolist()
        if frame["data"][1]["x"][0] is not None:
            assert [frame["data"][1][axis][0] for axis in "xy"] == ends[0]
            assert ends[1] == ends[2]


@checked
@given(WEIGHT, WEIGHT, WEIGHT)
def test_the_two_sides_fill_the_square(w1, w2, b):
    line, areas = (w1, w2, b), []
    for sign in (1, -1):
        corners = half_plane(line, FRAME, sign)
        assert all(sign * value(line, corner) > -1e-9 for corner in corners)
        x, y = np.array([*corners, *corners[:1]]).T if corners else (np.zeros(1), np.zeros(1))
        areas.append(abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2)
    assert sum(areas) == pytest.approx(16 if any(line) else 0)
    for point in clipped(line, FRAME):
        assert value(line, point) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("data", "updates"), [("and", 18), ("or", 9), ("xor", 12), ("blobs", 16), ("own", 6)])
def test_each_data_set_learns_or_cycles(data, updates):
    at = visit("perceptron", data=data)
    labels = components(at, "scrubber")[0]["labels"]
    assert labels[0].startswith("Before update 1 of ")
    assert labels[-1].endswith(f"Mistakes so far: {updates}.")
    assert any(outcome(run(PerceptronSettings(data=data))) in c.value for c in at.caption)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_stops_at_a_step_with_a_line_to_see_and_keeps_the_reader_s_points(preset):
    at = visit("perceptron", at="0", points="")
    at.button(key=f"perceptron-preset-{preset}").click().run()
    values = at.session_state["perceptron"]
    assert values["points"] == ""
    found = run(PerceptronSettings(**{name: values[name] for name in asdict(PerceptronSettings())}))
    line = samples_plane(found).frames[found.frame_steps.index(values["at"])]["data"][2]
    assert line["x"][0] is not None
    assert values["at"] < found.updates


def test_programs_of_the_defaults_are_the_examples_as_they_stand():
    assert many_program(run_many(ManySettings())).text == source("perceptron_many")
    assert pixels_program(run_pixels(PixelSettings())).text == source("perceptron_pixels")
    assert learn_program(run(PerceptronSettings(data="and"))).text == source("perceptron")


def test_the_programs_print_the_runs_on_the_page():
    runs = [
        PerceptronSettings(data="and"),
        PerceptronSettings(data="xor", lr=0.125),
        PerceptronSettings(data="overlap", order="shuffled", seed=3, noise=0.1),
        PerceptronSettings(data="overlap", gap=1.5),
        PerceptronSettings(data="nand", lr=0.0538),  # rounded sums near 0: one program must add as the other does
        PerceptronSettings(data="overlap", lr=0.227, n_samples=169, noise=0.2),
        PerceptronSettings(bias=False, max_updates=50, n_samples=13),
        PerceptronSettings(data="own"),
        own([(0.0, 0.0, 0), (1.0, 0.0, 0)], bias=False),
    ]
    programs = [learn_program(run(settings)) for settings in runs]
    programs.append(many_program(run_many(ManySettings(dimensions=7, n_samples=20, seed=4))))
    programs.append(pixels_program(run_pixels(PixelSettings(zero=9, one=4, seed=4, holdout=0.8, num_passes=2))))
    programs.append(pixels_program(run_pixels(PixelSettings(zero=3, one=9, seed=24, holdout=0.5, num_passes=3))))
    assert printed([program.text for program in programs]) == [list(program.prints) for program in programs]
    assert programs[-1].prints[-1].endswith("answered 9, labelled 3")
