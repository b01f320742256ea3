"""Pixels as a picture that the browser draws."""

import base64
import io

from PIL import Image
from torch import Tensor


def png(pixels: Tensor) -> str:
    """A PNG as a data address. Shape (height, width) for grey levels, (height, width, 3 or 4) for colours; uint8."""
    target = io.BytesIO()
    Image.fromarray(pixels.contiguous().numpy()).save(target, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(target.getvalue()).decode()
