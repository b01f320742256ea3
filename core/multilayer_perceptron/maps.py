"""What every neuron answers over the plane, at every recorded moment of a run, as bytes for a picture."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.cache import cached
from core.multilayer_perceptron.activations import ACTIVATIONS
from core.multilayer_perceptron.data import HALF, features
from core.multilayer_perceptron.networks import parts
from core.multilayer_perceptron.settings import FEATURES, PlaygroundSettings
from core.multilayer_perceptron.watch import Run

TILE, OUTPUT = 20, 60  # points along a side of a neuron's map, and of the network's
MIDDLE, SPAN = 128, 127  # bytes: 1 is -1, 128 is 0, 255 is 1


@dataclass(frozen=True, eq=False)
class Maps:
    """Pictures of all neurons, rows from the top of the plane (x2 = HALF) down, columns from x1 = -HALF on.

    Attributes:
        inputs: shape (inputs, TILE, TILE). hidden: shape (recorded, hidden neurons, TILE, TILE). output: shape
            (recorded, OUTPUT, OUTPUT). All uint8; MIDDLE is 0, and 255 stands for 1, or where an activation has no
            bound for the largest size that the neuron's answer has in the whole run.
    """

    inputs: np.ndarray
    hidden: np.ndarray
    output: np.ndarray

    @property
    def nbytes(self) -> int:
        return self.inputs.nbytes + self.hidden.nbytes + self.output.nbytes


def grid(side: int) -> Tensor:
    """The middles of side x side cells of the plane, shape (side * side, 2), row by row from the top."""
    ticks = ((torch.arange(side, dtype=torch.float64) + 0.5) / side * 2 - 1) * HALF
    x2, x1 = torch.meshgrid(-ticks, ticks, indexing="ij")
    return torch.stack([x1, x2], dim=-1).view(-1, 2)


def layer_answers(settings: PlaygroundSettings, vectors: Tensor, points: Tensor) -> list[Tensor]:
    """What each layer answers, the output's own sum last. Shapes: (k, weights), (n, 2) -> a list of (k, n, neurons)."""
    h, found = features(points, settings.features).to(vectors.dtype).expand(len(vectors), -1, -1), []
    names = [*(layer.activation for layer in settings.hidden), "linear"]
    for (weight, bias), name in zip(parts(vectors, settings.sizes), names, strict=True):
        h = ACTIVATIONS[name].forward(torch.baddbmm(bias, h, weight.mT))
        found.append(h)
    return found


def named(settings: PlaygroundSettings, sums: Tensor) -> Tensor:
    """The output's answer from its sum, from -1 to 1: for cross-entropy 2 p - 1, p the probability of class 1."""
    if settings.is_regression:
        return sums.clamp(-1, 1)
    return torch.tanh(sums / 2) if settings.loss == "cross_entropy" else torch.tanh(sums)


@cached
def maps(run: Run) -> Maps:
    """All pictures of a run."""
    vectors = run.weights.float().nan_to_num()
    hidden = layer_answers(run.settings, vectors, grid(TILE))[:-1]
    levels = []
    for answers, layer in zip(hidden, run.settings.hidden, strict=True):
        answers = 2 * answers - 1 if layer.activation == "sigmoid" else answers
        far = torch.ones(layer.width)
        if layer.activation not in ("tanh", "sigmoid"):
            far = answers.abs().amax(dim=(0, 1)).clamp(min=1e-6)
        levels.append(as_bytes(answers / far).transpose(0, 2, 1))
    moments = len(vectors)
    tiles = np.concatenate(levels, axis=1) if levels else np.zeros((moments, 0, TILE * TILE), np.uint8)
    outputs = [named(run.settings, layer_answers(run.settings, one, grid(OUTPUT))[-1]) for one in vectors.split(8)]
    given = features(grid(TILE), run.settings.features).T
    return Maps(
        inputs=as_bytes(given / given.abs().amax(dim=1, keepdim=True)).reshape(-1, TILE, TILE),
        hidden=tiles.reshape(moments, -1, TILE, TILE),
        output=as_bytes(torch.cat(outputs)[..., 0]).reshape(moments, OUTPUT, OUTPUT),
    )


def as_bytes(values: Tensor) -> np.ndarray:
    """Numbers from -1 to 1 as bytes from 1 to 255."""
    return (MIDDLE + SPAN * values.clamp(-1, 1)).round().to(torch.uint8).numpy()


def neuron_names(settings: PlaygroundSettings) -> list[list[str]]:
    """Names of all nodes, layer by layer from the inputs on."""
    hidden = [[f"h{layer + 1}.{i + 1}" for i in range(n)] for layer, n in enumerate(settings.sizes[1:-1])]
    return [[FEATURES[name] for name in settings.features], *hidden, ["answer"]]
