"""The playground's run, its pictures, and 32 seeds at once, against a plain loop that records nothing.

Baseline: the same network, data and batches with `nn.Sequential`, autograd and `torch.optim`, as the page's program
writes it. TensorFlow Playground itself needs 29.5 ms for an epoch with its 24 maps (measured in Node on a machine like
these). Goals: 200 epochs of the spiral with batches of 10 and [8, 8, 8] neurons, with the maps of 50 moments, within
3 s; the plain loop at most 1.15 times as fast; 32 seeds within twice the time of one; four times as fast as TensorFlow
Playground; less than 1 MB for the browser.
"""

from dataclasses import replace

from torch import Generator
from torch.utils.data import DataLoader, TensorDataset

from benchmarks.report import goal, medians, s, table, times
from core.multilayer_perceptron.data import features, samples
from core.multilayer_perceptron.luck import LuckTask
from core.multilayer_perceptron.maps import maps
from core.multilayer_perceptron.module import flat, make_layers, make_model
from core.multilayer_perceptron.networks import mean_loss
from core.multilayer_perceptron.settings import PlaygroundSettings
from core.multilayer_perceptron.train import make_optimizer
from core.multilayer_perceptron.watch import RunTask

REPETITIONS = 5
SETTINGS = PlaygroundSettings(num_epochs=200, optimizer="SGD", lr=0.03)
LONGEST, SLOWER, SEEDS = 3.0, 1.15, 2.0
PLAYGROUND, AHEAD = 0.0295, 4  # seconds an epoch; how many times as fast
PAYLOAD = 1_000_000  # bytes


def _plain() -> None:
    data = samples(SETTINGS)
    model = make_model(SETTINGS, flat(make_layers(SETTINGS, 0)))
    optimizer = make_optimizer(SETTINGS.optimizer, list(model.parameters()), SETTINGS.lr)
    X, y = features(data.points, SETTINGS.features)[: data.n_train], data.target[: data.n_train, None]
    generator = Generator().manual_seed(0)
    loader = DataLoader(TensorDataset(X, y), SETTINGS.batch_size, shuffle=True, generator=generator)
    for _ in range(SETTINGS.num_epochs):
        for batch, target in loader:
            optimizer.zero_grad()
            mean_loss(model(batch)[None], target[None], SETTINGS.loss)[0].backward()
            optimizer.step()


def _watched() -> None:
    maps.__wrapped__(RunTask(SETTINGS).run())


def main() -> bool:
    samples(SETTINGS)
    took = medians(
        REPETITIONS,
        {
            "plain": _plain,
            "run": lambda: RunTask(SETTINGS).run(),
            "watched": _watched,
            "seeds": lambda: LuckTask(SETTINGS).run(),
        },
    )
    found, run = maps(RunTask(SETTINGS).run()), RunTask(replace(SETTINGS, num_epochs=1)).run()
    sent = (found.nbytes + 4 * len(found.output) * run.weights.shape[1]) * 4 // 3  # in base 64
    playground, seeds = PLAYGROUND * SETTINGS.num_epochs, took["seeds"] / took["run"]
    rows = [
        ("TensorFlow Playground, 24 maps each epoch (measured elsewhere)", s(playground), times(1)),
        ("plain loop, nothing recorded (baseline)", s(took["plain"]), times(playground / took["plain"])),
        ("the page's run, 50 moments recorded", s(took["run"]), times(playground / took["run"])),
        ("the same with all its maps", s(took["watched"]), times(playground / took["watched"])),
        ("32 seeds at once", s(took["seeds"]), f"{seeds:.2f} times one"),
    ]
    table(f"multilayer_perceptron, {SETTINGS.num_epochs} epochs, median of {REPETITIONS}", ("", "", "speed"), rows)
    met = goal(f"the run with its maps within {LONGEST:g} s", took["watched"] < LONGEST)
    met &= goal(f"the plain loop at most {SLOWER} times as fast", took["watched"] < SLOWER * took["plain"])
    met &= goal(f"{AHEAD} times as fast as TensorFlow Playground", AHEAD * took["watched"] < playground)
    met &= goal(f"32 seeds within {SEEDS:g} times one", seeds < SEEDS)
    return met & goal(f"{sent:,} bytes for the browser, below {PAYLOAD:,}", sent < PAYLOAD)
