"""Who races: each optimizer class of PyTorch, and SGD three times, since momentum makes another method of it."""

from dataclasses import dataclass, field

FAMILIES = {
    "sgd": "the gradient alone",
    "momentum": "gradient and momentum",
    "scaled": "a step size for each coordinate",
    "adam": "Adam and its kin",
    "other": "others",
}


@dataclass(frozen=True)
class KnownOptimizer:
    """One optimizer as it starts.

    Attributes:
        torch_name: the class in `torch.optim`.
        family: a key of FAMILIES.
        idea: what it does, in one sentence for the reader.
        changes: hyperparameters that make it another method than the class by its defaults.
    """

    torch_name: str
    family: str
    idea: str
    changes: dict[str, object] = field(default_factory=dict)


OPTIMIZERS = {
    "SGD": KnownOptimizer("SGD", "sgd", "Goes against the gradient, lr times as far as it is long."),
    "Momentum": KnownOptimizer(
        "SGD", "momentum", "Keeps a share of the step before and adds the gradient to it.", {"momentum": 0.9}
    ),
    "Nesterov": KnownOptimizer(
        "SGD",
        "momentum",
        "Momentum that looks ahead to where the step before would lead.",
        {"momentum": 0.9, "nesterov": True},
    ),
    "ASGD": KnownOptimizer("ASGD", "sgd", "SGD that also keeps the average of its places; its lr falls slowly."),
    "Adagrad": KnownOptimizer(
        "Adagrad", "scaled", "Divides by the root of the sum of all squared gradients so far, which only grows."
    ),
    "Adadelta": KnownOptimizer(
        "Adadelta", "scaled", "Measures its steps by the steps before, and so begins with very short ones."
    ),
    "RMSprop": KnownOptimizer("RMSprop", "scaled", "Divides by the root of a running mean of squared gradients."),
    "Rprop": KnownOptimizer(
        "Rprop", "scaled", "Looks at the gradient's sign only: longer steps while it stays, shorter when it turns."
    ),
    "Adam": KnownOptimizer("Adam", "adam", "Momentum divided by the root of a running mean of squared gradients."),
    "AdamW": KnownOptimizer("AdamW", "adam", "Adam whose weight decay acts beside the step, not through the gradient."),
    "Adamax": KnownOptimizer("Adamax", "adam", "Adam that divides by the largest recent gradient."),
    "NAdam": KnownOptimizer("NAdam", "adam", "Adam that looks ahead as Nesterov does."),
    "RAdam": KnownOptimizer("RAdam", "adam", "Adam that waits with dividing until its mean is worth trusting."),
    "SparseAdam": KnownOptimizer("SparseAdam", "adam", "Adam for gradients in which most entries are missing."),
    "Adafactor": KnownOptimizer(
        "Adafactor", "other", "Steps in proportion to the size of the weights; saves memory on matrices."
    ),
    "LBFGS": KnownOptimizer(
        "LBFGS",
        "other",
        "Guesses the curvature from its last moves; asks for many gradients in one step.",
        {"history_size": 10},  # PyTorch's 100 hold no more of a plane, but make a step ten times as slow
    ),
    "Muon": KnownOptimizer(
        "Muon", "other", "Turns the step of a weight matrix into one that stretches all directions alike."
    ),
}
PLANE_OPTIMIZERS = tuple(name for name in OPTIMIZERS if name != "Muon")  # Muon takes matrices only
FOURTEEN = tuple(name for name in PLANE_OPTIMIZERS if name not in ("Nesterov", "SparseAdam"))  # they repeat another
DEFAULT_OPTIMIZERS = ("SGD", "Momentum", "RMSprop", "Adam")
