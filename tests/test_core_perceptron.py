"""Rosenblatt's rule against published runs, Novikoff's theorem, and a second implementation."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.perceptron.data import FARTHEST, GRID, Samples, make_samples
from core.perceptron.learn import MOST_MOMENTS, run
from core.perceptron.limits import rescue
from core.perceptron.margin import margin
from core.perceptron.points import Point, encode
from core.perceptron.settings import DATA, PerceptronSettings

checked = settings(derandomize=True, deadline=None, max_examples=40)
COORDINATE = st.integers(-40, 40).map(lambda i: i / 8)
POINTS = st.lists(st.builds(Point, COORDINATE, COORDINATE, st.integers(0, 1)), min_size=1, max_size=12)


def own(points, **others):
    return PerceptronSettings(data="own", points=encode(points), **others)


def by_loop(chosen):
    """The rule as the textbook has it: one sample after the other. Weights after each update, passes begun."""
    samples = make_samples(chosen)
    w, history, passes, generator = [0.0] * samples.x.shape[1], [], 0, torch.Generator().manual_seed(chosen.seed)
    order = list(range(len(samples)))
    while True:
        passes += 1
        if chosen.order == "shuffled":
            order = torch.randperm(len(samples), generator=generator).tolist()
        before = len(history)
        for i in order:
            x, y = samples.x[i].tolist(), samples.y[i].item()
            if y * sum(a * b for a, b in zip(w, x, strict=True)) <= 0:
                if len(history) == chosen.max_updates:
                    return history, passes
                w = [a + chosen.lr * y * b for a, b in zip(w, x, strict=True)]
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
    assert found.outcome == "cycle"
    assert (found.cycle.start, found.cycle.length) == (0, 4)
    assert len({tuple(w) for w in found.weights.tolist()}) == 4
    assert found.passes.bincount()[1:].tolist() == [4, 4, 4]


@checked
@given(POINTS, st.sampled_from(["fixed", "shuffled"]), st.booleans(), st.integers(0, 5))
def test_the_fast_search_visits_like_the_loop_over_single_samples(points, order, bias, seed):
    chosen = own(points, order=order, bias=bias, seed=seed, max_updates=60)
    found = run(chosen)
    history, passes = by_loop(replace(chosen, max_updates=found.updates if found.cycle else 60))
    assert found.weights[1:].tolist() == history
    assert found.n_passes == passes


@checked
@given(POINTS, st.booleans())
def test_no_run_breaks_novikoff_s_theorem(points, bias):
    found = run(own(points, bias=bias, max_updates=2000))
    best = margin(found.samples)
    k = torch.arange(found.updates + 1)
    assert (found.weights.norm(dim=1) ** 2 <= k * best.radius**2 + 1e-6).all()
    if found.outcome == "converged":
        assert best.separable
    if best.separable:
        assert found.updates <= best.bound * (1 + 1e-9)
        assert (found.weights @ best.u >= k * best.gamma - 1e-6).all()
    else:
        assert found.outcome != "converged"


@pytest.mark.parametrize("data", ["and", "xor", "blobs", "overlap"])
@pytest.mark.parametrize("power", [-6, -1, 3, 6])
def test_the_learning_rate_only_scales_the_weights(data, power):
    one, other = run(PerceptronSettings(data=data)), run(PerceptronSettings(data=data, lr=2.0**power))
    assert torch.equal(one.rows, other.rows)
    assert torch.equal(2.0**power * one.weights, other.weights)


@pytest.mark.parametrize(("n", "separable"), [(1, 4), (2, 14), (3, 104)])
def test_how_many_boolean_functions_a_line_can_do(n, separable):
    corners = torch.tensor(list(product((0.0, 1.0), repeat=n)), dtype=torch.float64)
    found = [margin(Samples(corners, torch.tensor(t))).separable for t in product((0, 1), repeat=2**n)]
    assert sum(found) == separable


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("gap", [0.0625, 0.25, 1.5])
def test_blobs_lie_on_the_grid_keep_their_gap_and_depend_on_the_seed_only(gap, seed):
    samples = make_samples(PerceptronSettings(gap=gap, seed=seed, n_samples=60))
    assert torch.equal(samples.X * GRID, (samples.X * GRID).round())
    assert samples.X.abs().max() <= FARTHEST
    assert samples.label.bincount().tolist() == [30, 30]
    assert torch.equal(samples.X, make_samples(PerceptronSettings(gap=gap, seed=seed, n_samples=60)).X)
    best = margin(samples)
    inside = best.u[:2].norm().item()
    assert best.separable
    assert best.gamma / inside >= gap - 1 / GRID


def test_noise_turns_labels_and_nothing_else():
    clean = make_samples(PerceptronSettings(n_samples=300))
    noisy = make_samples(PerceptronSettings(n_samples=300, noise=0.3))
    assert torch.equal(clean.X, noisy.X)
    assert (clean.label != noisy.label).double().mean() == pytest.approx(0.3, abs=0.08)


def test_overlapping_blobs_are_not_separable():
    assert not margin(make_samples(PerceptronSettings(data="overlap"))).separable


@pytest.mark.parametrize("data", DATA)
def test_every_moment_of_the_time_slider_is_an_update_of_the_run(data):
    found = run(PerceptronSettings(data=data, max_updates=2000))
    assert found.moments[0] == 0
    assert found.moments[-1] == found.updates
    assert found.moments == sorted(set(found.moments))
    assert len(found.moments) <= MOST_MOMENTS


def test_no_points_and_unreadable_points_are_refused_in_a_sentence():
    with pytest.raises(ValueError, match="no points.*allowed: 1 to 500"):
        run(own([]))
    with pytest.raises(ValueError, match="cannot be read; allowed"):
        PerceptronSettings(data="own", points="abc")


def test_the_global_generator_is_not_touched():
    before = torch.random.get_rng_state()
    run(PerceptronSettings(order="shuffled", seed=77))
    assert torch.equal(before, torch.random.get_rng_state())


def test_two_threads_at_once_get_the_same_runs():
    chosen = [
        PerceptronSettings(data="overlap", order="shuffled", seed=seed, max_updates=100) for seed in range(20)
    ] * 2
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(run.__wrapped__, chosen))
    for one, other in zip(found[:20], found[20:], strict=True):
        assert torch.equal(one.weights, other.weights)


@checked
@given(POINTS, st.sampled_from(["fixed", "shuffled"]))
def test_pocket_and_average_are_what_their_definitions_say(points, order):
    found = run(own(points, order=order, max_updates=40))
    rules = rescue(found)
    for at in range(found.updates + 1):
        best = min(range(at + 1), key=lambda i: (int(found.wrong[i]), i))
        assert torch.equal(rules.weights["pocket"][at], found.weights[best])
    counts = found.visits.clone()
    counts[-1] += 1  # the visit that made the last weights
    counts[0] -= 1  # after the first visit the weights are no longer zero
    average = (counts[:, None] * found.weights).sum(0) / counts.sum()
    assert torch.allclose(rules.weights["averaged"][-1], average, atol=1e-12)


def test_the_core_imports_neither_scikit_learn_nor_scipy():
    modules = "settings points data learn margin limits many pixels program"
    code = "import sys\n" + "".join(f"import core.perceptron.{m}\n" for m in modules.split())
    code += "print([m for m in ('sklearn', 'scipy') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=".")
    assert told.stdout.strip() == "[]", told.stderr
