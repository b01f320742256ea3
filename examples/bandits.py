"""You against a learner on the same slot machines ("one-armed bandits"): each arm pays its own average, with noise.

Run it with:  python bandits.py
"""

import math

import torch

ARMS = 4
LEARNER = "ucb"  # or "greedy", "epsilon", "thompson"
SEED = 9
PULLS = ""  # yours, a letter each
REVEALED = False
NAMES = "ABCDEFGHIJ"

world = torch.Generator().manual_seed(SEED)
means = torch.randn(10, 1, generator=world, dtype=torch.float64)
noise = torch.randn(10, 51, generator=world, dtype=torch.float64)
means, rewards = means[:ARMS, 0].tolist(), ((means + noise)[:ARMS] * 100).round() / 100  # pull n pays both the same
dice = torch.Generator().manual_seed(SEED + 1000)


class Player:
    """Remembers for each arm how often it was pulled and what it paid on average."""

    def __init__(self):
        self.Q, self.n, self.total = [0.0] * ARMS, [0] * ARMS, 0.0

    def pull(self, arm):
        reward = rewards[arm, self.n[arm]].item()
        self.n[arm] += 1
        self.Q[arm] += (reward - self.Q[arm]) / self.n[arm]
        self.total += reward


def choose(t, Q, n):
    """The learner's arm at step t."""
    u, v = torch.rand(2, generator=dice, dtype=torch.float64).tolist()
    if LEARNER == "epsilon" and u < 0.1:
        return int(v * ARMS)  # a random arm
    scores = Q
    if LEARNER == "ucb":  # the estimate, and a bonus for what is not well known
        scores = [Q[a] + 2.0 * math.sqrt(math.log(t) / n[a]) for a in range(ARMS)]
    if LEARNER == "thompson":  # a draw from what is plausible; these learners begin by believing in means around 0
        z = torch.randn(1, ARMS, generator=dice, dtype=torch.float64)[0].tolist()
        scores = [Q[a] * n[a] / (n[a] + 1) + z[a] / math.sqrt(n[a] + 1) for a in range(ARMS)]
    highest = [a for a in range(ARMS) if scores[a] == max(scores)]
    return highest[int(v * len(highest))]


you, learner = Player(), Player()
for player in (you, learner):
    for arm in range(ARMS):  # one free pull of every arm
        player.pull(arm)
    player.total = 0.0
for t, name in enumerate(PULLS, start=ARMS + 1):
    you.pull(NAMES.index(name))
    learner.pull(choose(t, learner.Q, learner.n))

print("you {:.2f}, the learner {:.2f}".format(you.total, learner.total))
for a in range(ARMS):
    print("arm {}".format(NAMES[a]) + ": true mean {:.4f}".format(means[a]) * REVEALED)
    for who, player in (("you", you), ("the learner", learner)):
        print("  {}: pulls {}, average {:.4f}".format(who, player.n[a], player.Q[a]))
