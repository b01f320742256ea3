"""Three leaks from the holdout part into the training, on data that hold nothing to be learned.

Run it with:  python generalization_leakage.py
"""

import torch

N_SAMPLES = 50
N_FEATURES = 2000
N_CHOSEN = 20
COPIES = 0.5  # share of the people who are entered twice
SEED = 0
N_REPEATS = 100

torch.set_num_threads(1)  # the same order of additions on any number of cores
generator = torch.Generator().manual_seed(SEED)
n, m, k = N_SAMPLES, N_SAMPLES // 2, N_CHOSEN  # the first m rows are for training, the rest is kept out


def scaled(X, by):
    return (X - by.mean(dim=0)) / by.std(dim=0)


def chosen(X, y):  # the k columns that correlate most with the group
    centred = X - X.mean(dim=0)
    return ((y - y.mean()) @ centred / centred.norm(dim=0)).abs().topk(k).indices


def nearest_mean(X, y):
    up, down = X[:m][y[:m] > 0].mean(dim=0), X[:m][y[:m] < 0].mean(dim=0)
    return (((X[m:] - (up + down) / 2) @ (up - down) > 0) == (y[m:] > 0)).double().mean()


def nearest_neighbour(X, y, m):
    return (y[:m][torch.cdist(X[m:], X[:m]).argmin(dim=1)] == y[m:]).double().mean()


shares = torch.zeros(N_REPEATS, 3, 2, dtype=torch.float64)  # (data sets, leaks, leaking or honest)
for repeat in range(N_REPEATS):
    X = torch.randn(n, N_FEATURES, generator=generator)
    y = torch.where(torch.arange(n) % 2 == 0, -1.0, 1.0)
    for way, rows in enumerate((n, m)):  # the mistake looks at all rows, the right way at the training rows
        shares[repeat, 0, way] = nearest_mean(scaled(X[:, :k], X[:rows, :k]), y)
        shares[repeat, 1, way] = nearest_mean(X[:, chosen(X[:rows], y[:rows])], y)

    twice = torch.cat([torch.arange(n), torch.arange(round(COPIES * n))])
    mixed = twice[torch.randperm(len(twice), generator=generator)]  # copies may lie on both sides
    apart = torch.cat([twice[twice < m], twice[twice >= m]])  # copies stay on the side of their person
    shares[repeat, 2, 0] = nearest_neighbour(X[mixed, :k], y[mixed], len(mixed) // 2)
    shares[repeat, 2, 1] = nearest_neighbour(X[apart, :k], y[apart], int((twice < m).sum()))

for name, (leaking, honest) in zip(("scaling", "selection", "copies"), shares.mean(dim=0), strict=True):
    print("{}: leaking {:.4f}, honest {:.4f}".format(name, leaking, honest))
