"""What square brackets pick from a tensor, and whether it is a view of the same storage.

Run it with:  python tensors_index.py
"""

import torch

SEED = 0

torch.manual_seed(SEED)

x = torch.arange(24).reshape(4, 6)
y = x[1:3, ::2]


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


describe("x", x)
describe("y", y)
print("same storage:", y.untyped_storage().data_ptr() == x.untyped_storage().data_ptr())
print(y)
