"""Runs of the perceptron that several tests look at."""

import torch
from hypothesis import settings
from hypothesis import strategies as st

from core.perceptron.learn import run
from core.perceptron.samples import Samples
from core.perceptron.settings import DATA, PerceptronSettings
from core.points import Point, encode

checked = settings(derandomize=True, deadline=None, max_examples=40)
COORDINATE = st.integers(-40, 40).map(lambda i: i / 8)
POINTS = st.lists(st.builds(Point, COORDINATE, COORDINATE, st.integers(0, 1)), min_size=1, max_size=12)
RUNS = [run(PerceptronSettings(data=data)) for data in DATA]
RUNS += [run(PerceptronSettings(data="and", bias=False)), run(PerceptronSettings(lr=0.1, max_updates=1))]
HEAVIEST = PerceptronSettings(data="overlap", n_samples=300, noise=0.3, order="shuffled", max_updates=2000)


def own(points, **others):
    return PerceptronSettings(data="own", points=encode(points), **others)


@st.composite
def random_samples(draw):
    n = draw(st.integers(2, 15))
    numbers = st.lists(st.integers(-32, 32), min_size=n, max_size=n)
    X = torch.tensor([draw(numbers), draw(numbers)], dtype=torch.float64).T / 8
    y = torch.tensor(draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)))
    return Samples(X, y, draw(st.booleans()))


def plain(caption):
    """A caption's numbers, with their minus signs as Python writes them."""
    return caption.replace("−", "-").replace(",", "")


def check_frames(picture, steps):
    """There is a frame for each step, the first is what is drawn, and all is small enough to be sent."""
    assert len(picture.frames) == len(steps)
    first = picture.frames[0]
    for number, change in zip(first["traces"], first["data"], strict=True):
        for axis in change.keys() & {"x", "y"}:
            assert list(change[axis]) == list(picture.figure.data[number][axis])
    assert len(picture.json) < 1_000_000
    assert len(picture.caption.split()) <= 45
