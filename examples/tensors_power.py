"""Powers of a matrix: PyTorch's numbers against Python's exact whole numbers.

Run it with:  python tensors_power.py
"""

import numpy as np
import torch

SEED = 0
N = 92

torch.manual_seed(SEED)

a = torch.tensor([[1, 1], [1, 0]], dtype=torch.int64)

print(torch.matrix_power(a, N).tolist())
eigenvalues = torch.linalg.eigvals(a.double()).tolist()
print("eigenvalues:", ", ".join("{:.4f}".format(z if z.imag else z.real) for z in eigenvalues))

if N >= 0 and (a == torch.floor(a)).all():
    whole = np.array([[int(entry) for entry in row] for row in a.tolist()], dtype=object)  # Python's own numbers
    exact = [np.linalg.matrix_power(whole, n).tolist() for n in range(N + 1)]
    wrong = [n for n in range(N + 1) if torch.matrix_power(a, n).tolist() != exact[n]]
    print("exact:", exact[N])
    print("first wrong power:", wrong[0] if wrong else None)
