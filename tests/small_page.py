"""A page of the tests' own, small and quick, with one parameter of each kind: what all pages do is tested on it."""

from dataclasses import dataclass

from streamlit.testing.v1 import AppTest

from core.settings import Choice, Integer, Real, Settings, Several, Switch, Text, ladder, parameter


@dataclass(frozen=True)
class SmallViewState(Settings):
    view: str = parameter("first", Choice("View", {"first": "First", "second": "Second"}, aliases={"old": "second"}))


@dataclass(frozen=True)
class SmallSettings(Settings):
    lr: float = parameter(0.1, Real("Learning rate lr", 0.001, 10.0, ladder(-3, 1)))
    n: int = parameter(5, Integer("Number", 0, 100))
    seed: int = parameter(0, Integer("Seed", 0, 9999))
    data: str = parameter("xor", Choice("Data", {"and": "AND", "xor": "XOR"}))
    who: tuple = parameter(("a",), Several("Who", {"a": "A", "b": "B"}, aliases={"z": "b"}))
    bias: bool = parameter(True, Switch("Bias"))
    text: str = parameter("x", Text("f(x)", 20))


@dataclass(frozen=True)
class SecondSettings(Settings):
    x: float = parameter(1.0, Real("Start x", -10.0, 10.0))
    text: str = parameter("1", Text("A number", 20))

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.text.isdigit():
            raise ValueError(f"{self.text} is not a number.")


def script() -> None:
    import streamlit as st
    from small_page import SecondSettings, SmallSettings, SmallViewState

    from ui.controls import Controls
    from ui.layout import view_layout
    from ui.prediction import prediction

    kinds = {"own": SmallSettings, "second": SecondSettings}
    controls = Controls("small", SmallViewState, **kinds, aliases={"rate": "own.lr"})
    controls.show_link_problems()
    view = controls.show_views("view")
    if view == "second":
        controls.show("second.x", "second.text")
        settings = controls.read_or_last(SecondSettings)
        right = ["Yes"] if settings.x > 0 else ["No"] if settings.x < 0 else []
        layout, why = view_layout(), f"x is {settings.x:g}."
        if not prediction(controls, layout, "Is x positive?", ["Yes", "No"], right, why, settings.x):
            return
        controls.reset_button()
        st.text(f"{settings}")
        return
    controls.show("own.lr", "own.n", "own.data", "own.who", "own.bias")
    controls.show_presets({"Both": ("A and B.", {"own.who": ("a", "b")})}, SmallSettings)
    controls.show_more("own.seed", "own.text")
    st.text(f"{view} {controls.read(SmallSettings)}")


def open_small(**query: str) -> AppTest:
    """The page as somebody sees it who followed a link."""
    at = AppTest.from_function(script, default_timeout=30)
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()
