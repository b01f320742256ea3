"""An einsum: every product of elements whose letters agree, summed over the letters that the result does not have.

Run it with:  python tensors_einsum.py
"""

import torch

SEED = 0
EQUATION = "ij,jk->ik"

torch.manual_seed(SEED)

A = torch.tensor([[1, 2, 3], [4, 5, 6]])
B = torch.tensor([[7, 8], [9, 10], [11, 12]])
result = torch.einsum(EQUATION, A, B)

print("{}: A {}, B {}, result {}".format(EQUATION, tuple(A.shape), tuple(B.shape), tuple(result.shape)))
print(result)
