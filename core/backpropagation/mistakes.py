"""Mistakes with autograd, each really made beside the right way, and what came of both.

The error is E = (w x − 1)², in float64; with a second weight v = 1 it is (v w x − 1)², with a sigmoid (σ(w x) − 1)².
"""

from collections.abc import Callable

import torch
from torch import Tensor

from core.backpropagation.settings import MistakeSettings
from core.cache import cached
from core.tried import Tried

LR = 0.1


@cached
def try_mistake(settings: MistakeSettings) -> Tried:
    """Makes the mistake and does it right."""
    quantity, way = MISTAKES[settings.mistake]
    right = way(settings, True)
    try:
        return Tried(settings, quantity, right, way(settings, False))
    except RuntimeError as error:
        return Tried(settings, quantity, right, None, f"RuntimeError: {error}")


def _weight(settings: MistakeSettings, learns: bool = True) -> Tensor:
    return torch.tensor(settings.w, dtype=torch.float64, requires_grad=learns)


def _gradient(w: Tensor) -> float | None:
    return None if w.grad is None else w.grad.item()


def _no_zero_grad(settings: MistakeSettings, right: bool) -> float | None:
    w = _weight(settings)
    optimizer = torch.optim.SGD([w], lr=LR)
    for _ in range(settings.passes):
        if right:
            optimizer.zero_grad()
        ((w * settings.x - 1) ** 2).backward()
    return _gradient(w)


def _in_place(settings: MistakeSettings, right: bool) -> float | None:
    w = _weight(settings)
    error = torch.sigmoid(w * settings.x)
    if right:
        error = error - 1
    else:
        error -= 1  # the sigmoid's backward needs what stood there
    (error**2).backward()
    return _gradient(w)


def _leaf_in_place(settings: MistakeSettings, right: bool) -> float:
    w = _weight(settings)
    ((w * settings.x - 1) ** 2).backward()
    if right:
        with torch.no_grad():
            w -= LR * w.grad
    else:
        w -= LR * w.grad
    return w.item()


def _detach(settings: MistakeSettings, right: bool) -> float | None:
    w, v = _weight(settings), torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    hidden = w * settings.x
    if not right:
        hidden = hidden.detach()
    ((v * hidden - 1) ** 2).backward()
    return _gradient(w)


def _no_requires_grad(settings: MistakeSettings, right: bool) -> float | None:
    w = _weight(settings, learns=right)
    ((w * settings.x - 1) ** 2).backward()
    return _gradient(w)


def _twice(settings: MistakeSettings, right: bool) -> float | None:
    w = _weight(settings)
    error = (w * settings.x - 1) ** 2
    error.backward()
    if not right:
        error.backward()
    return _gradient(w)


Way = Callable[[MistakeSettings, bool], float | None]

MISTAKES: dict[str, tuple[str, Way]] = {
    "no_zero_grad": ("w.grad after the last pass", _no_zero_grad),
    "in_place": ("w.grad", _in_place),
    "leaf_in_place": ("w after the update", _leaf_in_place),
    "detach": ("w.grad", _detach),
    "no_requires_grad": ("w.grad", _no_requires_grad),
    "twice": ("w.grad", _twice),
}
