"""What an operation does to a tensor's shape, strides and storage.

Run it with:  python tensors_storage.py
"""

import torch

SEED = 0

torch.manual_seed(SEED)

x = torch.arange(12).reshape(3, 4)
y = x.T

for name, tensor in [("x", x), ("y", y)]:
    shape, stride, offset = tuple(tensor.shape), tensor.stride(), tensor.storage_offset()
    print(f"{name}: shape {shape}, {tensor.dtype}, stride {stride}, offset {offset}, ", end="")
    print(f"{tensor.nbytes} bytes, contiguous {tensor.is_contiguous()}")
print("same storage:", y.untyped_storage().data_ptr() == x.untyped_storage().data_ptr())
print(y)
