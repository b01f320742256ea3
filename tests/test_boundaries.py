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
UI_MAY_IMPORT = {
    "core.quote",
    "core.settings",
    "core.number_rows",
    "core.pinned",
    "core.points",
    "core.csv_dialect",
    "core.csv_table",
    "core.table_columns",
    "core.typed_number",
    "core.task",
    "core.cache",
    "core.program",
    "figures.picture",
}
CONCEPTS = {path.stem for path in (ROOT / "pages").glob("*.py")} - {"home"}


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


def module_of(path: Path) -> str:
    """A file's name as an import says it."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def concept_of(module: str) -> str:
    """The concept that a module of core or figures belongs to; "" if it is shared or of another layer."""
    parts = module.split(".")
    return parts[1] if parts[0] in ("core", "figures") and len(parts) > 1 and parts[1] in CONCEPTS else ""


def broken(path: Path) -> list[str]:
    """The imports of a file that its layer does not allow."""
    modules = imported(path)
    bad = [m for m in modules for f in FORBIDDEN[layer(path)] if within(m, f)]
    if layer(path) == "ui":
        bad += [
            m for m in modules if within(m, "core") and not any(within(m, a) or within(a, m) for a in UI_MAY_IMPORT)
        ]
        bad += [m for m in modules if within(m, "figures") and not any(within(m, a) for a in UI_MAY_IMPORT)]
    if layer(path) in ("core", "figures"):
        bad += [m for m in modules if concept_of(m) and concept_of(m) != concept_of(module_of(path))]
    if layer(path) == "pages":
        bad += [m for m in modules if within(m, "pages") and not within(m, f"pages.{concept(path)}")]
    return bad


def test_imports_point_inwards():
    assert {str(path): broken(path) for path in SOURCES if broken(path)} == {}


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
        ("core/perceptron/x.py", "from core.optimizers.race import race"),
        ("core/plane/x.py", "from core.optimizers.race import race"),
        ("figures/plane.py", "from figures.optimizers import race"),
    ],
)
def test_a_broken_rule_is_found(place, line, tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(line)
    assert broken(path)


def test_app_is_page_config_navigation_and_routes_only():
    (choice,) = [node for node in ast.parse((ROOT / "app.py").read_text()).body if isinstance(node, ast.If)]
    for_visitors, for_the_server = (
        [ast.unparse(node.value.func) for node in part if not isinstance(node, ast.ImportFrom)]
        for part in (choice.body, choice.orelse)
    )
    assert for_visitors == ["st.set_page_config", "st.logo", "navigation", "whole_app_link", "page.run"]
    assert for_the_server == ["st.App"]


def test_public_names_of_core_say_what_they_mean():
    silent = []
    for path in sorted((ROOT / "core").glob("**/*.py")):
        tree = ast.parse(path.read_text())
        named = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef) and not n.name.startswith("_")]
        silent += [f"{path}: {getattr(node, 'name', '')}" for node in (tree, *named) if not ast.get_docstring(node)]
    assert silent == []


def test_no_figure_has_frames_of_plotly_s():
    """`Picture.frames` is their one place: plotly's own would be checked array by array, and not be sent."""
    for path in (ROOT / "figures").glob("**/*.py"):
        taken = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)]
        owners = {ast.unparse(node.value) for node in taken if node.attr == "frames"}
        assert owners <= {"self"}, path


def test_no_eval_and_no_pickle():
    bad = {"eval", "exec", "pickle.load", "pickle.loads", "pd.read_pickle", "joblib.load", "torch.load"}
    own = "torch.load('weights.pt', weights_only=True)"  # of an example, which reads what it has just written
    for path in SOURCES + [ROOT / "app.py"]:
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        read = {ast.unparse(call.func) for call in calls if layer(path) != "examples" or ast.unparse(call) != own}
        assert not read & bad, path
