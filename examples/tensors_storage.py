"""What an operation does to a tensor's shape, strides and storage.

Run it with:  python tensors_storage.py
"""

import torch

SEED = 0

torch.manual_seed(SEED)

x = torch.arange(12).reshape(3, 4)
y = x.T


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
