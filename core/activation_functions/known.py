"""What is known of each activation function: its formula, and what it is for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """One activation function as a reader meets it.

    Attributes:
        formula: f(z), with its parameters by the signs of their labels (`core/activation_functions/modules.py`).
        idea: what it does or where it is used, in one sentence.
    """

    formula: str
    idea: str


# In the order of the list on the page: the course's, then those of today's networks, then the others.
KNOWN = {
    "ReLU": Known("max(0, z)", "Modern networks often use it: a positive sum passes, a negative one does not."),
    "Sigmoid": Known("1 / (1 + e^(−z))", "The course's soft step: any sum becomes a number between 0 and 1."),
    "Tanh": Known("(e^z − e^(−z)) / (e^z + e^(−z))", "A sigmoid from −1 to 1: tanh z = 2·sigmoid(2z) − 1."),
    "Step": Known("1 where z > 0, else 0", "The perceptron's answer: yes or no, and no slope to learn from."),
    "Identity": Known("z", "No activation: the sum itself."),
    "LeakyReLU": Known("max(0, z) + a·min(0, z)", "Lets the share a through below 0: unless a is 0, it cannot die."),
    "PReLU": Known("max(0, z) + a·min(0, z)", "A leaky ReLU whose slope below 0 is learned like a weight."),
    "RReLU": Known("max(0, z) + (l + u)/2·min(0, z)", "Its slope below 0 is random in training, fixed in use."),
    "ELU": Known("z where z > 0, else α·(e^z − 1)", "Bends softly to −α, so its outputs have a mean nearer to 0."),
    "SELU": Known(
        "1.0507·(z where z > 0, else 1.6733·(e^z − 1))",
        "An ELU scaled so that normal sums keep mean 0 and variance 1.",
    ),
    "CELU": Known("z where z > 0, else α·(e^(z/α) − 1)", "An ELU without the kink: its slope at 0 is 1 for every α."),
    "GELU": Known("z·Φ(z), Φ: the share of normal numbers below z", "The sum times this share; in BERT."),
    "SiLU": Known("z / (1 + e^(−z))", "The sum times its own sigmoid, also called swish; in Llama, inside its gates."),
    "Mish": Known("z·tanh(ln(1 + e^z))", "Much like SiLU, with a slightly deeper dip below 0."),
    "Softplus": Known("ln(1 + e^(β·z)) / β, and z where β·z > threshold", "A rounded ReLU; its slope is a sigmoid."),
    "Softsign": Known("z / (1 + |z|)", "Goes to −1 and 1 as tanh does, but much more slowly."),
    "LogSigmoid": Known("−ln(1 + e^(−z))", "The logarithm of the sigmoid: part of losses rather than of layers."),
    "Hardtanh": Known("min(max, max(min, z))", "tanh made of straight lines: cheap to compute."),
    "ReLU6": Known("min(6, max(0, z))", "A ReLU that never exceeds 6: made for phones, where numbers have few digits."),
    "Hardsigmoid": Known("min(1, max(0, z/6 + 1/2))", "The sigmoid made of straight lines: for phones."),
    "Hardswish": Known("z·min(6, max(0, z + 3)) / 6", "SiLU without an exponential: in MobileNetV3, for phones."),
    "Hardshrink": Known("z where |z| > λ, else 0", "Small sums become 0, all others pass: it has two jumps."),
    "Softshrink": Known("max(0, z − λ) + min(0, z + λ)", "Pulls every sum towards 0 by λ; what is smaller becomes 0."),
    "Tanhshrink": Known("z − tanh(z)", "What tanh takes away: almost nothing near 0."),
    "Threshold": Known("z where z > threshold, else v", "A sum above the threshold passes; any other becomes v."),
}
GELU_WITH_TANH = Known("z/2·(1 + tanh(√(2/π)·(z + 0.044715·z³)))", "Almost the exact GELU; in GPT-2.")
