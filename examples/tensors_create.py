"""A tensor, a part of it, and how both lie in memory.

Run it with:  python tensors_create.py
"""

import torch

SEED = 0

torch.manual_seed(SEED)

# Create a 3-dimensional tensor
images = torch.rand((4, 28, 28))

# Get the second image (to see it: plt.imshow(part, cmap="gray"), with matplotlib.pyplot as plt)
part = images[1]


def describe(name, tensor):
    print("{}: shape {}, {}, stride {}, offset {}, {} bytes, contiguous {}".format(
        name,
        tuple(tensor.shape),
        tensor.dtype,
        tensor.stride(),
        tensor.storage_offset(),
        tensor.numel() * tensor.element_size(),
        tensor.is_contiguous(),
    ))  # fmt: skip


describe("images", images)
describe("part", part)
print("same storage:", part.untyped_storage().data_ptr() == images.untyped_storage().data_ptr())
print(part.flatten()[:5])
