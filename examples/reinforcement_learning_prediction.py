"""What a way of moving is worth: Monte Carlo, TD(0) and n-step returns on the same episodes, beside the exact values.

Run it with:  python reinforcement_learning_prediction.py
"""

import gymnasium as gym
import torch

RANDOM_SHARE = 1.0  # of the moves; the others are the best ones
N = 4  # rewards that n-step counts before it takes an estimate
EPISODES = 100
ALPHA = 0.1
GAMMA = 1.0
SLIP = 0.0
STEP_COST = 0.04
LONGEST = 200  # moves of an episode
SEED = 0

# For each cell and direction: where it leads, what it brings, and whether it ends the episode.
env = gym.make("FrozenLake-v1", map_name="4x4", is_slippery=False).unwrapped
actions, start = ["left", "down", "right", "up"], 0
is_open = torch.tensor([letter not in b"GH" for letter in env.desc.ravel()])
table = [[env.P[cell][a][0][1:] for a in range(4)] for cell in range(len(is_open))]
to, reward, ends = (torch.tensor([[move[i] for move in moves] for moves in table]) for i in range(3))

reward = (reward.double() - STEP_COST) * is_open[:, None]


def backup(V):
    after = reward + GAMMA * torch.where(ends, 0.0, V[to])
    return (1 - SLIP) * after + SLIP / 2 * after.roll(1, 1) + SLIP / 2 * after.roll(-1, 1)


def settle(value_of, sweeps):
    """A sweep after the other until nothing changes."""
    V, change = torch.zeros(len(is_open), dtype=torch.float64), 1.0
    while change > 1e-13 and sweeps > 0:
        before, sweeps = V, sweeps - 1
        V = torch.where(is_open, value_of(backup(V)), 0.0)
        change = float((V - before).abs().max())
    return V


best = backup(settle(lambda Q: Q.amax(1), 1000))
best = (best >= best.amax(1, keepdim=True) * (1 - 1e-7 * best.amax(1, keepdim=True).sign())).double()
policy = (1 - RANDOM_SHARE) * best / best.sum(1, keepdim=True) + RANDOM_SHARE / 4
exact = settle(lambda Q: (policy * Q).sum(1), 100000)

for name, n in (("Monte Carlo", LONGEST), ("TD(0)", 1), ("n-step", N)):
    V, generator = [0.0] * len(is_open), torch.Generator().manual_seed(SEED)
    for _ in range(EPISODES):
        cells, rewards, end = [start], [], False
        for u in torch.rand(1000, 6, generator=generator, dtype=torch.float64)[:LONGEST]:
            a = int((u[2] > policy[cells[-1]].cumsum(0)[:3]).sum())
            way = (a + (0 if u[1] < 1 - SLIP else -1 if u[1] < 1 - SLIP / 2 else 1)) % 4
            rewards.append(float(reward[cells[-1], way]))
            end = bool(ends[cells[-1], way])
            cells.append(int(to[cells[-1], way]))
            if end:
                break
        for t in range(len(rewards)):
            until = min(t + n, len(rewards))
            G = sum(GAMMA**k * r for k, r in enumerate(rewards[t:until]))
            if until < len(rewards) or not end:
                G += GAMMA ** (until - t) * V[cells[until]]
            V[cells[t]] += ALPHA * (G - V[cells[t]])
    print("{}: V(start) = {:.4f}, exactly {:.4f}".format(name, V[start], exact[start]))
