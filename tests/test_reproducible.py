"""Same settings, same numbers, bit for bit, whoever else is using the process."""

import ast
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
import torch

from core.activation_functions.collapse import collapse
from core.activation_functions.depth import run as deep_network
from core.activation_functions.modules import ACTIVATIONS
from core.activation_functions.settings import CollapseSettings, DepthSettings
from core.bandits.settings import WorldSettings
from core.bandits.testbed import CurvesTask
from core.datasets import make_number_sums
from core.datasets_and_loaders.collate import run_collate
from core.datasets_and_loaders.mistakes import MISTAKES, try_mistake
from core.datasets_and_loaders.order import OrderTask
from core.datasets_and_loaders.own import load_own
from core.datasets_and_loaders.path import run_path
from core.datasets_and_loaders.samplers import run_samplers
from core.datasets_and_loaders.settings import (
    CollateSettings,
    MistakesSettings,
    OrderSettings,
    PathSettings,
    SamplersSettings,
)
from core.datasets_and_loaders.settings import OwnSettings as LoadedSettings
from core.generalization.bias_variance import decompose
from core.generalization.peeking import Repeats, peek
from core.generalization.settings import CurveSettings
from core.reinforcement_learning.policy import PolicyTask
from core.reinforcement_learning.settings import PolicySettings
from core.sample_tables import sample_table
from core.training_loop.checkpoint import load, save
from core.training_loop.map import LrMapTask
from core.training_loop.own import own_training, prepare_own
from core.training_loop.settings import OPTIMIZERS, MapSettings, OwnSettings, TrainingLoopSettings
from core.training_loop.train import number_sum_training, train
from core.training_loop.update import replay

ROOT = Path(__file__).parent.parent
SMALL = TrainingLoopSettings(data_low=0, data_high=10, batch_size=9, num_epochs=4, hidden=8, validation=0.1)


def train_table():
    settings, iris = OwnSettings(num_epochs=2), sample_table("iris")
    return own_training(settings, prepare_own(settings, iris)).run().batch_losses


def continue_a_saved_run():
    start = load(save(train(SMALL).checkpoint), SMALL)
    return number_sum_training(SMALL, start=start).run().batch_losses


def load_in_batches():
    epochs = run_samplers.__wrapped__(SamplersSettings(sampler="weighted"))
    run_path.__wrapped__(PathSettings())
    run_collate.__wrapped__(CollateSettings())
    for name in MISTAKES:
        try_mistake.__wrapped__(MistakesSettings(mistake=name))
    load_own(LoadedSettings(), sample_table("iris"), (["petal width (cm)"], "species"))
    OrderTask(OrderSettings(num_epochs=1)).run()
    return epochs.counts


ENTRY_POINTS = {
    "loaders": load_in_batches,
    "deep network": lambda: deep_network.__wrapped__(ACTIVATIONS["RReLU"](), DepthSettings(depth=3)).errors,
    "200 data sets": lambda: decompose.__wrapped__(CurveSettings(n_samples=6)).measured,
    "peeking": lambda: peek.__wrapped__(Repeats(20, 0.5, 3)).fresh,
    "XOR": lambda: collapse.__wrapped__(CollapseSettings(updates=5)).runs[2].probabilities,
    "bandits": lambda: CurvesTask("thompson", 1.0, WorldSettings(steps=10), 5).run().reward,
    "policy": lambda: PolicyTask(PolicySettings(updates=2, batch_size=4)).run().policies,
    "data": lambda: make_number_sums((0, 9))[0],
    "train": lambda: train(SMALL).batch_losses,
    "train unshuffled": lambda: train(replace(SMALL, shuffle=False)).batch_losses,
    "replay": lambda: replay(train(SMALL), 17).predictions,
    "map": lambda: LrMapTask(SMALL, MapSettings(num_epochs=1)).run().final_loss,
    "own table": train_table,
    "weights": continue_a_saved_run,
}


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_the_global_generator_is_neither_moved_nor_asked(name):
    results = []
    with torch.random.fork_rng():
        for seed in (1, 2):
            torch.manual_seed(seed)
            before = torch.random.get_rng_state()
            results.append(ENTRY_POINTS[name]())
            assert torch.equal(torch.random.get_rng_state(), before)
    assert torch.equal(*results)


def test_threads_that_train_side_by_side_do_not_disturb_each_other():
    others = [replace(SMALL, seed=seed, optimizer=name) for seed, name in enumerate(OPTIMIZERS, start=1)]
    alone = {settings: train(settings).batch_losses for settings in (SMALL, *others)}
    work = [SMALL] * 2 + others + [SMALL] * 6  # eight of the same, among six others
    together = Barrier(len(work))

    def run(settings):
        together.wait()
        return train(settings).batch_losses

    with ThreadPoolExecutor(len(work)) as threads:
        for settings, losses in zip(work, threads.map(run, work), strict=True):
            assert torch.equal(losses, alone[settings])


SEEDERS = {f"{module}.seed" for module in ("torch", "torch.random", "random", "np.random", "numpy.random")}
SEEDERS |= {"torch.manual_seed", "torch.random.manual_seed"}


def global_seedings(source):
    """Calls that seed a generator which everybody shares; `Generator().manual_seed` is not one of them."""
    nodes = list(ast.walk(ast.parse(source)))
    called = [ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)]
    imported = [f"{n.module}.{a.name}" for n in nodes if isinstance(n, ast.ImportFrom) for a in n.names]
    return [name for name in called + imported if name in SEEDERS]


@pytest.mark.parametrize("layer", ["core", "figures", "ui", "pages"])
def test_nothing_seeds_a_generator_that_everybody_shares(layer):
    files = sorted((ROOT / layer).rglob("*.py"))
    assert files
    assert {str(file): found for file in files if (found := global_seedings(file.read_text()))} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("torch.manual_seed(0)", ["torch.manual_seed"]),
        ("from torch import manual_seed", ["torch.manual_seed"]),
        ("def f():\n    np.random.seed(seed)", ["np.random.seed"]),
        ("torch.Generator().manual_seed(0)", []),
        ("generator.manual_seed(torch.initial_seed())", []),
    ],
)
def test_the_search_for_such_calls_finds_them(source, found):
    assert global_seedings(source) == found
