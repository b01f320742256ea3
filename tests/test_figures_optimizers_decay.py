"""The figures of weight decay say what the runs say."""

import numpy as np
import pytest

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.settings import SurfaceSettings
from core.optimizers.weight_decay import RUNNERS, DecaySettings, decay_runs, entries_of, way_of_minimum
from figures.optimizers.decay_caption import label
from figures.optimizers.decay_sweep import decay_sweep
from figures.optimizers.decay_words import balance_table, decay_words, direction_table
from figures.optimizers.weight_decay import decay_plane, look_of, moments_of


def runs(steps=150, surface="booth", x=1.5, y=2.0, adamw=None, **changes):
    settings = DecaySettings(steps=steps, **{"weight_decay": 0.5, "lr": 0.05} | changes)
    own = {"AdamW": adamw or {}}
    all_hparams = entries_of([hyperparameters_of(name)(**own.get(name, {})) for name in RUNNERS], settings)
    return decay_runs(SurfaceSettings(surface=surface, x=x, y=y), all_hparams, steps)


@pytest.fixture(scope="module")
def bowl():
    return runs()


def test_every_moment_is_a_frame_with_the_three_where_they_are(bowl):
    picture, moments = decay_plane(bowl), moments_of(bowl.steps)
    assert len(picture.frames) == len(moments)
    for frame, step in list(zip(picture.frames, moments, strict=True))[::9]:
        for ball, path in zip(frame["data"][3:], bowl.paths, strict=True):
            assert (ball["x"][0], ball["y"][0]) == tuple(path[step].tolist())
    assert len(picture.json()) < 1_000_000


def test_the_square_of_adamw_is_drawn_where_it_is_in_the_picture(bowl):
    (square,) = [trace for trace in decay_plane(bowl).figure.data if trace.name == "|x|, |y| = 1/λ"]
    assert set(np.abs(square.x)) == {2.0}
    assert not [t for t in decay_plane(runs(steps=2, weight_decay=0.0)).figure.data if t.name == "|x|, |y| = 1/λ"]


def test_the_flat_direction_of_a_bowl_keeps_what_the_law_says(bowl):
    lines = direction_table(bowl).splitlines()[2:4]
    for line in lines:
        _, _, _, law, here, _ = (part.strip() for part in line.split("|"))
        assert law == here
    assert "0.8 " in lines[0]  # 2/(2 + 0.5)


def test_tables_and_captions_hold_the_ends(bowl):
    assert "AdamW" in balance_table(bowl)
    x, y = way_of_minimum(bowl)[-1].tolist()
    assert f"now ({x:.4g}, {y:.4g})" in decay_plane(bowl).caption
    for name, path in zip(RUNNERS, bowl.paths, strict=True):  # the caption stays while time is moved
        assert f"{name} ends at ({path[-1, 0].item():.4g}, {path[-1, 1].item():.4g})" in decay_plane(bowl).caption
    assert len(decay_plane(bowl).table) == 5
    assert list(decay_sweep(bowl).table.columns[2:]) == list(RUNNERS)
    assert label(bowl, 0) == "After 0 of 150 steps: SGD (1.5, 2), Adam (1.5, 2), AdamW (1.5, 2)."


def test_adamw_is_where_the_words_say_and_not_where_theory_would_have_it():
    quick = {"beta2": 0.95}
    back = decay_words(runs(steps=600, weight_decay=0.2, adamw=quick))
    assert "from f's own minimum" in back or "arrived at f's own minimum" in back
    early = decay_words(runs(steps=20, weight_decay=0.5, y=0.0))
    assert "edge" not in early
    assert "where AdamW cannot rest" in early  # f's minimum (1, 3) lies beyond 1/λ = 2
    held = decay_words(runs(steps=900, weight_decay=0.5, adamw=quick))
    assert "AdamW is at the edge of its square |x|, |y| ≤ 1/λ = 2: y = " in held
    apart = decay_words(runs(steps=200, weight_decay=0.1, adamw={"eps": 1.0, "beta2": 0.9}, y=2.9))
    assert "less than ε = 1, which never shrinks" in apart
    hollow = runs(steps=900, surface="three_hump", x=-2.5, y=2.5, weight_decay=1.0)
    assert "SGD and Adam rest at another minimum of f + λ/2·|p|²." in decay_words(hollow)
    assert "AdamW has arrived at another minimum of f (0, 0)" in decay_words(hollow)


def test_without_decay_adam_and_adamw_are_called_the_same_only_if_they_are():
    assert "same, step by step" in decay_words(runs(steps=20, weight_decay=0.0))
    other = decay_words(runs(steps=20, weight_decay=0.0, adamw={"beta2": 0.9}))
    assert "here they differ in β₂" in other
    assert "same" not in other


def test_the_survivors_are_explained_and_who_is_lost_is_called_lost():
    found = runs(steps=60, surface="beale", x=1.0, y=1.5, lr=0.2, weight_decay=0.2)
    assert found.diverged[0]
    assert not any(found.diverged[1:])
    assert "SGD is lost" in decay_words(found)
    assert "AdamW is " in decay_words(found)
    assert "SGD lost, Adam (" in label(found, 60)
    assert "| SGD | lost |" in balance_table(found)
    assert "nan" not in balance_table(found) + decay_sweep(found).caption


def test_lambda_now_stands_at_its_line_and_adamw_does_not_look_like_adam(bowl):
    (note,) = decay_sweep(bowl).figure.layout.annotations
    assert 10**note.x == pytest.approx(bowl.weight_decay)
    assert look_of("Adam").color != look_of("AdamW").color


def test_what_has_not_arrived_is_not_called_shrunk(bowl):
    assert "Here the law holds" in direction_table(bowl)
    assert "law does not hold" in direction_table(runs(steps=2, surface="beale", weight_decay=0.2))
    assert "is 0 itself" in direction_table(runs(steps=2, surface="matyas"))
    assert "Adam is not on the grey line at 31 λ" in decay_sweep(runs(steps=2)).caption


@pytest.mark.parametrize(
    "found",
    [
        lambda: runs(surface="rosenbrock", x=-1.2, y=1.0, lr=1.0, steps=40),
        lambda: runs(surface="saddle", x=-1.7, y=0.001, lr=10.0, steps=400),
        lambda: runs(surface="ackley", x=-3.3, y=2.7, steps=40),
        lambda: runs(surface="ackley", x=0.0, y=0.0, steps=40),
        lambda: runs(surface="beale", x=20.0, y=-20.0, steps=1),
    ],
)
def test_lost_runs_and_odd_ground_are_drawn(found):
    found = found()
    picture = decay_plane(found)
    assert len(picture.alt) >= 40
    decay_words(found)
    if found.minimum is not None:
        assert len(decay_sweep(found).alt) >= 40
        direction_table(found)
    if any(found.diverged):
        assert "is lost after" in picture.caption
