"""What several views show and read: the ground, the start, and each optimizer's own hyperparameters."""

from dataclasses import replace

from core.optim.hyperparameters import Hyperparameters, hyperparameters_of
from core.optimizers.settings import RaceSettings, SurfaceSettings
from core.plane.surfaces import SURFACES
from core.settings import parameters
from ui.controls import Controls


def show_surface(controls: Controls, field: str = "surface") -> None:
    """The choice of the surface, by the field that holds it; the start moves to one that is worth seeing there."""

    def begin_there(name: object) -> None:
        x, y = SURFACES[name].start
        controls.set(x=x, y=y)

    controls.show(field, on_change=begin_there)
    if controls.values[field] == "typed":
        controls.show("text")


def read_surface(controls: Controls) -> SurfaceSettings | None:
    """The ground and the start; or None, with the reason on the screen."""
    return controls.read_or_explain(SurfaceSettings)


def show_hyperparameters(controls: Controls, name: str, *but: str) -> None:
    """A optimizer's hyperparameters, but for some."""
    controls.show(*(f"{name}.{field}" for field in parameters(hyperparameters_of(name)) if field not in but))


def read_hparams(controls: Controls, name: str) -> Hyperparameters | None:
    """A optimizer as it is set; or None, with the reason on the screen."""
    return controls.read_or_explain(hyperparameters_of(name))


def with_rates(all_hparams: list[Hyperparameters], settings: RaceSettings) -> tuple[Hyperparameters, ...]:
    """The all_hparams with the learning rates that the race's rule gives them."""
    if settings.rule == "same":
        return tuple(replace(hparams, lr=settings.lr) for hparams in all_hparams)
    return tuple(all_hparams)
