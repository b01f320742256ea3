"""REINFORCE: a softmax policy as a torch network, made better by the returns of whole episodes.

Run it with:  python reinforcement_learning_policy.py
"""

import gymnasium as gym
import torch
import torch.nn as nn

BASELINE = True
LR = 10.0
BATCH_SIZE = 8
UPDATES = 60
GAMMA = 0.95
SLIP = 0.0
STEP_COST = 0.0
LONGEST = 60  # moves of an episode
SEED = 0

# For each cell and direction: where it leads, what it brings, and whether it ends the episode.
env = gym.make("FrozenLake-v1", map_name="4x4", is_slippery=False).unwrapped
actions, start = ["left", "down", "right", "up"], 0
is_open = torch.tensor([letter not in b"GH" for letter in env.desc.ravel()])
table = [[env.P[cell][a][0][1:] for a in range(4)] for cell in range(len(is_open))]
to, reward, ends = (torch.tensor([[move[i] for move in moves] for moves in table]) for i in range(3))

torch.set_num_threads(1)  # the same order of additions on any number of cores
reward, n_cells = reward.double() - STEP_COST, len(is_open)
generator = torch.Generator().manual_seed(SEED)
model = nn.Linear(n_cells, 4, bias=False, dtype=torch.float64)  # one-hot cell -> logits
nn.init.zeros_(model.weight)  # every move has probability 1/4
optimizer = torch.optim.SGD(model.parameters(), lr=LR)
baseline = torch.zeros(n_cells, dtype=torch.float64)


def play():
    """A batch of episodes side by side: cells, actions, rewards and whether the move was made."""
    policy = model.weight.detach().T.softmax(1)
    s, going, record = torch.full((BATCH_SIZE,), start), torch.ones(BATCH_SIZE, dtype=torch.bool), []
    for _ in range(LONGEST):
        u = torch.rand(3, BATCH_SIZE, generator=generator, dtype=torch.float64)
        a = (u[2, :, None] > policy.cumsum(1)[s, :3]).sum(1)
        way = (a + torch.where(u[1] < 1 - SLIP, 0, torch.where(u[1] < 1 - SLIP / 2, -1, 1))) % 4
        record.append((s, a, torch.where(going, reward[s, way], 0.0), going))
        s, going = torch.where(going, to[s, way], s), going & ~ends[s, way]
        if not going.any():
            break
    return map(torch.stack, zip(*record, strict=True))


for _ in range(UPDATES):
    cells, moves, rewards, made = play()
    G, total = torch.zeros_like(rewards), 0.0
    for t in reversed(range(len(rewards))):  # the return that follows each move
        total = G[t] = rewards[t] + GAMMA * total
    first, s, a, G = G[0].mean(), cells[made], moves[made], G[made]
    log_pi = model(nn.functional.one_hot(s, n_cells).double()).log_softmax(1).gather(1, a[:, None])[:, 0]
    loss = -((G - baseline[s] * BASELINE) * log_pi).sum() / BATCH_SIZE
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    counts = torch.bincount(s, minlength=n_cells)
    means = torch.zeros_like(baseline).index_add_(0, s, G) / counts.clamp_min(1)
    baseline = torch.where(counts > 0, 0.8 * baseline + 0.2 * means, baseline)

print("the last batch returned {:.4f} on average".format(first))
for action, chance in zip(actions, model.weight.detach().T.softmax(1)[start], strict=True):
    print("at the start, {}: {:.4f}".format(action, chance))
