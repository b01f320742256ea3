"""Pixels as a picture that the browser draws."""

import base64
import io

import numpy as np
from PIL import Image
from torch import Tensor


def png(pixels: Tensor, palette: np.ndarray | None = None) -> str:
    """A PNG as a data address.

    Args:
        pixels: uint8, shape (height, width) for grey levels or places in the palette, (height, width, 3 or 4) for
            colours.
        palette: uint8, shape (colours, 4).
    """
    target, picture = io.BytesIO(), Image.fromarray(pixels.contiguous().numpy())
    if palette is not None:
        picture.putpalette(palette.tobytes(), "RGBA")
    picture.save(target, "PNG", compress_level=1)
    return "data:image/png;base64," + base64.b64encode(target.getvalue()).decode()
