"""The first layer that does not fit its input: what torch's error means, and a change that mends it."""

import math
import re
from dataclasses import dataclass, replace

from core.neural_networks.layers import KINDS, Layer
from core.neural_networks.settings import ModelSettings
from core.neural_networks.sizes import Shape, output_shape

MEANINGS = (  # a pattern of torch's text, and what it means
    (
        r"mat1 and mat2 shapes",
        "`{name}` takes {wanted} numbers along the last dimension and gets {got}. In torch's text, the first pair is "
        "what came in, the second the layer's own weights.",
    ),
    (r"to have (\d+) channels", "`{name}` takes images of {wanted} channels and gets {channels}."),
    (
        r"3D \(unbatched\)|3D or 4D|expected 4D|expected 2D or 3D",
        "`{name}` takes {dimensions} dimensions and gets {n}, the shape {shape}.",
    ),
    (
        r"Kernel size can't be greater|Output size is too small",
        "The window of `{name}` is larger than the image that is left, {height} × {width}.",
    ),
    (r"running_mean should contain", "`{name}` has statistics for {wanted} features and gets {features}."),
    (r"normalized_shape", "`{name}` takes {wanted} numbers along the last dimension and gets {got}."),
    (r"pad should be", "`{name}` pads by more than half of its window."),
    (r"Dimension out of range", "`{name}` asks for a dimension that the shape {shape} does not have."),
)
DIMENSIONS = {"BatchNorm1d": "2 or 3", "BatchNorm2d": "4", "Conv2d": "3 or 4", "MaxPool2d": "3 or 4"}


@dataclass(frozen=True)
class Mismatch:
    """Why a layer failed.

    Attributes:
        place: of the layer, counted from 0. said: torch's own words, after the class of its error.
        meaning: in plain words. fix: what to do, in words; layers: the mended list, or None where none is known.
    """

    place: int
    said: str
    meaning: str
    fix: str
    layers: str | None


def explain(settings: ModelSettings, place: int, name: str, given: Shape, error: Exception) -> Mismatch:
    """What torch's error means for this layer."""
    layers, said = settings.model, f"{type(error).__name__}: {error}"
    v = layers[place].values
    words = {
        "name": name,
        "wanted": v.get("in_features") or v.get("in_channels") or v.get("num_features") or v.get("normalized_shape"),
        "got": given[-1],
        "n": len(given),
        "shape": given,
        "dimensions": DIMENSIONS.get(layers[place].kind, ""),
        "channels": given[-3] if len(given) > 2 else "none",
        "features": given[1] if len(given) > 1 else given[0],
        "height": given[-2] if len(given) > 1 else given[-1],
        "width": given[-1],
    }
    meaning = next((text for pattern, text in MEANINGS if re.search(pattern, str(error))), "`{name}` does not fit.")
    fix, mended = _mend(layers, place, given)
    text = None if mended is None else ", ".join(layer.code for layer in mended)
    return Mismatch(place, said, meaning.format(**words), fix, text if text and _allowed(settings, text) else None)


def _mend(layers: tuple[Layer, ...], place: int, given: Shape) -> tuple[str, list[Layer] | None]:
    """A change of this layer, or a layer more before it, after which it fits; and the change in words."""
    layer, flat = layers[place], math.prod(given[1:])
    v = layer.values
    if layer.kind == "Linear" and len(given) > 2 and flat == v["in_features"]:
        flatten = Layer("Flatten", {"start_dim": 1})
        return "Lay each image out as one row first: `Flatten()`.", [*layers[:place], flatten, *layers[place:]]
    changes = _changes(layer, given)
    if not changes:
        return _advice(layer, given), None
    changed = replace(layer, values={**v, **changes})
    return f"Write `{changed.code}` instead of `{layer.code}`.", [*layers[:place], changed, *layers[place + 1 :]]


def _changes(layer: Layer, given: Shape) -> dict[str, object]:
    """Arguments with which the layer takes what it is given; none where no argument helps."""
    kind, v = layer.kind, layer.values
    features = given[1] if len(given) > 1 else given[0]
    if kind == "Linear":
        return {"in_features": given[-1]}
    if kind == "LayerNorm":
        return {"normalized_shape": given[-1]}
    if kind == "BatchNorm1d" and len(given) in (2, 3) or kind == "BatchNorm2d" and len(given) == 4:
        return {"num_features": features}
    if kind == "Softmax":
        return {"dim": -1}
    if kind == "Flatten":
        return {"start_dim": 0}
    if kind in ("Conv2d", "MaxPool2d") and len(given) in (3, 4):
        changes = {"in_channels": given[-3]} if "in_channels" in v and given[-3] != v["in_channels"] else {}
        smaller = min(v["kernel_size"], *given[-2:])
        if output_shape(replace(layer, values={**v, **changes}), given) is None or 2 * v["padding"] > v["kernel_size"]:
            changes |= {"kernel_size": smaller, "padding": 0}
        most = KINDS["Conv2d"]["in_channels"][0].high
        return changes if given[-3] <= most else {}
    return {}


def _advice(layer: Layer, given: Shape) -> str:
    """What to do where no argument of the layer helps."""
    if layer.kind in ("Conv2d", "MaxPool2d", "BatchNorm2d"):
        return (
            "It needs images: give the input a shape such as `1, 1, 8, 8` (images, channels, rows, columns), and "
            "do not flatten before it."
        )
    if layer.kind == "BatchNorm1d" and len(given) == 1:
        return f"Give it a batch, even of one: the input shape `1, {given[0]}`."
    return "Give it an input of another shape, or flatten before it."


def _allowed(settings: ModelSettings, layers: str) -> bool:
    try:
        replace(settings, layers=layers)
    except ValueError:
        return False
    return True
