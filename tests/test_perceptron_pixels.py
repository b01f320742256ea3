"""Digits against a plain loop and scikit-learn; the pictures of one image and of all sums."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.linear_model import Perceptron
from visitor import charts, visit

from core.perceptron.pixels import run_pixels
from core.perceptron.settings import PixelSettings
from figures.perceptron.pixels import answer, pixel_neuron, pixel_sums


def test_two_digits_are_told_apart():
    found = run_pixels(PixelSettings())
    assert found.accuracy > 0.9
    assert found.accuracy == (found.answers == found.y).double().mean().item()
    assert found.wrong_images == [i for i in range(len(found.y)) if found.answers[i] != found.y[i]]
    score = sum(p * w for p, w in zip(found.images[0].flatten().tolist(), found.weights.tolist(), strict=False))
    assert found.scores[0].item() == pytest.approx(score + found.weights[64].item())


def test_scikit_learn_s_perceptron_ends_with_the_same_weights():
    """It updates on the same condition from zero weights; with coef_ equal, the whole path must have been."""
    found = run_pixels(PixelSettings(zero=0, one=1))
    bunch = load_digits()
    chosen = torch.tensor([i for i, t in enumerate(bunch.target) if t in (0, 1)])
    chosen = chosen[torch.randperm(len(chosen), generator=torch.Generator().manual_seed(0))][len(found.y) :]
    model = Perceptron(shuffle=False, max_iter=len(found.wrong), tol=None, eta0=1.0)
    model.fit(bunch.data[chosen] / 16, bunch.target[chosen])
    assert torch.equal(torch.from_numpy(model.coef_[0]), found.weights[:64])
    assert model.intercept_[0] == found.weights[64].item()
    assert (found.wrong[-1], found.train_accuracy, found.accuracy) == (0, 1, 1), "easy digits"


@pytest.mark.parametrize("digits", [(1, 8), (0, 1)])
def test_the_pictures_multiply_sum_and_name_the_digits(digits):
    found = run_pixels(PixelSettings(zero=digits[0], one=digits[1]))
    picture = pixel_neuron(found, 5)
    pixels, weights, products = (np.array(trace.z) for trace in picture.figure.data if trace.type == "heatmap")
    assert np.allclose(pixels * weights, products, atol=1e-6)
    assert products.sum() + found.weights[64].item() == pytest.approx(found.scores[5].item(), abs=1e-4)
    assert f"labelled {digits[int(found.y[5])]}:" in picture.caption
    assert f"speak for {digits[1]}, blue ones for {digits[0]}" in picture.caption
    sums = pixel_sums(found, 5)
    zero, one = sums.figure.data[:2]
    assert (zero.name, one.name) == tuple(f"labelled {d}" for d in digits)
    wrong = int((np.array(zero.x) > 0).sum() + (np.array(one.x) <= 0).sum())
    assert wrong == len(found.wrong_images) == (sums.table["label"] != sums.table["answer"]).sum()
    assert f"{wrong} are answered wrongly" in sums.caption
    for index in range(len(found.y)):
        text = answer(found, index)
        assert f"Image {index}, labelled {digits[found.y[index]]}: " in text
        assert f"the answer is **{digits[int(found.scores[index] > 0)]}**" in text
        assert text.endswith("wrong.") == (index in found.wrong_images)


def test_one_digit_twice_gets_a_sentence_and_leaves_the_last_picture():
    with pytest.raises(ValueError, match="allowed: two different digits"):
        PixelSettings(zero=4, one=4)
    at = visit("perceptron", view="pixels", **{"pixels.zero": "3"})
    before = charts(at)
    at.slider(key="perceptron.pixels.zero").set_value(8).run()
    assert "allowed: two different digits" in at.error[0].value
    assert charts(at) == before


def test_every_image_of_the_slider_is_one_and_the_button_leads_through_the_wrong_ones():
    at = visit("perceptron", view="pixels", image="300")
    held_out = len(run_pixels(PixelSettings()).y)
    assert not at.exception
    assert at.slider(key="perceptron.image").max == at.slider(key="perceptron.image").value == held_out - 1
    seen = []
    for _ in range(3):
        at.button(key="perceptron-next-wrong").click().run()
        seen.append(at.session_state["perceptron"]["image"])
        assert any(c.value.startswith(f"Image {seen[-1]},") and "wrong." in c.value for c in at.caption)
    assert seen == sorted(set(seen))
