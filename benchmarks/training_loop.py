"""The course's training loop as its notes write it, against the same run in `core`.

Baseline: the notes' data set, network and loop, word for word, whose `DataLoader` fetches one sample at a time.
Contestant: `train(TrainingLoopSettings())`, which also records the whole run. Both print the same ten lines, to the
last digit, with one thread each (`core` sets that for the process). Goal: at least 4x.

For information: what the recording costs, against a bare loop over the same batches that keeps nothing; and how long
fetching the batches takes alone, where `core` differs most from the notes.
"""

# ruff: noqa: UP008, UP032  the course writes it like this

import io
from contextlib import redirect_stdout

import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, Dataset

from benchmarks.report import goal, medians, s, table, times
from core import batches
from core.nn import MLP as OurMLP
from core.training_loop.loop import make_optimizer
from core.training_loop.run import Run
from core.training_loop.settings import TrainingLoopSettings
from core.training_loop.train import train

REPETITIONS = 5
LEAST = 4


class NumberSumDataset(Dataset):
    def __init__(self, data_range=(1, 10)):
        self.numbers = list(range(data_range[0], data_range[1]))

    def __getitem__(self, index):
        number1 = float(self.numbers[index // len(self.numbers)])
        number2 = float(self.numbers[index % len(self.numbers)])
        return torch.tensor([number1, number2]), torch.tensor([number1 + number2])

    def __len__(self):
        return len(self.numbers) ** 2


class MLP(nn.Module):
    def __init__(self, input_size):
        super(MLP, self).__init__()
        self.hidden_layer = nn.Linear(input_size, 128)
        self.output_layer = nn.Linear(128, 1)
        self.activation = nn.ReLU()

    def forward(self, x):
        x = self.activation(self.hidden_layer(x))
        return self.output_layer(x)


def course_loader() -> DataLoader:
    dataset = NumberSumDataset(data_range=(0, 100))
    return DataLoader(dataset, batch_size=100, shuffle=True)


def course_loop() -> None:
    """The code of the notes, from the data set to the last printed line."""
    dataloader = course_loader()
    model = MLP(input_size=2)
    loss_function = nn.MSELoss()
    optimizer = optim.Adam(model.parameters(), lr=0.001)
    for epoch in range(10):
        total_loss = 0.0
        for number_pairs, sums in dataloader:  # Iterate over the batches
            predictions = model(number_pairs)  # Compute the model output
            loss = loss_function(predictions, sums)  # Compute the loss
            loss.backward()  # Perform backpropagation
            optimizer.step()  # Update the parameters
            optimizer.zero_grad()  # Zero the gradients

            total_loss += loss.item()  # Add the loss for all batches

        # Print the loss for this epoch
        print("Epoch {}: Sum of Batch Losses = {:.5f}".format(epoch, total_loss))


def course_lines() -> list[str]:
    """What the course's loop prints with seed 0; the global generator is left as it was."""
    with torch.random.fork_rng(), redirect_stdout(io.StringIO()) as printed:
        torch.manual_seed(0)
        course_loop()
    return printed.getvalue().splitlines()


def bare_sums(recorded: Run) -> tuple[float, ...]:
    """The sums of the epochs from the same first weights and batches, by a loop that records nothing else."""
    settings = recorded.settings
    network = OurMLP([2, settings.hidden, 1], torch.Generator().manual_seed(settings.seed))
    loss_function, optimizer = nn.MSELoss(), make_optimizer(settings.optimizer, network.parameters(), settings.lr)
    sums = []
    for seed in recorded.shuffle_seeds:
        total_loss = 0.0
        order = torch.randperm(len(recorded.X), generator=torch.Generator().manual_seed(seed))
        for rows in order.split(settings.batch_size):
            loss = loss_function(network(recorded.X[rows]), recorded.y[rows])
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            total_loss += loss.item()
        sums.append(total_loss)
    return tuple(sums)


def fetch(loader: DataLoader, num_epochs: int) -> None:
    """The batches of a whole run, without training on them."""
    for _ in range(num_epochs):
        for _ in loader:
            pass


def main() -> bool:
    settings = TrainingLoopSettings()
    run, lines = train(settings), course_lines()  # also the first, slower turn of each

    def ours() -> DataLoader:
        return batches.loader(run.X, run.y, settings.batch_size, settings.shuffle, torch.Generator())

    took = medians(
        REPETITIONS,
        {
            "course": course_lines,
            "core": lambda: train(settings),
            "bare": lambda: bare_sums(run),
            "course fetches": lambda: fetch(course_loader(), 10),
            "core fetches": lambda: fetch(ours(), settings.num_epochs),
        },
    )
    rows = [
        ("the course's loop (baseline)", s(took["course"]), times(1)),
        ("core, recorded", s(took["core"]), times(took["course"] / took["core"])),
        ("bare tensors, not recorded", s(took["bare"]), times(took["course"] / took["bare"])),
    ]
    fetching = took["course fetches"], took["core fetches"]
    rows += [
        ("fetching alone, the course's (baseline)", s(fetching[0]), times(1)),
        ("fetching alone, core", s(fetching[1]), times(fetching[0] / fetching[1])),
    ]
    table(f"Training loop: {run.updates:,} updates, median of {REPETITIONS}", ("", "processor time", "speed"), rows)
    print(f"  recorded / bare: {times(took['core'] / took['bare'])} the time")
    print(f"  bare and recorded sums equal, bit for bit: {bare_sums(run) == run.epoch_sums}")
    same = goal(f"all {len(lines)} printed lines equal to the last digit", lines == run.lines() and len(lines) == 10)
    fast = goal(f"core at least {LEAST}x as fast as the course's loop", took["course"] / took["core"] >= LEAST)
    return same and fast
