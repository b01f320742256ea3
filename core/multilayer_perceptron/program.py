"""The complete programs for the settings on screen, and the lines that they print."""

import ast
import inspect
import re
from itertools import pairwise
from textwrap import indent

import torch

from core.multilayer_perceptron import data
from core.multilayer_perceptron.activations import ACTIVATIONS
from core.multilayer_perceptron.luck import Luck
from core.multilayer_perceptron.settings import N_SAMPLES, PlaygroundSettings
from core.multilayer_perceptron.size import WIDTHS, SizeMap
from core.multilayer_perceptron.watch import Run
from core.program import Program, source, with_constants, with_line, with_lines

FEATURES = {
    "x1": "x1",
    "x2": "x2",
    "x1x1": "x1 * x1",
    "x2x2": "x2 * x2",
    "x1x2": "x1 * x2",
    "sin1": "x1.sin()",
    "sin2": "x2.sin()",
}
SQUARED = "return 0.5 * (answers - target).square().mean()"
LUCK_LINE = 'print(f"Seed {seed}: test loss {test_loss:.4f}, {accuracy:.1%} of the test points right")'
LINEAR = "[layer for layer in model if isinstance(layer, nn.Linear)]"
DRAW = "points, target = make_points(N_SAMPLES, NOISE, generator)"
DROPOUT = '''class Dropout(nn.Module):
    """Sets a share of the answers to 0 in training, drawn from a generator of its own."""

    def __init__(self, p, seed):
        super().__init__()
        self.p, self.generator = p, Generator().manual_seed(seed)

    def forward(self, h):
        if not self.training:
            return h
        return h * (torch.rand(h.shape, generator=self.generator) >= self.p) / (1 - self.p)


'''


def watch_program(run: Run) -> Program:
    """The program that trains the network of this run and prints its losses ten times."""
    text = playground_program(run.settings, "multilayer_perceptron", SEED=run.settings.seed)
    lines = [] if run.stopped or run.diverged_at is not None else printed(run)
    return Program("multilayer_perceptron", text, lines)


def luck_program(luck: Luck) -> Program:
    """The program that trains the networks one after the other and prints how good each is."""
    text = playground_program(
        luck.settings, "multilayer_perceptron_luck", SEEDS=range(luck.seeds[0], luck.seeds[-1] + 1)
    )
    if luck.settings.is_regression:
        text = with_lines(text, {LUCK_LINE: LUCK_LINE.replace(', {accuracy:.1%} of the test points right")', '")')})
    rows = zip(luck.seeds, luck.training.test_loss[-1].tolist(), luck.training.test_accuracy[-1].tolist(), strict=True)
    right = "" if luck.settings.is_regression else ", {:.1%} of the test points right"
    lines = [f"Seed {seed}: test loss {loss:.4f}{right.format(accuracy)}" for seed, loss, accuracy in rows]
    return Program("multilayer_perceptron_luck", text, [] if luck.n_diverged else lines)


def size_program(found: SizeMap) -> Program:
    """The program that trains the networks of the map one after the other and prints their test losses."""
    text = playground_program(found.settings, "multilayer_perceptron_size", SEED=found.settings.seed)
    finite = bool(torch.isfinite(found.test_loss).all())
    rows = zip(WIDTHS, found.test_loss.tolist(), strict=True)
    lines = [f"Width {width}:" + "".join(f" {loss:9.4f}" for loss in losses) for width, losses in rows]
    return Program("multilayer_perceptron_size", text, lines if finite else [])


