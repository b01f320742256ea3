"""A digit rotated and scaled by kornia and by plain torch, and how far the results are apart.

Run it with:  python data_augmentation_affine.py
"""

import math

import torch
import torch.nn.functional as F
from kornia.geometry.transform import warp_affine
from sklearn.datasets import load_digits

DIGIT = 6
ANGLE = 30  # degrees, counter-clockwise
SCALE = 1.0
ROW = 3
COLUMN = 4

image = torch.from_numpy(load_digits().images[DIGIT]).float()[None, None] / 16

# The matrix takes a pixel (column, row, 1) to its new column and row; the middle of the digit stays.
angle = math.radians(ANGLE)
linear = SCALE * torch.tensor([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
middle = torch.tensor([3.5, 3.5])
M = torch.cat([linear, (middle - linear @ middle)[:, None]], dim=1)
by_kornia = warp_affine(image, M[None], (8, 8))

# torch wants the map back, from the result to the digit, and counts from -1 to 1 instead of from 0 to 7.
theta = torch.cat([torch.linalg.inv(linear), torch.zeros(2, 1)], dim=1)
grid = F.affine_grid(theta[None], image.shape, align_corners=True)
by_torch = F.grid_sample(image, grid, align_corners=True)

print("kornia and torch agree within 1e-5: {}".format(bool((by_kornia - by_torch).abs().max() < 1e-5)))
print("row {}, column {}: {:.3f}".format(ROW, COLUMN, by_torch[0, 0, ROW, COLUMN].abs()))
