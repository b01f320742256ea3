"""One matrix product, read in four ways.

Run it with:  python tensors_matmul.py
"""

import torch

SEED = 0

torch.manual_seed(SEED)

A = torch.tensor([[1, 2, 3], [4, 5, 6]])
B = torch.tensor([[7, 8], [9, 10], [11, 12]])
C = A @ B
n, k = A.shape
m = B.shape[1]

dots = torch.stack([torch.stack([torch.dot(A[i], B[:, j]) for j in range(m)]) for i in range(n)])
outers = sum(torch.outer(A[:, p], B[p]) for p in range(k))
rows = torch.stack([sum(A[i, p] * B[p] for p in range(k)) for i in range(n)])
columns = torch.stack([sum(B[p, j] * A[:, p] for p in range(k)) for j in range(m)], dim=1)

print("A {} times B {} is C {}".format(tuple(A.shape), tuple(B.shape), tuple(C.shape)))
print(C)
for name, same in [("dot products", dots), ("outer products", outers), ("rows", rows), ("columns", columns)]:
    print("by {}: {}".format(name, "the same" if torch.allclose(same, C) else "different"))
