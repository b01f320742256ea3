"""One run of one strategy on a bandit with ten arms, step by step, without batches.

Run it with:  python bandits_one_run.py
"""

import math

import torch

STRATEGY = "greedy"  # "epsilon", "decaying", "optimistic", "ucb", "gradient", "no_baseline", "thompson"
VALUE = 0.0  # ε, p, the first estimate, c, α or σ
STEPS = 1000
SHIFT = 0.0
SEED = 0
RUN = 1  # of 2,000
K, EXACT = 10, torch.float64

world, dice = torch.Generator().manual_seed(SEED), torch.Generator().manual_seed(SEED + 1000)
row = RUN - 1  # random numbers are drawn for all 2,000 runs, so that each run alone is what it is among them
means = SHIFT + torch.randn(2000, K, generator=world, dtype=EXACT)[row]
Q = [VALUE if STRATEGY == "optimistic" else 0.0] * K  # estimates; of a gradient strategy the preferences
n, baseline, explored = [0] * K, None, 0


def choose(t):
    u, v = torch.rand(2, 2000, generator=dice, dtype=EXACT)[:, row].tolist()
    if STRATEGY in ("gradient", "no_baseline"):
        below = [total <= v for total in chances().cumsum(0).tolist()]
        return min(sum(below), K - 1)
    epsilon = {"epsilon": VALUE, "decaying": 1 / t**VALUE}.get(STRATEGY, 0.0)
    if u < epsilon:
        return int(v * K)
    scores = Q
    if STRATEGY == "ucb":
        scores = [Q[a] + VALUE * math.sqrt(math.log(t) / n[a]) if n[a] else math.inf for a in range(K)]
    if STRATEGY == "thompson":
        z = torch.randn(2000, K, generator=dice, dtype=EXACT)[row].tolist()
        scores = [Q[a] + z[a] / math.sqrt(n[a] + 1 / VALUE**2) for a in range(K)]
    highest = [a for a in range(K) if scores[a] == max(scores)]
    return highest[int(v * len(highest))]  # one of the equals by chance


def chances():
    return torch.softmax(torch.tensor(Q, dtype=EXACT), dim=0)


for t in range(1, STEPS + 1):
    arm = choose(t)
    reward = means[arm].item() + torch.randn(2000, generator=world, dtype=EXACT)[row].item()
    explored += Q[arm] < max(Q)
    n[arm] += 1
    if STRATEGY in ("gradient", "no_baseline"):
        before = 0.0 if STRATEGY == "no_baseline" else reward if baseline is None else baseline
        baseline = before + (reward - before) / t
        pi = chances().tolist()
        for a in range(K):
            Q[a] += VALUE * (reward - before) * ((a == arm) - pi[a])
    else:
        divisor = {"optimistic": 10, "thompson": n[arm] + 1 / VALUE**2 if VALUE else 0}.get(STRATEGY, n[arm])
        Q[arm] += (reward - Q[arm]) / divisor

for a in range(K):
    print("arm {}: true mean {:.4f}, pulls {}, value {:.4f}".format("ABCDEFGHIJ"[a], means[a], n[a], Q[a]))
print("explored in {} of {} steps".format(explored, STEPS))
