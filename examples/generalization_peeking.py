"""Models are tried on one holdout set, and the best is kept: what does the holdout set say too much?

Run it with:  python generalization_peeking.py
"""

import torch

OPENINGS = 20  # models that are tried on the holdout set
N_HOLDOUT = 100
SIGNAL = 0.0  # 0: the answers have nothing to do with the groups
SEED = 0
N_REPEATS, N_MODELS, N_TRAIN, N_NEW = 200, 100, 50, 200

torch.set_num_threads(1)  # the same order of additions on any number of cores
generator = torch.Generator().manual_seed(SEED)


def shares_right(X_train, y_train, X, y):
    """Share of right answers of each model, which has two questions and names the group with the nearer mean."""
    up, down = X_train[y_train > 0].mean(dim=0), X_train[y_train < 0].mean(dim=0)
    scores = ((X - (up + down) / 2) * (up - down)).unflatten(1, (N_MODELS, 2)).sum(dim=2)
    return ((scores > 0) == (y > 0)[:, None]).double().mean(dim=0)


seen, true = [], []
for _ in range(N_REPEATS):
    n = N_TRAIN + N_HOLDOUT + N_NEW
    y = torch.where(torch.rand(n, generator=generator) < 0.5, -1.0, 1.0)
    X = torch.randn(n, 2 * N_MODELS, generator=generator) + 0.5 * SIGNAL * y[:, None]
    X_train, X_holdout, X_new = X.split([N_TRAIN, N_HOLDOUT, N_NEW])
    y_train, y_holdout, y_new = y.split([N_TRAIN, N_HOLDOUT, N_NEW])

    on_holdout = shares_right(X_train, y_train, X_holdout, y_holdout)[:OPENINGS].tolist()
    best = max(range(OPENINGS), key=lambda k: on_holdout[k])  # the first of equals
    seen.append(on_holdout[best])
    true.append(shares_right(X_train, y_train, X_new, y_new)[best].item())

print("first repeat, best of {}: holdout {:.4f}, new people {:.4f}".format(OPENINGS, seen[0], true[0]))
gap = (torch.tensor(seen, dtype=torch.float64) - torch.tensor(true, dtype=torch.float64)).mean()
print("mean of 200 repeats: {:.2f} percentage points too much".format(100 * gap))
