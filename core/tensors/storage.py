"""An operation that arranges a tensor anew."""

from torch import Tensor

from core.tensors.settings import StorageSettings
from core.tensors.typed import check_typed, seeded, typed_tensor


def arrange(settings: StorageSettings, seed: int) -> tuple[Tensor, Tensor]:
    """x and y, before and after.

    Raises:
        ExpressionError: in one sentence; `TorchError` if PyTorch refuses it.
    """
    check_typed(settings.x)
    check_typed(settings.y, "x")
    random = seeded(seed)
    x = typed_tensor(settings.x, random)
    return x, typed_tensor(settings.y, random, {"x": x})
