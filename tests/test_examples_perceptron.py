"""The perceptron's programs, run by themselves, print the page's numbers digit for digit."""

import subprocess
import sys

import pytest

from core.perceptron.learn import run
from core.perceptron.many import run_many
from core.perceptron.pixels import run_pixels
from core.perceptron.program import lines, many_lines, many_program, pixel_lines, pixel_program, program
from core.perceptron.settings import ManySettings, PerceptronSettings, PixelSettings
from core.program import EXAMPLES, source


def printed(path):
    """What the program prints, run as a reader runs it: in its own folder, in a process of its own."""
    finished = subprocess.run([sys.executable, path.name], cwd=path.parent, capture_output=True, text=True, timeout=100)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.splitlines()


def test_the_example_as_it_stands_prints_the_page_s_numbers():
    assert printed(EXAMPLES / "perceptron.py") == lines(run(PerceptronSettings(data="and")))


def test_programs_of_the_defaults_are_the_examples_as_they_stand():
    assert many_program(ManySettings()) == source("perceptron_many")
    assert pixel_program(PixelSettings()) == source("perceptron_pixels")
    assert program(run(PerceptronSettings(data="and"))) == source("perceptron")


@pytest.mark.parametrize(
    "settings",
    [
        PerceptronSettings(data="xor", lr=0.125),
        PerceptronSettings(data="overlap", order="shuffled", seed=3, noise=0.1),
        PerceptronSettings(bias=False, max_updates=50, n_samples=13),
    ],
    ids=lambda s: s.data,
)
def test_the_program_prints_the_run_on_the_page(settings, tmp_path):
    (tmp_path / "program.py").write_text(program(run(settings)))
    assert printed(tmp_path / "program.py") == lines(run(settings))


def test_the_program_of_many_problems(tmp_path):
    settings = ManySettings(dimensions=7, n_samples=20, seed=4)
    (tmp_path / "program.py").write_text(many_program(settings))
    assert printed(tmp_path / "program.py") == many_lines(run_many(settings))


def test_the_program_of_pixels(tmp_path):
    settings = PixelSettings(zero=9, one=4, seed=4, holdout=0.8, num_passes=2)
    (tmp_path / "program.py").write_text(pixel_program(settings))
    assert printed(tmp_path / "program.py") == pixel_lines(run_pixels(settings))
