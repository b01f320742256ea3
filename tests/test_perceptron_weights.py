"""Weight space counts what each pair of weights gets wrong."""

import pytest
from perceptron_runs import HEAVIEST, RUNS, check_frames, plain

from core.perceptron.learn import run
from core.perceptron.settings import PerceptronSettings
from core.perceptron.weights import CELLS, MOST_FRAMES, weight_steps, weight_window, wrong_maps
from figures.perceptron.weights import border_words, weight_space


@pytest.mark.parametrize("data", ["and", "overlap"])
@pytest.mark.parametrize("bias", [True, False])
def test_the_map_counts_what_each_pair_answers_wrongly(data, bias):
    found = run(PerceptronSettings(data=data, bias=bias, max_updates=30))
    (w1, w2), steps = weight_window(found), weight_steps(found)
    maps = wrong_maps(found, w1, w2, steps)
    middle = CELLS // 2  # where w1 = w2 = 0 may lie: sums of exactly 0
    for counts, at in zip(maps, steps, strict=True):
        b = found.weights[at, 2].item() if bias else 0.0
        for i, j in ((0, 0), (10, 50), (middle, middle), (CELLS - 1, 3)):
            sums = [(w1[j] * x1 + w2[i] * x2).item() for x1, x2 in found.samples.X.tolist()]
            wrong = sum((s > -b) != y for s, y in zip(sums, found.samples.y.tolist(), strict=True))
            assert counts[i, j] == wrong


@pytest.mark.parametrize("chosen", [*(r.settings for r in RUNS), HEAVIEST], ids=str)
def test_the_figure_draws_path_and_border_and_says_how_the_run_ends(chosen):
    found = run(chosen)
    picture, steps = weight_space(found), weight_steps(found)
    check_frames(picture, steps)
    assert len(steps) <= MOST_FRAMES
    assert plain(picture.caption).endswith(f"with {int(found.wrong[-1])} wrong.")
    for frame, at in zip(picture.frames, steps, strict=True):
        here, edge, words = frame["data"][2], frame["data"][3]["x"][0] is not None, border_words(found, at)
        assert [here["x"][0], here["y"][0]] == found.weights[at, :2].tolist()
        assert edge == ("border" in words)
        assert (f"Sample {int(found.rows[at])} moves" in words) if at < found.updates else not words
