"""Which concepts there are, where they stand in the menu, and which builds on which."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Concept:
    """One page.

    Attributes:
        name: its file in `pages/`, and its link.
        title: what the menu and the map call it.
        section: its group in the menu.
        about: what the reader does there, in a few words.
        needs: names of the concepts that it builds on.
    """

    name: str
    title: str
    section: str
    about: str
    needs: tuple[str, ...] = ()


CONCEPTS = (
    Concept(
        "perceptron",
        "Perceptron",
        "Foundations",
        "Watch a weighted sum learn to decide, set your own points, and see where one line is not enough.",
    ),
    Concept(
        "activation_functions",
        "Activation functions",
        "Foundations",
        "Bend a neuron's sum with every function of PyTorch, and see what reaches the ends of a deep network.",
        needs=("perceptron",),
    ),
    Concept(
        "multilayer_perceptron",
        "Multilayer perceptron",
        "Foundations",
        "Watch every neuron of a network learn, fold the plane, and try 32 seeds at once.",
        needs=("perceptron", "activation_functions"),
    ),
    Concept(
        "gradient_descent",
        "Gradient descent",
        "Training",
        "Let a ball roll downhill: too short a step, too long a step, and where between them lies the best.",
        needs=("tensors",),
    ),
    Concept(
        "backpropagation",
        "Backpropagation",
        "Training",
        "Follow values forward and gradients backward through any calculation, message by message.",
        needs=("gradient_descent", "multilayer_perceptron"),
    ),
    Concept(
        "generalization",
        "Generalization",
        "Training",
        "Overfit on purpose, draw the data 200 times anew, and get caught peeking at the holdout set.",
        needs=("multilayer_perceptron",),
    ),
    Concept(
        "tensors",
        "Tensors",
        "PyTorch",
        "Make, slice, reshape, stretch and multiply them, and see where each number lies in memory.",
    ),
    Concept(
        "neural_networks",
        "Neural networks",
        "PyTorch",
        "Build a model layer by layer, follow the numbers through it, and see what it can learn.",
        needs=("perceptron", "tensors"),
    ),
    Concept(
        "loss_functions",
        "Loss functions",
        "PyTorch",
        "Change scores and targets, and see what each loss makes of them.",
        needs=("perceptron", "tensors"),
    ),
    Concept(
        "optimizers",
        "Optimizers",
        "PyTorch",
        "Race every optimizer of PyTorch, read each step term by term, and see which one gets where.",
        needs=("gradient_descent",),
    ),
    Concept(
        "datasets_and_loaders",
        "Datasets and loaders",
        "PyTorch",
        "Follow every sample from its index to a batch, and watch an unshuffled loader ruin training.",
        needs=("tensors",),
    ),
    Concept(
        "data_augmentation",
        "Data augmentation",
        "PyTorch",
        "Rotate a 6 until it is a 9, and read over several seeds which changes of the data earn their place.",
        needs=("datasets_and_loaders",),
    ),
    Concept(
        "training_loop",
        "Training loop",
        "PyTorch",
        "Train a network to add, scrub through its run, break its loop on purpose.",
        needs=("gradient_descent", "neural_networks", "loss_functions", "datasets_and_loaders"),
    ),
    Concept(
        "bandits",
        "Bandits",
        "Beyond",
        "Pull the arms against a learner, and see how much exploring pays, over 2,000 runs at once.",
    ),
    Concept(
        "reinforcement_learning",
        "Learning from rewards",
        "Beyond",
        "Drive a robot, watch it learn the edge of a cliff or the way around, and read every update.",
        needs=("bandits", "tensors"),
    ),
)


def depth(concept: Concept) -> int:
    """How many concepts stand before it on the longest way to it."""
    before = [known for known in CONCEPTS if known.name in concept.needs]
    return 1 + max(map(depth, before)) if before else 0


def column(concept: Concept) -> int:
    """Where it stands on the map: right before the first that builds on it; where none does, as far left as it can."""
    after = [known for known in CONCEPTS if concept.name in known.needs]
    return min(map(column, after)) - 1 if after else depth(concept)


def direct_needs(concept: Concept) -> list[str]:
    """What it builds on, but for what that builds on already."""
    before = [known for known in CONCEPTS if known.name in concept.needs]
    return [name for name in concept.needs if not any(_leads_to(name, known) for known in before)]


def _leads_to(name: str, concept: Concept) -> bool:
    return name in concept.needs or any(_leads_to(name, known) for known in CONCEPTS if known.name in concept.needs)
