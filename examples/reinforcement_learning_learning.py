"""Q-learning, SARSA or Expected SARSA on a table, one update a move.

Run it with:  python reinforcement_learning_learning.py
"""

import gymnasium as gym
import torch

ALGORITHM = "q_learning"  # or "sarsa" or "expected"
EPISODES = 500
ALPHA = 0.5
EPSILON = 0.1
GAMMA = 1.0
TIES = "random"  # or "first"
SLIP = 0.0
STEP_COST = 0.0
LONGEST = 1000  # moves of an episode
MOST_UPDATES = 50000
SEED = 2

# For each cell and direction: where it leads, what it brings, and whether it ends the episode.
env = gym.make("CliffWalking-v1", is_slippery=False).unwrapped
actions, start = ["up", "right", "down", "left"], 36
is_open = torch.arange(48) < 37
table = [[env.P[cell][a][0][1:] for a in range(4)] for cell in range(len(is_open))]
to, reward, ends = (torch.tensor([[move[i] for move in moves] for moves in table]) for i in range(3))

generator = torch.Generator().manual_seed(SEED)


def uniform():
    """For each move six numbers: whether it explores, where it slips, and a key for each action."""
    while True:
        yield from torch.rand(1000, 6, generator=generator, dtype=torch.float64).tolist()


def choose(values, draw):
    """With probability EPSILON any action, else the best; a tie is decided by the keys."""
    best = range(4) if draw[0] < EPSILON else [a for a in range(4) if values[a] == max(values)]
    return best[0] if TIES == "first" and draw[0] >= EPSILON else max(best, key=lambda a: draw[2 + a])


Q, returns, updates, draws = [[0.0] * 4 for _ in is_open], [], 0, uniform()
draw = next(draws)
while len(returns) < EPISODES:
    s, total, end, moves = start, 0.0, False, 0
    a = choose(Q[s], draw)
    while not end and moves < LONGEST and updates < MOST_UPDATES:
        way = (a + (0 if draw[1] < 1 - SLIP else -1 if draw[1] < 1 - SLIP / 2 else 1)) % 4
        after, r, end = int(to[s, way]), float(reward[s, way]) - STEP_COST, bool(ends[s, way])
        draw = next(draws)
        a_next = choose(Q[after], draw) if ALGORITHM == "sarsa" else None
        mean = (1 - EPSILON) * max(Q[after]) + EPSILON * (sum(Q[after]) / 4)
        follow = {"q_learning": max(Q[after]), "expected": mean}.get(ALGORITHM, Q[after][a_next or 0])
        Q[s][a] += ALPHA * (r + GAMMA * (0.0 if end else follow) - Q[s][a])
        total, moves, updates = total + r, moves + 1, updates + 1
        s, a = after, choose(Q[after], draw) if a_next is None else a_next
    if updates == MOST_UPDATES:
        break
    returns.append(total)

print("{} updates in {} episodes".format(updates, len(returns)))
print(
    "mean return of the last {}: {:.3f}".format(len(returns[-100:]), sum(returns[-100:]) / max(len(returns[-100:]), 1))
)
for action, q in zip(actions, Q[start], strict=True):
    print("Q(start, {}) = {:.4f}".format(action, q))
