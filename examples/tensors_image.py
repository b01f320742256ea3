"""A picture as a tensor.

Run it with:  python tensors_image.py
"""

import numpy as np
import torch
from PIL import Image, ImageOps
from sklearn.datasets import load_sample_image

SEED = 0
MOST_PIXELS = 1_000_000

torch.manual_seed(SEED)


def load_file(name):
    picture = Image.open(name)
    width, height = picture.size
    scale = min(1.0, (MOST_PIXELS / (width * height)) ** 0.5)
    size = (max(1, int(width * scale)), max(1, int(height * scale)))
    if scale < 1:
        picture.draft("RGB", size)
    picture.load()
    if picture.mode == "I;16":  # grey levels of 16 binary digits: the upper 8 are kept
        picture = picture.point(lambda value: value / 256).convert("L")
    picture = picture.convert("RGB")
    if scale < 1:
        picture = picture.resize(size)
    return torch.from_numpy(np.array(ImageOps.exif_transpose(picture)))


img = torch.from_numpy(np.array(load_sample_image("flower.jpg")))
shown = img + 100

print("img: shape {}, {}, stride {}".format(tuple(img.shape), img.dtype, img.stride()))
print("shown: shape {}, {}, stride {}".format(tuple(shown.shape), shown.dtype, shown.stride()))
print("same storage:", shown.untyped_storage().data_ptr() == img.untyped_storage().data_ptr())
low, high, mean = shown.min().item(), shown.max().item(), shown.double().mean().item()
print("from {:.6g} to {:.6g}, mean {:.6g}".format(low, high, mean))
# To see it: plt.imshow(shown), with matplotlib.pyplot as plt
