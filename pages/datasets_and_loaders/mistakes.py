"""Mistakes with datasets and loaders, each really made, beside the right way."""

import streamlit as st

from core.datasets_and_loaders.mistakes import try_mistake
from core.datasets_and_loaders.program import mistakes_program
from core.datasets_and_loaders.settings import MistakesSettings
from core.tried import effect
from figures.datasets_and_loaders.mistakes import by_hand, two_bars
from ui.controls import Controls
from ui.layout import view_layout
from ui.mistake import guess_effect, show_mistake
from ui.program import program_panel
from ui.worked_step import worked_step

MISTAKES = {  # mistake -> its controls, its lines of code, the right lines, why
    "long": (
        ("extra", "batch_size"),
        "def __len__(self):\n    return len(self.numbers) + {extra}",
        "def __len__(self):\n    return len(self.numbers)",
        "The loader believes `__len__` and plans the epoch by it. So the error comes late, at the first index that is "
        "not there; with shuffling, at any moment.",
    ),
    "ragged": (
        ("batch_size",),
        "loader = DataLoader(dataset, {batch_size})  # item i has i + 1 numbers",
        "loader = DataLoader(dataset, {batch_size}, collate_fn=pad)",
        "Default collate stacks the items, and a tensor has no ragged edge. A collate function of your own fills short "
        "items up and remembers their lengths; the view “Uneven items” shows one.",
    ),
    "state": (
        ("num_epochs", "batch_size"),
        "def __getitem__(self, index):\n    image = self.images[index]\n    image += 10  # brighter\n    return image",
        "def __getitem__(self, index):\n    return self.images[index] + 10",
        "`self.images[index]` is a view of the stored images, not a copy. `+=` writes into it, so the change stays and "
        "grows with every epoch. `+` makes a new tensor.",
    ),
    "generator": (
        ("num_workers",),
        "self.generator = torch.Generator().manual_seed(0)  # in __init__\n"
        "loader = DataLoader(dataset, num_workers={num_workers})",
        "def worker_init_fn(worker_id):\n"
        "    torch.utils.data.get_worker_info().dataset.generator.manual_seed(torch.initial_seed())\n\n"
        "loader = DataLoader(dataset, num_workers={num_workers}, worker_init_fn=worker_init_fn)",
        "Every worker is a process with a copy of the dataset, its generator included: all draw the same numbers. In a "
        "worker, `torch.initial_seed()` is the loader's base seed plus the worker's number. (Simulated here with "
        "copies; no process is started. The global generators of torch and numpy get different seeds by themselves.)",
    ),
    "too_large": (
        ("large",),
        "loader = DataLoader(dataset, {large}, drop_last=True)  # 10 samples",
        "loader = DataLoader(dataset, {large})  # 10 samples",
        "A batch size beyond the data makes one small batch, and `drop_last` drops what is not full. The loop then "
        "runs over nothing, without a word, and the model stays as it was.",
    ),
}


def show(controls: Controls) -> None:
    st.markdown("**What goes wrong with datasets, and does PyTorch tell you?** Each mistake is really made.")
    layout = view_layout()
    with layout.side:
        controls.show("mistakes.mistake")
        settings = controls.read(MistakesSettings)
        names, wrong, right, why = MISTAKES[settings.mistake]
        controls.show(*(f"mistakes.{name}" for name in names))
        controls.reset_button()
    tried = try_mistake(settings)
    guessed = guess_effect(controls, layout, tried, effect(tried))
    wrong, right = (lines.format(**vars(settings)) for lines in (wrong, right))
    show_mistake(layout, guessed, two_bars, tried, wrong, right, "PyTorch's or Python's own words:")
    if not guessed:
        return
    with layout.words:
        worked_step(by_hand(tried))
        st.markdown(why)
        st.markdown("**Find out.** Which of the five would you notice only by a bad result?")
    program_panel(mistakes_program(settings))
