"""The drawn neuron says the run's own numbers, on the plane and with pixels."""

import json

import pytest
from perceptron_runs import RUNS, check_frames

from core.perceptron.learn import sample_at, wrong
from core.perceptron.pixels import run_pixels
from core.perceptron.samples import Samples
from core.perceptron.settings import PixelSettings
from figures.perceptron.neuron import neuron
from figures.perceptron.pixels import pixel_neuron

DASHES = {1: "solid", -1: "dash", 0: "dot"}


def number(text):
    return float(text.replace("−", "-"))


@pytest.mark.parametrize("found", RUNS, ids=lambda found: str(found.settings))
def test_every_frame_holds_the_sample_its_weights_their_sum_and_the_answer_by_the_step(found):
    picture = neuron(found)
    check_frames(picture, found.frame_steps)
    for at, frame in zip(found.frame_steps, picture.frames, strict=True):
        *links, inputs, weights, total, answer, verdict = frame["data"]
        row, w = sample_at(found, at), found.weights[at]
        x, score = found.samples.inputs[row], float(w @ found.samples.inputs[row])
        assert [link["line"]["dash"] for link in links] == [DASHES[int(value)] for value in w.sign()]
        assert [number(text) for text in inputs["text"]] == pytest.approx(x.tolist(), rel=1e-3)
        assert [number(text.split(" = ")[1]) for text in weights["text"]] == pytest.approx(w.tolist(), rel=1e-3)
        assert number(total["text"][0]) == pytest.approx(score, rel=1e-3)
        assert answer["text"] == [str(int(score > 0))]
        alone = Samples(found.samples.X[[row]], found.samples.y[[row]], found.samples.bias)
        assert verdict["text"][0].endswith("wrong") == bool(wrong(w[None], alone))


def test_pixels_are_multiplied_summed_and_answered_with_a_digit():
    found = run_pixels(PixelSettings(zero=3, one=9, seed=24, holdout=0.5, num_passes=3))
    for index in {0, *found.wrong_images}:
        picture = pixel_neuron(found, index)
        texts = [text for trace in picture.figure.data if trace.type == "scatter" for text in trace.text or ()]
        products, bias, total, answer, verdict = (texts[i] for i in (-7, -6, -3, -2, -1))
        assert picture.table["product"].sum() == pytest.approx(number(products), rel=1e-3)
        assert number(products) + number(bias) == pytest.approx(number(total), abs=0.02)
        assert answer == str((3, 9)[number(total) > 0])
        assert verdict.endswith("wrong") == (index in found.wrong_images)
        assert len(json.loads(picture.json)["data"]) == len(picture.figure.data)
