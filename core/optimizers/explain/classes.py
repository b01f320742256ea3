"""Which function explains which class."""

from collections.abc import Callable

from torch import Tensor

from core.optimizers.explain.adafactor import adafactor
from core.optimizers.explain.adam import adam, adamax, sparse_adam
from core.optimizers.explain.adam_kin import nadam, radam
from core.optimizers.explain.derivation import Explanation
from core.optimizers.explain.muon import muon
from core.optimizers.explain.rprop import rprop
from core.optimizers.explain.scaled import adadelta, adagrad, rmsprop
from core.optimizers.explain.sgd import asgd, sgd

EXPLAINS: dict[str, Callable[[dict, dict, Tensor, Tensor], Explanation]] = {
    "SGD": sgd,
    "ASGD": asgd,
    "Adagrad": adagrad,
    "Adadelta": adadelta,
    "RMSprop": rmsprop,
    "Rprop": rprop,
    "Adam": adam,
    "AdamW": adam,
    "Adamax": adamax,
    "NAdam": nadam,
    "RAdam": radam,
    "SparseAdam": sparse_adam,
    "Adafactor": adafactor,
    "Muon": muon,
}  # LBFGS also has to know where it was within the step: explain/lbfgs.py


def explain(optimizer: str, group: dict, state: dict, p: Tensor, g: Tensor) -> Explanation:
    """One step of a class of `torch.optim`.

    Args:
        optimizer: the class's name. group: its parameter group.
        state: what it keeps for the parameter before the step; empty before the first.
        p, g: the parameter and its gradient, of one shape.
    """
    return EXPLAINS[optimizer](group, state, p, g)
