"""The weights of a run in a safetensors file, and what those of a file are worth on the points of the run."""

import torch
from torch import Tensor

from core.multilayer_perceptron.module import make_model
from core.multilayer_perceptron.train import Trainer
from core.multilayer_perceptron.watch import Run
from core.weights_file import read_weights, write_weights


def state(run: Run, index: int) -> dict[str, Tensor]:
    """The `state_dict()` of the network that the page's program builds, at a recorded moment."""
    return make_model(run.settings, run.weights[index].clone()).state_dict()


def saved(run: Run, index: int) -> bytes:
    """The file of a recorded moment."""
    return write_weights(state(run, index), {})


def measured(run: Run, content: bytes) -> tuple[float, float, float, float]:
    """Loss and accuracy in training, then in testing, that the run's network has with the weights of a file.

    Raises:
        ValueError: in one sentence, if the file is damaged or that of another network.
    """
    needed = state(run, -1)
    tensors, _ = read_weights(content, needed, {})
    vector = torch.cat([tensors[name].flatten() for name in needed])
    return tuple(Trainer(run.settings, run.data, vector[None], [0]).measured[0][:, 0].tolist())
