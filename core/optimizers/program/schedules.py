"""The program of the view on schedules."""

from core.optim.hyperparameters import Hyperparameters
from core.optim.known import OPTIMIZERS
from core.optimizers.noisy_runs import NoisyRuns
from core.optimizers.program.surface import with_surface
from core.optimizers.schedules import needs_loss, scheduler_code
from core.optimizers.settings import SurfaceSettings
from core.program import Program, source, with_constants, with_line

NAME = "optimizers_schedules"
OPTIMIZER = "optimizer = torch.optim.SGD([p], lr=LR)"
SCHEDULER = "scheduler = lr_scheduler.CosineAnnealingLR(optimizer, T_max=500, eta_min=0.0)"


def schedules_program(surface: SurfaceSettings, hparams: Hyperparameters, found: NoisyRuns) -> Program:
    """The noisy runs of a schedule; it prints some learning rates, and where the runs end."""
    s, keywords = found.settings, "".join(f", {k}={v!r}" for k, v in hparams.changed.items() if k != "lr")
    constants = {"START": [surface.x, surface.y], "LR": s.lr, "NOISE": s.noise, "STEPS": found.steps, "SEED": s.seed}
    text = with_surface(with_constants(source(NAME), constants), surface.shape.function)
    made = f"optimizer = torch.optim.{OPTIMIZERS[s.optimizer].torch_name}([p], lr=LR{keywords})"
    text = with_line(with_line(text, OPTIMIZER, made), SCHEDULER, f"scheduler = {scheduler_code(s)}")
    text = with_line(text, "scheduler.step()", f"scheduler.step({'loss.mean().item()' if needs_loss(s) else ''})")
    steps, (low, median, high) = found.steps, found.band[-1].tolist()
    shown = sorted({0, steps // 4, steps // 2, 3 * steps // 4, steps - 1})
    lines = [f"step {step + 1}: lr = {found.lr[step].item()}" for step in shown]
    end = f"f after {steps} steps: median {median}, 10 to 90% of the runs {low} to {high}"
    return Program(NAME, text, [*lines, end])
