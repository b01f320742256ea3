"""The program of the map of momentum, run by itself, prints the page's lines to the last digit."""

import ast

import pytest
from programs import printed

from core.optimizers import momentum
from core.optimizers.momentum import StabilitySettings, stability_map
from core.optimizers.momentum_program import stability_lines, stability_program
from core.optimizers.settings import SurfaceSettings
from core.program import source, with_line

SHORT_MAP = 12  # steps


@pytest.mark.parametrize(
    ("surface", "nesterov"),
    [
        (SurfaceSettings(surface="rosenbrock", x=-1.2, y=1.0), True),
        (SurfaceSettings(surface="saddle"), False),
        (SurfaceSettings(surface="typed", text="x + 3*sin(x) + y^2", x=0.5), False),
    ],
)
def test_the_program_prints_the_lines_of_the_page(surface, nesterov, monkeypatch):
    monkeypatch.setattr(momentum, "STEPS", SHORT_MAP)
    cell = StabilitySettings(nesterov=nesterov, column=10, row=40)
    found = stability_map.__wrapped__(surface, nesterov)
    text = with_line(stability_program(found, cell), "SIDE, STEPS = 48, 200", f"SIDE, STEPS = 48, {SHORT_MAP}")
    assert printed([text], warnings_are_errors=True) == [stability_lines(found, cell)]


def test_the_example_of_momentum_is_the_program_of_the_defaults(monkeypatch):
    monkeypatch.setattr(momentum, "STEPS", 1)
    found = stability_map.__wrapped__(SurfaceSettings(), False)
    program = stability_program(found, StabilitySettings())
    assert ast.dump(ast.parse(program)) == ast.dump(ast.parse(source("optimizers_momentum")))
