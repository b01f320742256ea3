"""The complete programs for the settings on screen, and the lines that they print."""

from dataclasses import replace

import torch

from core.neural_networks.build import BYTES, Built
from core.neural_networks.class_code import class_code, model_code
from core.neural_networks.layers import read_layers
from core.neural_networks.mistakes import MISTAKES, try_mistake
from core.neural_networks.model import Model, fresh
from core.neural_networks.parameters import Parameters
from core.neural_networks.run import Run, holds_digits, zeros
from core.neural_networks.settings import COURSE, MistakeSettings, ModelSettings
from core.neural_networks.weights import saved
from core.program import Program, source, with_constants, with_line

TRIED = """try:
    print(model(x))
except (RuntimeError, ValueError, IndexError) as error:
    print("{}: {}".format(type(error).__name__, error))"""


def with_model(name: str, settings: ModelSettings) -> str:
    """An example with the model, the shape of its input and the seed written in."""
    course, layers = read_layers(COURSE), settings.model
    text = source(name)
    for old, new in ((class_code(course), class_code(layers)), (model_code(course), model_code(layers))):
        if text.count(old) != 1:
            raise ValueError(f"The course's class must stand in examples/{name}.py once.")
        text = text.replace(old, new)
    shape = {"SHAPE": settings.input_shape} if "\nSHAPE = " in text else {}
    return with_constants(text, {"SEED": settings.seed} | shape)


def build_program(built: Built) -> Program:
    """The model, its shapes and its parameters; where a layer does not fit, torch's error."""
    text = with_model("neural_networks", built.settings)
    if built.mismatch:
        text = with_line(text, "print(model(x))", TRIED)
    prints = built.printed.splitlines()
    for step in built.steps:
        if step.returned is not None:
            prints.append(f"{step.name}: {step.given} -> {step.returned}, {step.count} parameters")
    prints += built.said.splitlines()
    prints.append(f"{built.count} parameters, {BYTES * built.count} bytes, {built.flops} FLOPs")
    return Program("neural_networks", text, prints)


DIGITS = """from sklearn.datasets import load_digits

images = torch.from_numpy(load_digits().images).float() / 16
x = images[({} + torch.arange({})) % len(images)].reshape(SHAPE)"""


def run_program(run: Run) -> Program:
    """Both passes through the layers, as far as they come."""
    text, count = with_model("neural_networks_run", run.model), holds_digits(run.model)
    if run.settings.source == "digit" and count:
        text = with_line(text, "x = torch.rand(SHAPE)", DIGITS.format(run.settings.digit, count))
    prints = []
    for mode, outputs, said in zip(("eval", "train"), (run.evaluated, run.trained), run.errors, strict=True):
        prints.append(f"in {mode}()")
        for name, y in list(zip(run.names, outputs, strict=False))[1:]:
            prints.append(f"{name}: mean {y.double().mean():.4f}, {zeros(y)} of {y.numel()} are 0")
        prints += [said] if said else []
    return Program("neural_networks_run", text, prints)


def parameters_program(found: Parameters, chosen: int | None) -> Program:
    """The tensors of the model.

    Args:
        chosen: the tensor whose first values are printed; None where there is none.
    """
    entry = None if chosen is None else found.entries[chosen]
    text = with_model("neural_networks_parameters", found.model)
    text = with_constants(text, {"FROZEN": found.settings.frozen, "TENSOR": entry.name if entry else ""})
    prints = [f"{e.name} {tuple(e.values.shape)}: {e.values.numel()} numbers, {e.kind}" for e in found.entries]
    prints.append(f"learned: {found.count('learned')}")
    if entry:
        values = entry.values.double()
        prints.append(f"{entry.name} begins from {values.min():.4f} to {values.max():.4f}")
    for container, sizes in found.containers.items():
        name = container.removeprefix("nn.") if container.startswith("nn.") else "list"
        prints.append(f"{name}: named_parameters() finds {sum(sizes.values())}")
    return Program("neural_networks_parameters", text, prints)


def mistakes_program(settings: MistakeSettings) -> Program:
    """All mistakes, with what they are tried with."""
    constants = {name.upper(): getattr(settings, name) for name in ("n_layers", "calls", "p", "in_features")}
    prints = []
    for name in MISTAKES:
        tried = try_mistake(replace(settings, mistake=name))
        wrong = f"{tried.wrong}"
        if tried.error:
            wrong = tried.error if name == "no_super" else f"{tried.wrong} and {tried.error}"
        prints += [f"{name}, right: {tried.right}", f"{name}, mistake: {wrong}"]
    text = with_constants(source("neural_networks_mistakes"), constants)
    return Program("neural_networks_mistakes", text, prints)


def weights_program(built: Built) -> Program:
    """The weights to a file and back."""
    one, generator = fresh(built.settings)
    other = Model(built.settings.model, generator).state_dict()
    equal = all(torch.equal(tensor, other[name]) for name, tensor in one.state_dict().items())
    numbers = sum(tensor.numel() for tensor in other.values())
    prints = [
        f"two fresh models are equal: {equal}",
        "equal after torch.load: True",
        "equal after load_file: True",
        f"{numbers} numbers in {len(saved(built.settings))} bytes",
    ]
    return Program("neural_networks_weights", with_model("neural_networks_weights", built.settings), prints)
