"""How large a model and what flows through it will be, known from the typed layers before anything is made.

Only the limits rest on these formulas; what the page shows is counted on the real model. Where a layer does not fit its
input, nothing behind it is computed, so nothing behind it has a size.
"""

import math
from collections.abc import Sequence

from core.neural_networks.layers import Layer

MOST_KEPT = 200_000  # parameters and buffers, so that their file stays below the megabyte that may be loaded
MOST_NUMBERS = 50_000  # between two layers
MOST_PRODUCTS = 50_000_000  # of one pass, about 0.05 s of one core
WITH_BUFFERS = ("BatchNorm1d", "BatchNorm2d")  # a mean and a variance for each feature
Shape = tuple[int, ...]


def parameters_of(layer: Layer) -> int:
    """How many numbers a layer learns.

    Linear: in_features · out_features, and out_features biases. Conv2d: in_channels · out_channels · kernel_size²,
    and out_channels biases. The norms: a weight and a bias for each feature.
    """
    v = layer.values
    if layer.kind == "Linear":
        return v["out_features"] * (v["in_features"] + v["bias"])
    if layer.kind == "Conv2d":
        return v["out_channels"] * (v["in_channels"] * v["kernel_size"] ** 2 + v["bias"])
    return 2 * int(v.get("num_features") or v["normalized_shape"]) if layer.learns else 0


def output_shape(layer: Layer, shape: Shape) -> Shape | None:
    """The shape behind a layer, or None where the layer does not fit. Errors of the norms are left to torch."""
    v = layer.values
    if layer.kind == "Linear":
        return (*shape[:-1], v["out_features"]) if shape[-1] == v["in_features"] else None
    if layer.kind == "Flatten":
        start = v["start_dim"]
        return (*shape[:start], math.prod(shape[start:])) if start < len(shape) else None
    if layer.kind not in ("Conv2d", "MaxPool2d"):
        return shape
    channels = shape[-3] if len(shape) in (3, 4) else 0
    if channels != v.get("in_channels", channels) or not channels:
        return None
    stride = v["stride"] or v["kernel_size"]
    sides = [(side + 2 * v["padding"] - v["kernel_size"]) // stride + 1 for side in shape[-2:]]
    return (*shape[:-3], v.get("out_channels", channels), *sides) if min(sides) > 0 else None


def check_sizes(layers: Sequence[Layer], shape: Shape) -> None:
    """Refuses what would take too much memory or time.

    Raises:
        ValueError: in one sentence, with what is allowed.
    """
    kept = sum(parameters_of(layer) * (2 if layer.kind in WITH_BUFFERS else 1) for layer in layers)
    if kept > MOST_KEPT:
        raise ValueError(f"The model would keep {kept:,} numbers; allowed: at most {MOST_KEPT:,}")
    _check_numbers("The input", shape)
    products, flowing = 0, shape
    for layer in layers:
        flowing = output_shape(layer, flowing)
        if flowing is None:
            return
        _check_numbers(f"What `{layer.code}` hands on", flowing)
        if layer.kind in ("Linear", "Conv2d"):
            units = layer.values.get("out_features") or layer.values["out_channels"]
            products += math.prod(flowing) * (parameters_of(layer) // units)
    if products > MOST_PRODUCTS:
        raise ValueError(f"One pass would take {products:,} products; allowed: at most {MOST_PRODUCTS:,}")


def _check_numbers(what: str, shape: Shape) -> None:
    if math.prod(shape) > MOST_NUMBERS:
        raise ValueError(f"{what} would hold {math.prod(shape):,} numbers; allowed: at most {MOST_NUMBERS:,}")
