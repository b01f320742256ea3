"""One settings class for each optimizer, made from the signature of its optimizer."""

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.optim import Optimizer

from core.optim.classes import Hyperparameter, hyperparameters, keywords, optimizer_classes
from core.optim.known import OPTIMIZERS
from core.quote import literal
from core.settings import Choice, Integer, Parameter, Real, Settings, Switch, ladder, parameter, parameters

SHARES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
SMALL = (0.0, *(float(f"1e-{power}") for power in range(12, 0, -1)), 1.0)
DECAYS = (0.0, 1e-4, 1e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)

# What is called the same means the same, but for those that stand under the class, too.
KINDS: dict[str, Parameter] = {
    "lr": Real("Learning rate lr", 1e-8, 1000.0, ladder(-5, 1)),
    "momentum": Real("Momentum b", 0.0, 0.999, SHARES, help="The share of the last step that is kept."),
    "dampening": Real("Dampening", 0.0, 1.0, SHARES, help="The share of the gradient that is kept from the momentum."),
    "weight_decay": Real("Weight decay λ", 0.0, 1.0, DECAYS, help="Pulls every weight towards 0."),
    "nesterov": Switch("Nesterov", help="Looks ahead: the gradient counts once more beside the momentum."),
    "lambd": Real("Decay λ", 0.0, 1.0, SMALL, help="Pulls towards 0 and lets lr fall."),
    "alpha": Real("Memory α", 0.0, 0.9999, SHARES, help="The share of the running mean of squares that is kept."),
    "t0": Real("Start of the average t0", 0.0, 1e6, (0.0, 10.0, 50.0, 100.0, 1e3, 1e6), unit="steps"),
    "rho": Real("Memory ρ", 0.0, 1.0, (*SHARES, 1.0), help="The share of the running means that is kept."),
    "eps": Real("ε", 0.0, 1.0, SMALL, help="Added below the fraction bar, so that nothing is divided by 0."),
    "eps2": Real("ε₂", 0.0, 1.0, SMALL, help="The least size that the weights are taken to have."),
    "lr_decay": Real("Decay of lr", 0.0, 1.0, DECAYS, help="lr is divided by 1 + decay times the steps done."),
    "initial_accumulator_value": Real("Sum of squares at the start", 0.0, 10.0, (0.0, 0.01, 0.1, 1.0, 10.0)),
    "beta1": Real("Memory of gradients β₁", 0.0, 0.9999, SHARES, help="The share of the mean gradient that is kept."),
    "beta2": Real("Memory of squares β₂", 0.0, 0.9999, SHARES, help="The share of the mean square that is kept."),
    "amsgrad": Switch("AMSGrad", help="Divides by the largest mean square so far, so the step size cannot grow again."),
    "decoupled_weight_decay": Switch("Decoupled decay", help="Weight decay acts beside the step, as in AdamW."),
    "momentum_decay": Real("Growth of momentum ψ", 0.0, 1.0, SMALL, help="How quickly β₁ reaches its full value."),
    "centered": Switch("Centred", help="Divides by the spread of the gradients instead of their size."),
    "eta_minus": Real("Factor when the sign turns η⁻", 0.01, 0.99, (0.1, 0.3, 0.5, 0.7, 0.9)),
    "eta_plus": Real("Factor while the sign stays η⁺", 1.01, 5.0, (1.05, 1.1, 1.2, 1.5, 2.0)),
    "step_min": Real("Shortest step", 0.0, 1.0, SMALL),
    "step_max": Real("Longest step", 1e-6, 1000.0, (0.01, 0.1, 1.0, 10.0, 50.0, 1000.0)),
    "beta2_decay": Real("Growth of the memory", -1.0, 0.0, (-1.0, -0.8, -0.5, -0.2, 0.0)),
    "d": Real("Longest step in the mean d", 1.0, 100.0, (1.0, 2.0, 5.0, 10.0, 100.0)),
    "max_iter": Integer("Moves within a step", 1, 25),
    "tolerance_grad": Real("At rest when the gradient is below", 0.0, 1.0, SMALL),
    "tolerance_change": Real("At rest when a move is below", 0.0, 1.0, SMALL),
    "history_size": Integer("Moves that it remembers", 1, 100),
    "line_search_fn": Choice("Line search", {"none": "none", "strong_wolfe": "strong Wolfe"}),
    "ns_steps": Integer("Rounds of Newton-Schulz", 1, 12),
    "ns_a": Real("Newton-Schulz a", -10.0, 10.0),
    "ns_b": Real("Newton-Schulz b", -10.0, 10.0),
    "ns_c": Real("Newton-Schulz c", -10.0, 10.0),
    "adjust_lr_fn": Choice("lr for a matrix", {"original": "original", "match_rms_adamw": "as large as AdamW's"}),
    "ASGD.alpha": Real("Power of the falling lr α", 0.0, 1.0, (0.0, 0.25, 0.5, 0.75, 1.0)),
    "SparseAdam.eps": Real("ε", 1e-12, 1.0, SMALL[1:]),
}
UNNAMED = {"line_search_fn": "none", "adjust_lr_fn": "original"}  # what PyTorch writes None


