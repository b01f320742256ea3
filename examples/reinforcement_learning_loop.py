"""An agent in its environment: Q-learning tries a world 500 times, then walks by the moves that it holds for the best.

Run it with:  python reinforcement_learning.py
"""

import gymnasium as gym
import torch

MOVES = ["up", "up", "right", "right"]  # yours
ALPHA = 0.5
LEARNER_GAMMA = 1.0
SLIP = 0.0
STEP_COST = 0.0
LONGEST = 1000  # moves of an episode
SEED = 0

# For each cell and direction: where it leads, what it brings, and whether it ends the episode.
env = gym.make("CliffWalking-v1", is_slippery=False).unwrapped
actions, start = ["up", "right", "down", "left"], 36
is_open = torch.arange(48) < 37
table = [[env.P[cell][a][0][1:] for a in range(4)] for cell in range(len(is_open))]
to, reward, ends = (torch.tensor([[move[i] for move in moves] for moves in table]) for i in range(3))


def uniform():
    """For each move six numbers: whether it explores, where it slips, and a key for each action."""
    generator = torch.Generator().manual_seed(SEED)
    while True:
        yield from torch.rand(1000, 6, generator=generator, dtype=torch.float64).tolist()


def move(s, a, draw):
    """Where a move leads, what it brings, and whether it ends the episode."""
    way = (a + (0 if draw[1] < 1 - SLIP else -1 if draw[1] < 1 - SLIP / 2 else 1)) % 4
    return int(to[s, way]), float(reward[s, way]) - STEP_COST, bool(ends[s, way])


def choose(values, draw):
    """One move in ten is any, the others are the best; a tie is decided by the keys."""
    best = range(4) if draw[0] < 0.1 else [a for a in range(4) if values[a] == max(values)]
    return max(best, key=lambda a: draw[2 + a])


Q, draws, updates = [[0.0] * 4 for _ in is_open], uniform(), 0
draw = next(draws)
for _ in range(500):
    s, end, moves = start, False, 0
    while not end and moves < LONGEST and updates < 50000:
        a = choose(Q[s], draw)
        after, r, end = move(s, a, draw)
        Q[s][a] += ALPHA * (r + LEARNER_GAMMA * (0.0 if end else max(Q[after])) - Q[s][a])
        s, draw, moves, updates = after, next(draws), moves + 1, updates + 1


def walk(name, chosen, most):
    """Moves one after the other, with the same slips for everybody."""
    s, total, n, end, draws = start, 0.0, 0, False, uniform()
    while n < most and not end:
        s, r, end = move(s, chosen(s, n), next(draws))
        total, n = total + r, n + 1
    print("{}: {} moves, return {:.4f}, in cell {}".format(name, n, total, s))


best = [next(a for a in range(4) if q[a] >= max(q) - 1e-7 * max(abs(max(q)), 1e-7)) for q in Q]
walk("you", lambda s, n: actions.index(MOVES[n]), len(MOVES))
walk("the learner", lambda s, n: best[s], 60)
