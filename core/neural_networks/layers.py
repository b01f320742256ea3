"""A model typed as a short list of layers, such as `Linear(10, 64), ReLU(), Linear(64, 2)`.

The text is read by a whitelist, never evaluated: the layers of `KINDS` with whole numbers, decimals, True and False.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from core.quote import literal, quote
from core.settings import Integer, Real, Switch

MOST_LAYERS = 12
MOST_DIMENSIONS = 4
WIDEST = 4096  # numbers along one dimension
REQUIRED = object()  # in the place of a default
Argument = tuple[Integer | Real | Switch, object]  # what it may be, and its default

FEATURES = (Integer("features", 1, WIDEST), REQUIRED)
CHANNELS = (Integer("channels", 1, 64), REQUIRED)
WINDOW = Integer("window", 1, 9)
PADDING = (Integer("padding", 0, 4), 0)
BIAS = (Switch("bias"), True)
ACTIVATIONS: dict[str, dict[str, Argument]] = {
    "ReLU": {},
    "LeakyReLU": {"negative_slope": (Real("negative_slope", -1, 1), 0.01)},
    "Sigmoid": {},
    "Tanh": {},
    "GELU": {},
    "ELU": {},
    "SiLU": {},
    "Softplus": {},
    "Softmax": {"dim": (Integer("dim", -MOST_DIMENSIONS, MOST_DIMENSIONS - 1), REQUIRED)},
}
KINDS: dict[str, dict[str, Argument]] = {  # the arguments of each layer in torch's order
    "Linear": {"in_features": FEATURES, "out_features": FEATURES, "bias": BIAS},
    "Conv2d": {
        "in_channels": CHANNELS,
        "out_channels": CHANNELS,
        "kernel_size": (WINDOW, REQUIRED),
        "stride": (WINDOW, 1),
        "padding": PADDING,
        "bias": BIAS,
    },
    "MaxPool2d": {"kernel_size": (WINDOW, REQUIRED), "stride": (WINDOW, None), "padding": PADDING},
    "Flatten": {"start_dim": (Integer("start_dim", 0, MOST_DIMENSIONS - 1), 1)},
    "Dropout": {"p": (Real("p", 0, 1), 0.5)},
    "BatchNorm1d": {"num_features": FEATURES},
    "BatchNorm2d": {"num_features": FEATURES},
    "LayerNorm": {"normalized_shape": FEATURES},
    **ACTIVATIONS,
}
NAMES = {  # what a layer is called in the class
    "Conv2d": "convolution",
    "MaxPool2d": "pooling",
    "Flatten": "flatten",
    "Dropout": "dropout",
    "BatchNorm1d": "batch_norm",
    "BatchNorm2d": "batch_norm",
    "LayerNorm": "layer_norm",
    **dict.fromkeys(ACTIVATIONS, "activation"),
}
WRITTEN = "a list such as `Linear(10, 64), ReLU(), Linear(64, 2)`"
_LAYER = re.compile(r"\s*(?:nn\.)?([A-Za-z]\w*)\s*(?:\(([^()]*)\))?\s*(?:,|$)")


@dataclass(frozen=True)
class Layer:
    """One layer, not yet made.

    Attributes:
        kind: the class in `torch.nn`. values: argument -> value, each of them, the defaults included.
    """

    kind: str
    values: Mapping[str, object]

    def __hash__(self) -> int:
        return hash(self.code)

    @property
    def code(self) -> str:
        """As it is written in a program: defaults are left out, and what follows a left-out one is named.

        >>> read_layers("Linear(10, 64, bias=True)")[0].code
        'Linear(10, 64)'
        """
        written, named = [], self.kind == "Softmax"
        for name, (_, default) in KINDS[self.kind].items():
            if self.values[name] == default and type(self.values[name]) is type(default):
                named = True
            else:
                named = named or default is not REQUIRED
                written.append(f"{name}={self.values[name]!r}" if named else repr(self.values[name]))
        return f"{self.kind}({', '.join(written)})"

    @property
    def learns(self) -> bool:
        """Whether it has parameters."""
        return self.kind in ("Linear", "Conv2d", "BatchNorm1d", "BatchNorm2d", "LayerNorm")


def read_layers(text: str) -> tuple[Layer, ...]:
    """The layers of a text.

    Raises:
        ValueError: in one sentence, if it is anything else.
    """
    found, place, text = [], 0, text.strip()
    while place < len(text):
        match = _LAYER.match(text, place)
        if not match:
            raise ValueError(f"{quote(text[place:].strip())} is not a layer; allowed: {WRITTEN}")
        found.append(_layer(match[1], match[2] or ""))
        place = match.end()
    if not 1 <= len(found) <= MOST_LAYERS:
        raise ValueError(f"The model has {len(found)} layers; allowed: from 1 to {MOST_LAYERS}, in {WRITTEN}")
    return tuple(found)


def _layer(kind: str, inside: str) -> Layer:
    if kind not in KINDS:
        lower = {known.lower(): known for known in KINDS}
        alike = get_close_matches(kind.lower(), lower, 1)
        hint = f"Perhaps you mean {lower[alike[0]]}. " if alike else ""
        raise ValueError(f"The layer {quote(kind)} is not known here. {hint}Allowed: {', '.join(KINDS)}")
    arguments, values = KINDS[kind], {}
    parts = [part.strip() for part in inside.split(",")] if inside.strip() else []
    for place, part in enumerate(parts):
        name, equals, value = part.rpartition("=")
        name = name.strip() if equals else next(iter(list(arguments)[place : place + 1]), "")
        if name not in arguments or name in values:
            raise ValueError(f"{kind} does not take {quote(part)}; allowed: {signature(kind)}")
        values[name] = _value(kind, name, value.strip())
    for name, (_, default) in arguments.items():
        if values.setdefault(name, default) is REQUIRED:
            raise ValueError(f"{kind} lacks {name}; allowed: {signature(kind)}")
    return Layer(kind, values)


def _value(kind: str, name: str, text: str) -> object:
    parameter = KINDS[kind][name][0]
    try:
        if isinstance(parameter, Switch):
            return {"True": True, "False": False}[text]
        return parameter.parse(text)
    except (KeyError, ValueError):
        allowed = "True or False" if isinstance(parameter, Switch) else parameter.allowed
        raise ValueError(f"{kind} got {name} = {quote(text)}; allowed: {allowed}") from None


def signature(kind: str) -> str:
    """How a layer is written, its arguments with their defaults, as code.

    >>> signature("Dropout")
    '`Dropout(p=0.5)`'
    """
    parts = [name if default in (REQUIRED, None) else f"{name}={default}" for name, (_, default) in KINDS[kind].items()]
    return literal(f"{kind}({', '.join(parts)})")


def read_shape(text: str) -> tuple[int, ...]:
    """The shape of the input, from a text such as `10` or `1, 1, 8, 8`.

    Raises:
        ValueError: in one sentence, if it is anything else.
    """
    parts = text.strip().strip("()[]").rstrip(", ").split(",")
    try:
        shape = tuple(Integer("length", 1, WIDEST).parse(part.strip()) for part in parts)
    except ValueError:
        raise ValueError(
            f"The input shape {quote(text)} cannot be used; allowed: whole numbers from 1 to {WIDEST:,} with commas "
            "between them, such as 1, 1, 8, 8"
        ) from None
    if len(shape) > MOST_DIMENSIONS:
        raise ValueError(f"The input shape has {len(shape)} dimensions; allowed: at most {MOST_DIMENSIONS}")
    return shape


def names_of(layers: tuple[Layer, ...]) -> list[str]:
    """What the class calls each layer: hidden_layer, activation, ..., output_layer, as the course does."""
    last = max((i for i, layer in enumerate(layers) if layer.kind == "Linear"), default=-1)
    names: list[str] = []
    for i, layer in enumerate(layers):
        name = NAMES.get(layer.kind) or ("output_layer" if i == last else "hidden_layer")
        count = 1 + sum(known == name or known.rpartition("_")[0] == name for known in names)
        names.append(name if count == 1 else f"{name}_{count}")
    return names


def class_name(layers: tuple[Layer, ...]) -> str:
    """MLP, or CNN where the model convolves."""
    return "CNN" if any(layer.kind == "Conv2d" for layer in layers) else "MLP"
