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

for name, tensor in [("images", images), ("part", part)]:
    shape, stride, offset = tuple(tensor.shape), tensor.stride(), tensor.storage_offset()
    print(f"{name}: shape {shape}, {tensor.dtype}, stride {stride}, offset {offset}, ", end="")
    print(f"{tensor.nbytes} bytes, contiguous {tensor.is_contiguous()}")
print("same storage:", part.untyped_storage().data_ptr() == images.untyped_storage().data_ptr())
print(part.flatten()[:5])
