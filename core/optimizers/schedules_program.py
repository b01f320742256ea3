"""The complete program of the view on schedules, and the lines that it prints."""

from core.optim.hyperparameters import Hyperparameters
from core.optim.known import OPTIMIZERS
from core.optimizers.noisy_runs import Ensemble
from core.optimizers.program import with_surface
from core.optimizers.schedules import needs_loss, scheduler_code
from core.optimizers.settings import SurfaceSettings
from core.plane.surfaces import function_of
from core.program import source, with_constants, with_line

OPTIMIZER = "optimizer = torch.optim.SGD([p], lr=LR)"
SCHEDULER = "scheduler = lr_scheduler.CosineAnnealingLR(optimizer, T_max=500, eta_min=0.0)"


def schedules_program(surface: SurfaceSettings, hparams: Hyperparameters, found: Ensemble) -> str:
    """The ensemble on screen."""
    s = found.settings
    text = with_constants(
        source("optimizers_schedules"),
        {"START": [surface.x, surface.y], "LR": s.lr, "NOISE": s.noise, "STEPS": s.steps, "SEED": s.seed},
    )
    text = with_surface(text, function_of(surface.surface, surface.text))
    keywords = "".join(f", {name}={value!r}" for name, value in hparams.changed.items() if name != "lr")
    text = with_line(
        text, OPTIMIZER, f"optimizer = torch.optim.{OPTIMIZERS[s.optimizer].torch_name}([p], lr=LR{keywords})"
    )
    text = with_line(text, SCHEDULER, f"scheduler = {scheduler_code(s)}")
    return with_line(text, "scheduler.step()", f"scheduler.step({'loss.mean().item()' if needs_loss(s) else ''})")


def schedules_lines(found: Ensemble) -> list[str]:
    """What `schedules_program` prints."""
    steps = found.steps
    shown = sorted({0, steps // 4, steps // 2, 3 * steps // 4, steps - 1})
    low, median, high = found.band[-1].tolist()
    return [
        *(f"step {step + 1}: lr = {found.lr[step].item()}" for step in shown),
        f"f after {steps} steps: median {median}, 10 to 90 % of the runs {low} to {high}",
    ]
