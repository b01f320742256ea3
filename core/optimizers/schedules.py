"""Schedules: the classes of `torch.optim.lr_scheduler`, made from the settings, and how a program writes them."""

from dataclasses import dataclass

from torch.optim import Optimizer, lr_scheduler
from torch.optim.lr_scheduler import LRScheduler

from core.optim.known import PLANE_OPTIMIZERS
from core.optimizers.settings import MAX_STEPS
from core.settings import Choice, Integer, Real, Settings, ladder, parameter

WHOLE_TENSOR = ("SparseAdam", "Adafactor", "LBFGS")  # what one row does would depend on the others, or be sparse
BY_ROWS = tuple(name for name in PLANE_OPTIMIZERS if name not in WHOLE_TENSOR)
FEWEST_STEPS = 20
PERIODS = (1, 10, 20, 30, 50, 75, 100, 125, 150, 200, 250, 300, 400, 500)
FACTORS = (0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
SCHEDULES = {
    "constant": "constant",
    "step": "steps (StepLR)",
    "multistep": "milestones (MultiStepLR)",
    "exponential": "exponential (ExponentialLR)",
    "linear": "linear (LinearLR)",
    "polynomial": "polynomial (PolynomialLR)",
    "cosine": "cosine (CosineAnnealingLR)",
    "restarts": "warm restarts (CosineAnnealingWarmRestarts)",
    "warmup": "warm-up (LinearLR, then cosine)",
    "onecycle": "one cycle (OneCycleLR)",
    "cyclic": "up and down (CyclicLR)",
    "plateau": "plateau (ReduceLROnPlateau)",
}


@dataclass(frozen=True)
class ScheduleSettings(Settings):
    """One optimizer on a surface with noisy gradients, and how its learning rate changes.

    The names of a schedule's parameters are PyTorch's; what two classes call alike carries the class's name.
    """

    optimizer: str = parameter("SGD", Choice("Optimizer", {name: name for name in BY_ROWS}))
    schedule: str = parameter("cosine", Choice("Schedule", SCHEDULES, help="How lr changes from step to step."))
    lr: float = parameter(0.02, Real("Learning rate lr", 1e-6, 100.0, ladder(-4, 1), help="The highest of the run."))
    noise: float = parameter(
        3.0,
        Real(
            "Noise σ",
            0.0,
            1000.0,
            (0.0, 0.1, 0.3, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0),
            help="Each part of each gradient gets a normal random number of this spread, as a mini-batch would.",
        ),
    )
    steps: int = parameter(500, Integer("Steps", FEWEST_STEPS, MAX_STEPS, (20, 50, 100, 200, 300, 400, 500)))
    seed: int = parameter(0, Integer("Seed of the noise", 0, 9_999))
    step_size: int = parameter(125, Integer("step_size: steps between two cuts", 1, MAX_STEPS, PERIODS))
    gamma: float = parameter(0.3, Real("gamma: what a cut leaves", 0.01, 1.0, (*FACTORS, 1.0)))
    milestone1: int = parameter(250, Integer("milestones: first cut at step", 1, MAX_STEPS, PERIODS))
    milestone2: int = parameter(400, Integer("milestones: second cut at step", 1, MAX_STEPS, PERIODS))
    gamma_each: float = parameter(
        0.99, Real("gamma: what each step leaves", 0.5, 1.0, (0.5, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0))
    )
    T_max: int = parameter(500, Integer("T_max: steps from the top to the bottom", 1, MAX_STEPS, PERIODS))
    eta_min: float = parameter(0.0, Real("eta_min: lr at the bottom", 0.0, 100.0, (0.0, *ladder(-6, 0))))
    T_0: int = parameter(100, Integer("T_0: steps until the first restart", 1, MAX_STEPS, PERIODS))
    T_mult: int = parameter(1, Integer("T_mult: each cycle is longer by", 1, 4))
    warmup: int = parameter(50, Integer("total_iters: steps of warm-up", 1, MAX_STEPS, (1, 10, 20, 50, 100, 200)))
    start_factor: float = parameter(0.1, Real("start_factor: share of lr at the start", 0.001, 1.0, (0.001, *FACTORS)))
    total_iters: int = parameter(500, Integer("total_iters: steps until the bottom", 1, MAX_STEPS, PERIODS))
    power: float = parameter(2.0, Real("power: how early it falls", 0.1, 10.0, (0.1, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)))
    pct_start: float = parameter(0.3, Real("pct_start: share of the steps that go up", 0.1, 0.9, FACTORS))
    step_size_up: int = parameter(50, Integer("step_size_up: steps up, and as many down", 1, MAX_STEPS, PERIODS))
    factor: float = parameter(0.5, Real("factor: what a cut leaves", 0.01, 0.99, FACTORS))
    patience: int = parameter(10, Integer("patience: steps without a better loss", 0, MAX_STEPS, (0, 5, *PERIODS[1:])))


PARAMETERS = {  # of each schedule: the fields that it takes
    "constant": (),
    "step": ("step_size", "gamma"),
    "multistep": ("milestone1", "milestone2", "gamma"),
    "exponential": ("gamma_each",),
    "linear": ("total_iters",),
    "polynomial": ("total_iters", "power"),
    "cosine": ("T_max", "eta_min"),
    "restarts": ("T_0", "T_mult", "eta_min"),
    "warmup": ("warmup", "start_factor", "T_max", "eta_min"),
    "onecycle": ("pct_start",),
    "cyclic": ("step_size_up",),
    "plateau": ("factor", "patience"),
}

Part = tuple[str, dict[str, object]]  # a class of torch.optim.lr_scheduler and its keywords


def parts(settings: ScheduleSettings) -> tuple[Part, ...]:
    """The scheduler's class and keywords; two of them where one follows the other.

    lr is always the highest of the run. OneCycleLR and CyclicLR could move the momentum as well and are kept from it.
    """
    s = settings
    falls = ("CosineAnnealingLR", {"T_max": s.T_max, "eta_min": s.eta_min})
    return {
        "constant": (("ConstantLR", {"factor": 1.0}),),
        "step": (("StepLR", {"step_size": s.step_size, "gamma": s.gamma}),),
        "multistep": (("MultiStepLR", {"milestones": sorted([s.milestone1, s.milestone2]), "gamma": s.gamma}),),
        "exponential": (("ExponentialLR", {"gamma": s.gamma_each}),),
        "linear": (("LinearLR", {"start_factor": 1.0, "end_factor": 0.0, "total_iters": s.total_iters}),),
        "polynomial": (("PolynomialLR", {"total_iters": s.total_iters, "power": s.power}),),
        "cosine": (falls,),
        "restarts": (("CosineAnnealingWarmRestarts", {"T_0": s.T_0, "T_mult": s.T_mult, "eta_min": s.eta_min}),),
        "warmup": (
            ("LinearLR", {"start_factor": s.start_factor, "total_iters": s.warmup}),
            ("CosineAnnealingLR", {"T_max": max(s.T_max - s.warmup, 1), "eta_min": s.eta_min}),
        ),
        "onecycle": (
            ("OneCycleLR", {"max_lr": s.lr, "total_steps": s.steps, "pct_start": s.pct_start, "cycle_momentum": False}),
        ),
        "cyclic": (
            (
                "CyclicLR",
                {"base_lr": s.lr / 10, "max_lr": s.lr, "step_size_up": s.step_size_up, "cycle_momentum": False},
            ),
        ),
        "plateau": (("ReduceLROnPlateau", {"factor": s.factor, "patience": s.patience}),),
    }[s.schedule]


def make_scheduler(settings: ScheduleSettings, optimizer: Optimizer) -> LRScheduler:
    """The scheduler itself, bound to an optimizer; it must step after the optimizer does."""
    made = [getattr(lr_scheduler, name)(optimizer, **keywords) for name, keywords in parts(settings)]
    if len(made) == 1:
        return made[0]
    return lr_scheduler.SequentialLR(optimizer, made, milestones=[settings.warmup])


def scheduler_code(settings: ScheduleSettings) -> str:
    """The same as a line of a program."""
    calls = [
        f"{name}({', '.join(['optimizer', *(f'{key}={value!r}' for key, value in keywords.items())])})"
        for name, keywords in parts(settings)
    ]
    if len(calls) == 1:
        return f"lr_scheduler.{calls[0]}"
    inner = ", ".join(f"lr_scheduler.{call}" for call in calls)
    return f"lr_scheduler.SequentialLR(optimizer, [{inner}], milestones=[{settings.warmup}])"


def needs_loss(settings: ScheduleSettings) -> bool:
    """Whether the scheduler watches the loss."""
    return settings.schedule == "plateau"
