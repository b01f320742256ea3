"""500 episodes of Q-learning on the cliff, against the plain loop through `env.step`; and many seeds at once.

Baseline: the same rule, the same settings, as a tutorial writes it: NumPy's argmax over Gymnasium's `env.step`.
Contestant: `learn` in `core`, every update recorded. Second, 30 seeds as one batch of tensors against 30 single runs of
`learn`; both must have the same returns, bit for bit. Goals: 500 episodes within 0.2 s and at least three times as fast
an update as through `env.step`; the batch no slower than the single runs. Third, the trainings of REINFORCE at once
against as many one by one: at least twice as fast.
"""

from dataclasses import replace
from functools import partial

import gymnasium
import numpy as np
import torch

from benchmarks.report import goal, medians, ms, table, times
from core.reinforcement_learning.compare import ManyTask, settings_of
from core.reinforcement_learning.learning import learn
from core.reinforcement_learning.policy import N_SEEDS, PolicyTask
from core.reinforcement_learning.settings import CompareSettings, LearningSettings, PolicySettings

REPETITIONS = 5
LONGEST = 0.2  # seconds
FASTER = 3
SEEDS = 30


def through_env_step(settings: LearningSettings) -> int:
    """The plain loop; returns its number of updates."""
    env, rng = gymnasium.make("CliffWalking-v1"), np.random.default_rng(settings.seed)
    Q, updates = np.zeros((48, 4)), 0
    for _ in range(settings.episodes):
        s, _ = env.reset(seed=0)
        end = False
        while not end:
            explores = rng.random() < settings.epsilon
            a = rng.integers(4) if explores else rng.choice(np.flatnonzero(Q[s] == Q[s].max()))
            after, r, end, _, _ = env.step(a)
            Q[s, a] += settings.alpha * (r + settings.gamma * (0 if end else Q[after].max()) - Q[s, a])
            s, updates = after, updates + 1
    return updates


def main() -> bool:
    settings, policy = LearningSettings(), PolicySettings()
    single, batch = learn.__wrapped__, partial(ManyTask, settings_of(CompareSettings(), "q_learning"), SEEDS)
    took = medians(
        REPETITIONS,
        {
            "env.step": partial(through_env_step, settings),
            "learn": partial(single, settings),
            "30 single runs": lambda: [single(replace(settings, seed=seed)) for seed in range(SEEDS)],
            "30 runs at once": lambda: batch().run(),
            "policies": lambda: [PolicyTask(replace(policy, seed=i), n_seeds=1).run() for i in range(N_SEEDS)],
            "policies at once": lambda: PolicyTask(policy).run(),
        },
    )
    plain = took["env.step"] / through_env_step(settings)
    ours = took["learn"] / single(settings).updates
    policies = took["policies"] / took["policies at once"]
    rows = [
        ("through env.step (baseline)", ms(took["env.step"]), times(1)),
        ("learn, every update recorded", ms(took["learn"]), times(plain / ours)),
        (f"{SEEDS} single runs", ms(took["30 single runs"]), times(1)),
        (f"{SEEDS} runs at once", ms(took["30 runs at once"]), times(took["30 single runs"] / took["30 runs at once"])),
        (f"{N_SEEDS} trainings of REINFORCE, one by one", ms(took["policies"]), times(1)),
        (f"{N_SEEDS} trainings at once", ms(took["policies at once"]), times(policies)),
    ]
    table("500 episodes on the cliff", ("", "processor time", "speed"), rows)
    alone = torch.stack([single(replace(settings, seed=seed)).returns for seed in range(SEEDS)], dim=1)
    met = goal(f"500 episodes within {LONGEST:g} s", took["learn"] < LONGEST)
    met &= goal(f"an update at least {FASTER} times as fast as through env.step", plain / ours >= FASTER)
    met &= goal("at once and one by one: the same returns, bit for bit", torch.equal(batch().run().returns, alone))
    met &= goal("REINFORCE at once at least twice as fast as one by one", policies >= 2)
    return met & goal("the batch no slower than the single runs", took["30 runs at once"] <= took["30 single runs"])
