"""What several views show and read: the surface, the start, and each optimizer's own hyperparameters."""

from dataclasses import replace

import streamlit as st

from core.optim.hyperparameters import Hyperparameters, hyperparameters_of
from core.optimizers.settings import RaceSettings, SurfaceSettings
from core.plane.surfaces import SURFACES, Box, SurfaceTask
from core.settings import parameters
from ui.chart import rounded
from ui.controls import Controls
from ui.long_work import results


def show_surface(controls: Controls, field: str = "surface") -> None:
    """The choice of the surface, by the field that holds it; the start moves to one that is worth seeing there."""

    def begin_there(name: object) -> None:
        x, y = SURFACES[name].start
        controls.set(x=x, y=y)

    controls.show(field, on_change=begin_there)
    if controls.values[field] == "typed":
        controls.show("text")


def read_surface(controls: Controls, **instead: str) -> SurfaceSettings:
    """The surface and the start; where they do not fit, the last that did, with the reason on the screen.

    The page ends here until its critical points are known: of a long typed function that may take some seconds.

    Args:
        instead: the surface of a view that has one of its own.
    """
    surface = controls.read_or_last(SurfaceSettings, **instead)
    if results([SurfaceTask(surface.surface, surface.text)], "optimizers-surface", run_label=None) is None:
        st.stop()
    return surface


def start_at(controls: Controls, box: Box, x: float, y: float) -> None:
    """Sets the start to a clicked point, which must lie within the picture and within the bounds of a start."""
    for name, value, low, high in (("x", x, box[0], box[1]), ("y", y, box[2], box[3])):
        kind = controls.kinds[name]
        controls.set(**{name: rounded(value, max(low, kind.low), min(high, kind.high))})


def show_hyperparameters(controls: Controls, name: str, *but: str) -> None:
    """An optimizer's hyperparameters, but for some."""
    controls.show(*(f"{name}.{field}" for field in parameters(hyperparameters_of(name)) if field not in but))


def read_hparams(controls: Controls, name: str) -> Hyperparameters:
    """An optimizer as it is set, or as it last could be, with the reason on the screen."""
    return controls.read_or_last(hyperparameters_of(name))


def with_lr(all_hparams: list[Hyperparameters], settings: RaceSettings) -> tuple[Hyperparameters, ...]:
    """The hyperparameters with one lr for all, if that is the rule."""
    if settings.rule == "same":
        return tuple(replace(hparams, lr=settings.lr) for hparams in all_hparams)
    return tuple(all_hparams)
