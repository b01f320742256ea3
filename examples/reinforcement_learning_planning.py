"""Value iteration: what each cell of a known world is worth to somebody who takes the best moves.

Run it with:  python reinforcement_learning_planning.py
"""

import gymnasium as gym
import torch

SLIP = 0.6666666666666666  # how often a move goes to one of its sides; 2/3 is Gymnasium's slippery ice
STEP_COST = 0.0
GAMMA = 0.99
MOST_SWEEPS = 1000

# For each cell and direction: where it leads, what it brings, and whether it ends the episode.
env = gym.make("FrozenLake-v1", map_name="4x4", is_slippery=False).unwrapped
actions, start = ["left", "down", "right", "up"], 0
is_open = torch.tensor([letter not in b"GH" for letter in env.desc.ravel()])
table = [[env.P[cell][a][0][1:] for a in range(4)] for cell in range(len(is_open))]
to, reward, ends = (torch.tensor([[move[i] for move in moves] for moves in table]) for i in range(3))

reward = reward.double() - STEP_COST


def backup(V):
    """Q(s, a): the sum of probability times (reward + GAMMA V of the next cell); nothing follows the end."""
    after = reward + GAMMA * torch.where(ends, 0.0, V[to])
    return (1 - SLIP) * after + SLIP / 2 * after.roll(1, 1) + SLIP / 2 * after.roll(-1, 1)


V, sweeps, settled = torch.zeros(len(is_open), dtype=torch.float64), 0, False
while not settled and sweeps < MOST_SWEEPS:
    before = V
    V = torch.where(is_open, backup(V).amax(dim=1), 0.0)
    settled = bool((V - before).abs().max() <= 1e-9 * max(V.abs().max(), 1e-300))
    sweeps += 1

Q = backup(V)[start]
print("{} sweeps, settled: {}".format(sweeps, settled))
print("V(start) = {:.6f}".format(V[start]))
for action, q in zip(actions, Q, strict=True):
    print("{}: {:.6f}".format(action, q))