def printed(run: Run) -> list[str]:
    """What `report` prints, before the first epoch and about ten times more."""
    every = max(run.settings.num_epochs // 10, 1)
    curves = zip(run.curve("train_loss").tolist(), run.curve("test_loss").tolist(), strict=True)
    return [
        f"Epoch {epoch}: training loss {train:.6f}, test loss {test:.6f}"
        for epoch, (train, test) in enumerate(curves)
        if epoch % every == 0
    ]


def playground_program(settings: PlaygroundSettings, name: str, **constants: object) -> str:
    """One of the examples, all settings written in but early stopping, which a reader adds where it is wanted."""
    return with_network(_with_data(with_constants(source(name), constants), settings), settings)


def with_network(text: str, settings: PlaygroundSettings) -> str:
    """A program that trains the playground's networks, with the network and the training of these settings."""
    names = [name for name in ("batch_size", "lr", "num_epochs") if f"\n{name.upper()} = " in text]
    text = with_constants(text, {name.upper(): getattr(settings, name) for name in names})
    if settings.init == "file" and "import json" not in text:
        text = text.replace("import ", "import json\nimport ", 1)
    chosen = ", ".join(FEATURES[name] for name in settings.features)
    text = with_line(text, "return torch.stack([x1, x2], dim=1)", f"return torch.stack([{chosen}], dim=1)")
    text = _with_model(text, settings)
    text = _with_loss(text, settings)
    if not settings.shuffle:
        start = "loader = DataLoader(samples, batch_size=BATCH_SIZE"
        text = with_line(text, f"{start}, shuffle=True, generator=Generator().manual_seed(seed))", f"{start})")
    penalised = settings.penalty != "none" and settings.rate > 0
    if settings.frozen != "none" or penalised:
        samples = re.search(r"samples = TensorDataset\(.*\)", text)[0]
        text = with_line(text, samples, f"layers = {LINEAR}\n    {_frozen(settings)}{samples}")
    return text


def _frozen(settings: PlaygroundSettings) -> str:
    if settings.frozen_layer is None:
        return ""
    return f"layers[{settings.frozen_layer - 1}].requires_grad_(False)  # frozen\n    "


def _with_data(text: str, settings: PlaygroundSettings) -> str:
    if settings.data == "file":
        read = 'with open("tensorflow_playground.json") as file:\n    recorded = json.load(file)\n'
        read += 'rows = torch.tensor(recorded["train"] + recorded["test"])'
        text = _without(text, "make_points", "uniform")
        return with_lines(
            text,
            {
                "import math": "import json",
                DRAW: read,
                "generator = Generator().manual_seed(DATA_SEED)": "",
                "order = torch.randperm(len(points), generator=generator)": "",
                "X, y = inputs(points[order]), target[order][:, None]": "X, y = inputs(rows[:, :2]), rows[:, 2:]",
                "SHARE = 0.5": "",
                "N_SAMPLES = 500": "",
                "NOISE = 0.0": "",
                "DATA_SEED = 0": "",
                "n_train = round(SHARE * len(X))": 'n_train = len(recorded["train"])',
            },
        )
    made = inspect.getsource(data.MAKERS[settings.data])
    made = re.sub(r"^def make_\w+\(.*$", "def make_points(n_samples, noise, generator):", made, flags=re.MULTILINE)
    made = re.sub(r'\n    """.*?"""', "", made, flags=re.DOTALL)
    for name in ("RADIUS", "HALF"):
        made = re.sub(rf"\b{name}\b", str(getattr(data, name)), made)
    made = made.replace(", dtype=torch.float64", "").replace(".double()", "")
    text = _replaced(text, "make_points", made.rstrip() + "\n")
    if "math." not in made:
        text = with_line(text, "import math", "")
    values = {"SHARE": settings.share, "NOISE": settings.noise, "DATA_SEED": settings.data_seed}
    return with_constants(text, values | {"N_SAMPLES": N_SAMPLES})


def _with_model(text: str, settings: PlaygroundSettings) -> str:
    inputs, *widths, outputs = settings.sizes
    widths = ["width"] * len(widths) if "\nWIDTHS = " in text else widths
    parts, sizes = [], [f"({a}, {b})" for a, b in pairwise([inputs, *widths, outputs])]
    for i, layer in enumerate(settings.hidden):
        module = ACTIVATIONS[layer.activation].module
        parts += [f"nn.Linear{sizes[i]}"] + [f"nn.{module}"] * (module != "Identity()")
        parts += [f"Dropout({settings.dropout}, seed + {1000 * (i + 1)})"] * bool(settings.dropout)
    parts += [f"nn.Linear{sizes[-1]}"] + ["nn.Tanh()"] * (settings.output == "tanh")
    joined = "".join(f"    {part},\n" for part in parts)
    made = indent(f"model = nn.Sequential(\n{joined})\n{_first_weights(settings.init)}", "    ")
    text = re.sub(r"^    model = nn\.Sequential\(\n.*?^    \)\n", lambda _: made, text, flags=re.DOTALL | re.MULTILINE)
    if settings.dropout:
        text = text.replace("def inputs(points):", f"{DROPOUT}def inputs(points):")
    kind = {"Momentum": "SGD"}.get(settings.optimizer, settings.optimizer)
    momentum = ", momentum=0.9" if settings.optimizer == "Momentum" else ""
    lr = "LR" if "\nLR = " in text else "lr"
    old = f"optimizer = torch.optim.Adam(model.parameters(), lr={lr})"
    return with_line(text, old, f"optimizer = torch.optim.{kind}(model.parameters(), lr={lr}{momentum})")


def _first_weights(init: str) -> str:
    """Lines that set the first weights, to stand after the model; none for PyTorch's own."""
    if init == "file":
        return (
            'with open("tensorflow_playground.json") as file:\n    first = json.load(file)["init"]\n'
            f"for layer, numbers in zip({LINEAR}, first):\n"
            '    layer.weight.data, layer.bias.data = torch.tensor(numbers["W"]), torch.tensor(numbers["b"])\n'
        )
    lines = {
        "playground": ("uniform_(layer.weight, -0.5, 0.5)", "constant_(layer.bias, 0.1)"),
        "xavier": ("xavier_uniform_(layer.weight)", "zeros_(layer.bias)"),
        "kaiming": ('kaiming_uniform_(layer.weight, nonlinearity="relu")', "zeros_(layer.bias)"),
    }.get(init, ())
    return f"for layer in {LINEAR}:\n" * bool(lines) + "".join(f"    nn.init.{line}\n" for line in lines)


def _with_loss(text: str, settings: PlaygroundSettings) -> str:
    if settings.is_regression or settings.loss == "squared":
        text = with_line(text, "return F.softplus(-answers * target).mean()", SQUARED)
        text = with_line(text, "import torch.nn.functional as F", "")
    if settings.penalty != "none" and settings.rate:
        size = "abs()" if settings.penalty == "l1" else "square()"
        half = "" if settings.penalty == "l1" else "0.5 * "
        line = "loss = loss_of(model(batch), expected)"
        added = f"loss = loss + {half}{settings.rate} * sum(layer.weight.{size}.sum() for layer in layers)"
        text = re.sub(rf"^( *){re.escape(line)}\n", rf"\g<0>\g<1>{added}\n", text, flags=re.MULTILINE)
    return text


def _without(text: str, *functions: str) -> str:
    for name in functions:
        text = _replaced(text, name, "").replace("\n\n\n\n\n", "\n\n\n")
    return text


def _replaced(text: str, function: str, by: str) -> str:
    """The program with another text for one of its functions."""
    node = next(n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and n.name == function)
    lines = text.splitlines(keepends=True)
    return "".join([*lines[: node.lineno - 1], by, *lines[node.end_lineno :]])
