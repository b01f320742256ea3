"""The perceptron's programs, run by themselves, print the page's numbers digit for digit."""

from programs import printed

from core.perceptron.learn import run
from core.perceptron.many import run_many
from core.perceptron.pixels import run_pixels
from core.perceptron.program import lines, many_lines, many_program, pixel_lines, pixel_program, program
from core.perceptron.settings import ManySettings, PerceptronSettings, PixelSettings
from core.program import source


def test_programs_of_the_defaults_are_the_examples_as_they_stand():
    assert many_program(ManySettings()) == source("perceptron_many")
    assert pixel_program(PixelSettings()) == source("perceptron_pixels")
    assert program(run(PerceptronSettings(data="and"))) == source("perceptron")


def test_the_programs_print_the_runs_on_the_page():
    runs = [
        PerceptronSettings(data="xor", lr=0.125),
        PerceptronSettings(data="overlap", order="shuffled", seed=3, noise=0.1),
        PerceptronSettings(bias=False, max_updates=50, n_samples=13),
    ]
    many = ManySettings(dimensions=7, n_samples=20, seed=4)
    pixels = PixelSettings(zero=9, one=4, seed=4, holdout=0.8, num_passes=2)
    programs = [*(program(run(settings)) for settings in runs), many_program(many), pixel_program(pixels)]
    expected = [
        *(lines(run(settings)) for settings in runs),
        many_lines(run_many(many)),
        pixel_lines(run_pixels(pixels)),
    ]
    assert printed([source("perceptron"), *programs]) == [lines(run(PerceptronSettings(data="and"))), *expected]
