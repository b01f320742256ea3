"""Powers of a matrix: PyTorch's numbers against Python's exact whole numbers.

Run it with:  python tensors_power.py
"""

import torch

SEED = 0
N = 92

torch.manual_seed(SEED)

a = torch.tensor([[1, 1], [1, 0]], dtype=torch.int64)


def multiply(left, right):
    return [
        [sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*right, strict=True)] for row in left
    ]


print(torch.matrix_power(a, N).tolist())
eigenvalues = torch.linalg.eigvals(a.double()).tolist()
print("eigenvalues:", ", ".join("{:.4f}".format(z if z.imag else z.real) for z in eigenvalues))

if N >= 0 and torch.equal(a, a.round() if a.is_floating_point() else a):
    whole = [[int(entry) for entry in row] for row in a.tolist()]
    power = [[int(i == j) for j in range(len(whole))] for i in range(len(whole))]
    first_wrong = None
    for n in range(N + 1):
        if n:
            power = multiply(power, whole)
        if first_wrong is None and torch.matrix_power(a, n).tolist() != power:
            first_wrong = n
    print("exact:", power)
    print("first wrong power:", first_wrong)
