"""The 10-armed testbed of Sutton and Barto: several strategies on the same 2,000 bandits, all runs at once.

Run it with:  python bandits_testbed.py
"""

import math

import torch

STRATEGIES = {"greedy": 0.0, "epsilon": 0.1, "ucb": 2.0, "thompson": 1.0}  # each with its one number
RUNS = 2000
STEPS = 1000
SHIFT = 0.0
SEED = 0
K, EXACT = 10, torch.float64
torch.set_num_threads(1)


def play(name, value):
    """All runs side by side; returns the rewards and the regrets, each of shape (steps, runs)."""
    world, dice = torch.Generator().manual_seed(SEED), torch.Generator().manual_seed(SEED + 1000)
    means = SHIFT + torch.randn(2000, K, generator=world, dtype=EXACT)[:RUNS]
    Q = torch.full_like(means, value if name == "optimistic" else 0.0)  # estimates or preferences
    n, baseline, record = torch.zeros_like(Q), 0.0, []
    for t in range(1, STEPS + 1):
        u, v = torch.rand(2, 2000, 1, generator=dice, dtype=EXACT)[:, :RUNS]
        scores, pi = Q, torch.softmax(Q, dim=1)
        if name == "ucb":
            scores = torch.where(n == 0, torch.inf, Q + value * (math.log(t) / n).sqrt())
        if name == "thompson":
            z = torch.randn(2000, K, generator=dice, dtype=EXACT)[:RUNS]
            scores = Q + z / (n + 1 / value**2).sqrt()
        top = scores == scores.amax(1, keepdim=True)  # one of the equals by chance:
        arm = (top.cumsum(1) <= (v * top.sum(1, keepdim=True)).long()).sum(1, keepdim=True)
        epsilon = {"epsilon": value, "decaying": 1 / t**value}.get(name, 0.0)
        arm = torch.where(u < epsilon, (v * K).long(), arm)
        if name in ("gradient", "no_baseline"):
            arm = (pi.cumsum(1) <= v).sum(1, keepdim=True).clamp_max(K - 1)
        reward = means.gather(1, arm) + torch.randn(2000, 1, generator=world, dtype=EXACT)[:RUNS]
        pulled = torch.zeros_like(Q).scatter_(1, arm, 1.0)
        n += pulled
        if name in ("gradient", "no_baseline"):
            before = 0.0 if name == "no_baseline" else baseline if t > 1 else reward
            baseline = before + (reward - before) / t
            Q = Q + value * (reward - before) * (pulled - pi)
        else:
            divisor = 10 if name == "optimistic" else n + 1 / value**2 if name == "thompson" else n
            Q = torch.where(pulled == 1, Q + (reward - Q) / divisor, Q)
        record.append(torch.cat([reward, means.amax(1, keepdim=True) - means.gather(1, arm)], dim=1))
    return torch.stack(record).unbind(2)


for name, value in STRATEGIES.items():
    reward, regret = play(name, value)
    best = (regret == 0).double().mean(1)
    at_the_end = reward.mean(1)[-100:].mean(), 100 * best[-100:].mean(), regret.mean(1).sum()
    print("{}: reward {:.4f}, best arm {:.2f}%, regret {:.2f}".format(name, *at_the_end))
