"""One probability, two losses: closed forms, and the program against the page."""

import math

import pytest
import torch
from programs import printed

from core.loss_functions.probability import two_losses
from core.loss_functions.program import probability_program
from core.loss_functions.settings import ProbabilitySettings
from core.program import source
from figures.loss_functions.probability import probability

CHOSEN = [ProbabilitySettings(p=p, unit=unit) for p in (0.001, 0.1, 0.5, 0.999) for unit in ("nats", "bits")]


@pytest.mark.parametrize("settings", CHOSEN)
def test_losses_and_slopes_are_the_closed_forms(settings):
    found = two_losses(settings)
    scale = math.log(2) if settings.unit == "bits" else 1.0
    torch.testing.assert_close(found.losses["cross-entropy"], -found.p.log() / scale)
    torch.testing.assert_close(found.slopes["cross-entropy"], -1 / found.p / scale)
    torch.testing.assert_close(found.losses["squared error"], (1 - found.p) ** 2)
    torch.testing.assert_close(found.slopes["squared error"], -2 * (1 - found.p))
    assert found.chosen["cross-entropy"][0] == pytest.approx(-math.log(settings.p) / scale, rel=1e-12)
    assert found.chosen["squared error"][1] == pytest.approx(-2 * (1 - settings.p), rel=1e-12)


def test_an_even_chance_costs_one_bit_and_the_presets_are_true():
    assert two_losses(ProbabilitySettings(p=0.5, unit="bits")).chosen["cross-entropy"][0] == pytest.approx(1)
    for p, ratio in ((0.1, 5.6), (0.001, 500)):
        slopes = [slope for _, slope in two_losses(ProbabilitySettings(p=p)).chosen.values()]
        assert slopes[0] / slopes[1] == pytest.approx(ratio, rel=0.01)


def test_every_program_prints_what_the_page_says():
    programs = [probability_program(two_losses(settings)) for settings in CHOSEN]
    assert printed(program.text for program in programs) == [list(program.prints) for program in programs]
    (usual,) = printed([source("loss_functions_probability")])
    assert usual == list(probability_program(two_losses(ProbabilitySettings())).prints)


@pytest.mark.parametrize("settings", CHOSEN)
def test_the_marks_are_inside_the_axes(settings):
    figure = probability(two_losses(settings)).figure
    low, high = figure.layout.yaxis2.range
    assert low <= figure.data[5].y[0] <= high and low <= figure.data[7].y[0] <= high
