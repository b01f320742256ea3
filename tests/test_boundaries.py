"""Who may import whom, read from the syntax tree. The table stands in README.md, “The map of the code”."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ("core", "figures", "ui", "pages", "examples")
SOURCES = [path for layer in LAYERS for path in sorted((ROOT / layer).glob("**/*.py"))]
OURS = {"app", *LAYERS, "tests", "benchmarks"}

FORBIDDEN = {  # layer -> modules that no file there may import, at any depth
    "core": {"streamlit", "plotly", "figures", "ui", "pages", "examples"},
    "figures": {"streamlit", "ui", "pages", "examples"},
    "ui": {"torch", "pages", "examples"},
    "pages": {"torch", "plotly", "examples", "app"},
    "examples": OURS | {"streamlit", "plotly"},
}
# Of core and figures, what is no concept.
UI_MAY_IMPORT = {"core.settings", "core.number_rows", "figures.picture"}


def imported(path: Path) -> list[str]:
    """Every module that the file imports, wherever in it."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively; write the whole name"
            found += [f"{node.module}.{alias.name}" for alias in node.names] + [node.module]
    return found


def within(module: str, parent: str) -> bool:
    return module == parent or module.startswith(parent + ".")


def layer(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def concept(path: Path) -> str:
    """The page that a file under pages/ belongs to."""
    return path.relative_to(ROOT / "pages").parts[0].removesuffix(".py")


def broken(path: Path) -> list[str]:
    """The imports of a file that its layer does not allow."""
    modules = imported(path)
    bad = [m for m in modules for f in FORBIDDEN[layer(path)] if within(m, f)]
    if layer(path) == "ui":
        bad += [
            m for m in modules if within(m, "core") and not any(within(m, a) or within(a, m) for a in UI_MAY_IMPORT)
        ]
        bad += [m for m in modules if within(m, "figures") and not any(within(m, a) for a in UI_MAY_IMPORT)]
    if layer(path) == "pages":
        bad += [m for m in modules if within(m, "pages") and not within(m, f"pages.{concept(path)}")]
    return bad


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_inwards(path):
    assert not broken(path)


@pytest.mark.parametrize(
    "place, line",
    [
        ("core/x.py", "import streamlit"),
        ("core/x/y.py", "from plotly import graph_objects"),
        ("figures/x.py", "from ui.chart import chart"),
        ("ui/x.py", "import core.training_loop.train"),
        ("ui/x.py", "def f():\n    import torch"),
        ("pages/x.py", "import torch.nn"),
        ("pages/x.py", "from pages.training_loop import runs"),
        ("examples/x.py", "from core.settings import Integer"),
    ],
)
def test_a_broken_rule_is_found(place, line, tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(line)
    assert broken(path)


def test_app_is_page_config_and_navigation_only():
    tree = ast.parse((ROOT / "app.py").read_text())
    calls = [
        ast.unparse(node.value.func)
        for node in tree.body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ]
    assert calls == ["st.set_page_config", "st.logo", "navigation().run"]


@pytest.mark.parametrize("path", sorted((ROOT / "core").glob("*/*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_public_names_of_core_say_what_they_mean(path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), "the file does not say what it is for"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


def test_no_figure_has_frames_of_plotly_s():
    """`Picture.frames` is their one place: plotly's own would be checked array by array, and not be sent."""
    for path in (ROOT / "figures").glob("**/*.py"):
        taken = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)]
        owners = {ast.unparse(node.value) for node in taken if node.attr == "frames"}
        assert owners <= {"self"}, path


@pytest.mark.parametrize("path", SOURCES + [ROOT / "app.py"], ids=lambda p: str(p.relative_to(ROOT)))
def test_no_eval_and_no_pickle(path):
    tree = ast.parse(path.read_text())
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert not called & {"eval", "exec", "pickle.load", "pickle.loads", "joblib.load"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.load":
            assert {k.arg: ast.unparse(k.value) for k in node.keywords}.get("weights_only") == "True"
