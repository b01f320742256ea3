"""The degree of the polynomials, alike in the views that have one."""

from core.generalization.settings import CurveSettings, DegreeSettings
from ui.controls import Controls


def show_degree(controls: Controls) -> None:
    """A slider up to the degree whose fit goes through every point."""
    controls.show("degree", most=controls.values["n_samples"] - 1)


def chosen_degree(controls: Controls) -> int:
    """The degree as the slider shows it."""
    return min(controls.read(DegreeSettings).degree, controls.read(CurveSettings).n_samples - 1)
