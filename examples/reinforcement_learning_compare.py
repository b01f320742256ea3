"""Two algorithms on the same seeds: all runs of one at once, each move of all of them as one tensor program.

Run it with:  python reinforcement_learning_compare.py
"""

import gymnasium as gym
import torch

ALGORITHMS = ["q_learning", "sarsa"]  # or "expected"
SEEDS = range(30)
EPISODES = 500
ALPHA = 0.5
EPSILON = 0.1
GAMMA = 1.0
SLIP = 0.0
STEP_COST = 0.0
LONGEST = 1000  # moves of an episode
MOST_MOVES = 30000

# For each cell and direction: where it leads, what it brings, and whether it ends the episode.
env = gym.make("CliffWalking-v1", is_slippery=False).unwrapped
actions, start = ["up", "right", "down", "left"], 36
is_open = torch.arange(48) < 37
table = [[env.P[cell][a][0][1:] for a in range(4)] for cell in range(len(is_open))]
to, reward, ends = (torch.tensor([[move[i] for move in moves] for moves in table]) for i in range(3))

reward, run = reward.double() - STEP_COST, torch.arange(len(SEEDS))


def uniform():
    """For each move and run six numbers: whether it explores, where it slips, and a key for each action."""
    generators = [torch.Generator().manual_seed(seed) for seed in SEEDS]
    while True:
        blocks = [torch.rand(1000, 6, generator=g, dtype=torch.float64) for g in generators]
        yield from torch.stack(blocks, dim=1)


def choose(Q, s, u):
    """In each run, with probability EPSILON any action, else the best; ties are decided by the keys."""
    values = Q[run, s]
    possible = (values == values.amax(1, keepdim=True)) | (u[:, :1] < EPSILON)
    return torch.where(possible, u[:, 2:], -1.0).argmax(1)


for algorithm in ALGORITHMS:
    Q = torch.zeros(len(SEEDS), len(is_open), 4, dtype=torch.float64)
    returns = torch.full((EPISODES, len(SEEDS)), torch.nan, dtype=torch.float64)
    s, episode, length, total = torch.full_like(run, start), run * 0, run * 0, run.double() * 0
    draws, moves = uniform(), 0
    u = next(draws)
    a = choose(Q, s, u)
    while moves < MOST_MOVES and (episode < EPISODES).any():
        way = (a + torch.where(u[:, 1] < 1 - SLIP, 0, torch.where(u[:, 1] < 1 - SLIP / 2, -1, 1))) % 4
        after, r, end, u, moves = to[s, way], reward[s, way], ends[s, way], next(draws), moves + 1
        a_next = choose(Q, after, u)  # before the update, as SARSA does it
        best, mean = Q[run, after].amax(1), Q[run, after].mean(1)
        expected = (1 - EPSILON) * best + EPSILON * mean
        follow = {"q_learning": best, "sarsa": Q[run, after, a_next], "expected": expected}[algorithm]
        error = r + GAMMA * torch.where(end, 0.0, follow) - Q[run, s, a]
        Q[run, s, a] += torch.where(episode < EPISODES, ALPHA * error, 0.0)
        total, length = total + r, length + 1
        over = end | (length == LONGEST)
        done = (over & (episode < EPISODES)).nonzero().flatten()
        returns[episode[done], done], episode[done] = total[done], episode[done] + 1
        total, length = torch.where(over, 0.0, total), torch.where(over, 0, length)
        s = torch.where(over, start, after)
        anew = choose(Q, s, u)
        a = torch.where(over, anew, a_next) if algorithm == "sarsa" else anew
    print("{}: mean return of the last episodes {:.3f}".format(algorithm, returns[-100:].nanmean()))
