"""The house stays small: how long a file, a function, an example and a view may be, and that a view has one name.

Whoever raises a number here writes the reason beside it.
"""

import ast
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ("core", "figures", "ui", "pages", "examples")
SOURCES = [path for layer in LAYERS for path in sorted((ROOT / layer).glob("**/*.py"))]
CONCEPTS = sorted(path.stem for path in (ROOT / "pages").glob("*.py") if path.stem != "home")

LONGEST_FILE = 250
LONGEST_FUNCTION = 50
LONGEST_EXAMPLE = 70
LONGEST_NETWORK_EXAMPLE = 90  # one that builds and trains a network
LINES_A_VIEW = dict.fromkeys(CONCEPTS, 400) | {
    "activation_functions": 475,  # twenty-five functions, each with its formula and parameters; digits enough by hand
    "backpropagation": 573,  # under three views lies a graph, read in two languages, placed and drawn: 1,200 lines
    "data_augmentation": 453,  # ten operations on pictures, five on words with senses and reasons; seven programs
    "datasets_and_loaders": 456,  # five samplers, five mistakes, a table in three kinds of dataset; cards drawn by hand
    "multilayer_perceptron": 700,  # networks, training, pictures of their own; a backward pass; digits to draw
    "optimizers": 1_000,  # fourteen optimizers, each explained
    "perceptron": 430,  # the neuron, a drawing: plotly has no chart of it
    "bandits": 495,  # eight strategies, each for thousands of runs at once and as a plain loop; a game
    "loss_functions": 405,  # class probabilities as targets beside classes
    "tensors": 435,  # what is stretched, settled or wrapped has a sentence each; einsum of three; a guess in six views
    "neural_networks": 545,  # typed models, read, bounded and mended, lie under all five views: 570 lines
    "reinforcement_learning": 636,  # worlds drawn, read, built and mapped lie under all six views: 800 lines
    "training_loop": 415,  # its program reads a table in any dialect; a mistake to find
}


def views(concept):
    return list(import_module(f"core.{concept}.settings").VIEWS)


def lines(path):
    return len(path.read_text().splitlines())


def test_no_file_is_long():
    assert {str(path.relative_to(ROOT)): lines(path) for path in SOURCES if lines(path) > LONGEST_FILE} == {}


def test_no_function_is_long():
    found = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION:
                found[f"{path.relative_to(ROOT)}: {node.name}"] = node.end_lineno - node.lineno + 1
    assert found == {}


def test_no_example_is_long():
    for path in sorted((ROOT / "examples").glob("*.py")):
        network = "nn.Linear" in path.read_text()
        assert lines(path) <= (LONGEST_NETWORK_EXAMPLE if network else LONGEST_EXAMPLE), path.name


@pytest.mark.parametrize("concept", CONCEPTS)
def test_a_view_costs_few_lines(concept):
    places = [ROOT / layer / concept for layer in ("core", "figures", "pages")]
    files = [path for place in places for path in place.glob("**/*.py")]
    files += [ROOT / "pages" / f"{concept}.py", *(ROOT / "examples").glob(f"{concept}*.py")]
    assert sum(map(lines, files)) / len(views(concept)) <= LINES_A_VIEW[concept]


@pytest.mark.parametrize("concept", CONCEPTS)
def test_a_view_has_one_name(concept):
    """Its key in the link is its file in pages and figures, and the ending of its example."""
    names = views(concept)
    shown = import_module(f"pages.{concept}.{names[0]}").__package__
    assert shown == f"pages.{concept}"
    for name in names:
        assert (ROOT / "pages" / concept / f"{name}.py").exists(), name
        figure = ROOT / "figures" / concept / name
        assert figure.is_dir() or figure.with_suffix(".py").exists(), name
    endings = {path.stem.removeprefix(f"{concept}_") for path in (ROOT / "examples").glob(f"{concept}*.py")}
    assert endings <= {concept, *names}


@pytest.mark.parametrize("concept", CONCEPTS)
def test_the_page_shows_the_views_of_its_settings(concept):
    tree = ast.parse((ROOT / "pages" / f"{concept}.py").read_text())
    (keys,) = [
        [ast.literal_eval(key) for key in node.value.keys]
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "VIEWS"
    ]
    assert keys == views(concept)