@dataclass(frozen=True)
class Hyperparameters(Settings):
    """The hyperparameters of one optimizer. Further fields come from its optimizer's signature.

    Raises:
        ValueError: also for a combination that PyTorch refuses.
    """

    name: ClassVar[str]

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            self.make([torch.zeros(2, 2)])
        except ValueError as error:
            raise ValueError(
                f"{self.name}: PyTorch refuses these hyperparameters together ({literal(str(error))}); "
                "allowed: others, such as its defaults"
            ) from None

    @property
    def keywords(self) -> dict[str, object]:
        """As the constructor takes them."""
        values = {name: getattr(self, name) for name in parameters(type(self))}
        values = {name: None if UNNAMED.get(name) == value else value for name, value in values.items()}
        return keywords(OPTIMIZERS[self.name].torch_name, values)

    @property
    def moves(self) -> int:
        """How many moves it makes in a step at most: one, but for LBFGS."""
        return getattr(self, "max_iter", 1)

    def make(self, params: list[Tensor] | list[dict[str, object]], **changes: object) -> Optimizer:
        """The optimizer itself, some of its keywords changed."""
        return optimizer_classes()[OPTIMIZERS[self.name].torch_name](params, **self.keywords | changes)

    @property
    def changed(self) -> dict[str, object]:
        """The keywords that differ from the constructor's own defaults; lr always, so that a reader sees it."""
        plain = Hyperparameters.of_class(OPTIMIZERS[self.name].torch_name)
        return {key: value for key, value in self.keywords.items() if key == "lr" or value != plain[key]}

    @staticmethod
    def of_class(optimizer: str) -> dict[str, object]:
        """The constructor's own defaults."""
        return keywords(optimizer, {known.name: known.default for known in hyperparameters(optimizer)})


def _kind(name: str, known: Hyperparameter) -> Parameter:
    return KINDS.get(f"{OPTIMIZERS[name].torch_name}.{known.name}", KINDS.get(known.name))


def _default(name: str, known: Hyperparameter) -> object:
    value = OPTIMIZERS[name].changes.get(known.name, known.default)
    if value is None:
        return UNNAMED[known.name]
    return float(value) if isinstance(_kind(name, known), Real) else value


def _made(name: str) -> type[Hyperparameters]:
    fields = []
    for known in hyperparameters(OPTIMIZERS[name].torch_name):
        default = _default(name, known)
        fields.append((known.name, type(default), parameter(default, _kind(name, known))))
    made = dataclasses.make_dataclass(f"{name}Hyperparameters", fields, bases=(Hyperparameters,), frozen=True)
    made.name, made.__module__, made.__doc__ = name, __name__, f"The hyperparameters of {name}."
    return made


# Made once, while the module is imported: visitors' threads that each made their own would not know each other's.
_CLASSES = {name: _made(name) for name in OPTIMIZERS}


def hyperparameters_of(name: str) -> type[Hyperparameters]:
    """The settings class of a optimizer: `hyperparameters_of("Adam")(lr=0.1)`."""
    return _CLASSES[name]
