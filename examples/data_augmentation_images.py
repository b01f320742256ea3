"""Sixteen copies of one picture, each changed by numbers of its own, with kornia.

Run it with:  python data_augmentation_images.py
"""

import kornia.enhance as enhance
import torch
from kornia.geometry.transform import warp_affine
from sklearn.datasets import load_digits

OPERATIONS = ("rotate", "scale")
STRENGTH = 0.2
P = 1.0
SEED = 0
COPY = 0  # whose numbers are printed

torch.set_num_threads(1)  # the same order of additions on any number of cores
digits = torch.from_numpy(load_digits().images).float() / 16
image, other = digits[6].expand(3, 8, 8), digits[3].expand(3, 8, 8)
height, width = image.shape[1:]

# kornia's random classes draw from the global generator. Here the numbers come from one of our own.
names = ("rotate", "flip", "scale", "shear", "crop", "colour", "noise", "erase", "mixup", "cutmix")
drawn = torch.rand(len(names), 4, 16, generator=torch.Generator().manual_seed(SEED))
u = dict(zip(names, drawn, strict=True))
on = {name: (u[name][0] < P) & (name in OPERATIONS) for name in names}

# Everything that moves pixels is one matrix: mirror, then shear, scale, rotate, all about the middle, then crop.
one, zero = torch.ones(16), torch.zeros(16)
angle = torch.deg2rad(torch.where(on["rotate"], 180 * STRENGTH * (2 * u["rotate"][1] - 1), 0.0))
mirror = torch.where(on["flip"], -one, one)
scale = torch.where(on["scale"], 2 ** (STRENGTH * (2 * u["scale"][1] - 1)), one)
shear = torch.where(on["shear"], STRENGTH * (2 * u["shear"][1] - 1), 0.0)
side = torch.where(on["crop"], 1 - 0.6 * STRENGTH * u["crop"][1], one)
rotation = torch.stack([angle.cos(), angle.sin(), -angle.sin(), angle.cos()], 1).view(16, 2, 2)
linear = scale[:, None, None] * rotation @ torch.stack([mirror, shear, zero, one], 1).view(16, 2, 2)
center = torch.tensor([(width - 1) / 2, (height - 1) / 2])
corner = 2 * center * (1 - side[:, None]) * u["crop"][2:].T
M = torch.cat([linear, (center - linear @ center - corner)[..., None]], 2) / side[:, None, None]
images = warp_affine(image.expand(16, -1, -1, -1).contiguous(), M, (height, width))

if "colour" in OPERATIONS:
    b, c, s = STRENGTH * (2 * u["colour"][1:] - 1)
    changed = enhance.adjust_contrast(enhance.adjust_brightness(images, 0.5 * b), 1 + c)
    images = torch.where(on["colour"][:, None, None, None], enhance.adjust_saturation(changed, 1 + s), images)
random = torch.randn(images.shape, generator=torch.Generator().manual_seed(SEED))
images = torch.where(on["noise"][:, None, None, None], (images + 0.3 * STRENGTH * random).clamp(0, 1), images)


def box(u):
    tall, wide = (torch.sqrt(STRENGTH * u[1]) * length for length in (height, width))
    tall, wide = tall.ceil()[:, None, None], wide.ceil()[:, None, None]
    top, left = (u[2][:, None, None] * (height - tall)).round(), (u[3][:, None, None] * (width - wide)).round()
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    return (rows >= top) & (rows < top + tall) & (columns >= left) & (columns < left + wide)


images = torch.where((on["erase"][:, None, None] & box(u["erase"]))[:, None], 0.5, images)
mixed = torch.where(on["mixup"], 0.5 * STRENGTH * u["mixup"][1], 0.0)
images = torch.lerp(images, other.expand_as(images), mixed[:, None, None, None])
pasted = on["cutmix"][:, None, None] & box(u["cutmix"])
images = torch.where(pasted[:, None], other, images)
share = (1 - mixed) * (1 - pasted.float().mean(dim=(1, 2)))  # of the label that is still the picture's own

print("matrix of copy {}: {}".format(COPY + 1, [round(value, 4) for value in M[COPY].flatten().tolist()]))
print("share of the label: {:.4f}; mean of its pixels: {:.4f}".format(share[COPY], images[COPY].mean()))
