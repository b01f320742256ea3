"""Two tensors of different shapes, stretched to one shape and combined.

Run it with:  python tensors_broadcast.py
"""

import torch

SEED = 0

torch.manual_seed(SEED)

a = torch.tensor([[0], [10], [20]])
b = torch.tensor([1, 2, 3, 4])
result = a + b
wide_a, wide_b = torch.broadcast_tensors(a, b)

print("a: shape {}, stretched to {} with strides {}".format(tuple(a.shape), tuple(wide_a.shape), wide_a.stride()))
print("b: shape {}, stretched to {} with strides {}".format(tuple(b.shape), tuple(wide_b.shape), wide_b.stride()))
print("result: shape {}, {}".format(tuple(result.shape), result.dtype))
print(result)
