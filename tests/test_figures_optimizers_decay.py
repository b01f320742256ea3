"""The figures of weight decay say what the runs say."""

import numpy as np
import pytest

from core.optimizers.decay import RUNNERS, DecaySettings, decay_runs, entries_of, way_of_minimum
from core.optimizers.hyperparameters import hyperparameters_of
from core.optimizers.settings import SurfaceSettings
from figures.optimizers.decay import (
    balance_table,
    decay_plane,
    decay_sweep,
    decay_words,
    direction_table,
    label,
    moments_of,
)


def runs(steps=150, surface="booth", x=1.5, y=2.0, **changes):
    settings = DecaySettings(steps=steps, **{"weight_decay": 0.5, "lr": 0.05} | changes)
    entries = entries_of([hyperparameters_of(name)() for name in RUNNERS], settings)
    return decay_runs(SurfaceSettings(surface=surface, x=x, y=y), entries, steps)


@pytest.fixture(scope="module")
def bowl():
    return runs()


def test_every_moment_is_a_frame_with_the_three_where_they_are(bowl):
    figure, moments = decay_plane(bowl).figure, moments_of(bowl.steps)
    assert len(figure.frames) == len(moments)
    for frame, step in list(zip(figure.frames, moments, strict=True))[::9]:
        for ball, path in zip(frame.data[3:], bowl.paths, strict=True):
            assert (ball.x[0], ball.y[0]) == tuple(path[step].tolist())
    assert len(figure.to_json()) < 1_000_000


def test_the_square_of_adamw_is_drawn_where_it_is_in_the_picture(bowl):
    (square,) = [trace for trace in decay_plane(bowl).figure.data if trace.name == "|x|, |y| = 1/λ"]
    assert set(np.abs(square.x)) == {2.0}
    assert not [t for t in decay_plane(runs(steps=2, weight_decay=0.0)).figure.data if t.name == "|x|, |y| = 1/λ"]


def test_the_flat_direction_of_a_bowl_keeps_what_the_law_says(bowl):
    lines = direction_table(bowl).splitlines()[2:]
    for line in lines:
        _, _, _, law, here, _ = (part.strip() for part in line.split("|"))
        assert law == here
    assert "0.8 " in lines[0]  # 2/(2 + 0.5)


def test_tables_and_captions_hold_the_ends(bowl):
    assert "AdamW" in balance_table(bowl)
    x, y = way_of_minimum(bowl)[-1].tolist()
    assert f"now ({x:.4g}, {y:.4g})" in decay_plane(bowl).caption
    assert len(decay_plane(bowl).table) == 5
    assert list(decay_sweep(bowl).table.columns[2:]) == list(RUNNERS)
    assert label(bowl, 0) == "After 0 of 150 steps: SGD (1.5, 2), Adam (1.5, 2), AdamW (1.5, 2)."


def test_the_words_tell_edge_from_return(bowl):
    assert "lies outside of its square" in decay_words(bowl)
    assert "comes back" in decay_words(runs(steps=20, weight_decay=0.1))
    assert "same, step by step" in decay_words(runs(steps=20, weight_decay=0.0))


@pytest.mark.parametrize(
    "found",
    [
        lambda: runs(surface="rosenbrock", x=-1.2, y=1.0, lr=1.0),
        lambda: runs(surface="saddle", x=-1.7, y=0.001, lr=10.0, steps=400),
        lambda: runs(surface="ackley", x=-3.3, y=2.7),
        lambda: runs(surface="ackley", x=0.0, y=0.0),
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
    if any(found.lost):
        assert "is lost after" in picture.caption
