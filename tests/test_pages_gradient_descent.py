"""The page on gradient descent as a user."""

from types import SimpleNamespace

import pytest
from visitor import after_presets, charts, components, link_of, shown, visit

from core.gradient_descent.settings import VIEWS, BowlSettings
from core.settings import parameters
from pages.gradient_descent import bowl


def words(at):
    return "\n".join(shown(at))


def scrubber(at):
    (found,) = components(at, "scrubber")
    return found


@pytest.mark.parametrize(
    ("preset", "said"),
    [
        ("Too low: slow", "always goes the same way, and each step is shorter"),
        ("Too high: overshoots", "**Diverging.**"),
        ("Back and forth", "between the same two places for ever"),
        ("The start decides", "is above it, so the run diverges"),
        ("Stuck on a plateau", "has not come to rest"),
        ("Never at rest", "The slope of |x| never shrinks"),
        ("The wrong valley", "x = 0.96"),
    ],
)
def test_each_preset_shows_what_it_promises(preset, said):
    at = visit("gradient_descent").button(key=f"gradient_descent-preset-{preset}").click().run()
    assert said in words(at)


PRESETS = {
    "compare": {
        "From too low to too high": "f = 944",
        "Exactly at the limit": "**Too high**, lr = 2: 1 times the limit. A step leaves ×1 of the distance across",
        "A narrower valley": "“good” is lower here: 0.02741 against 0.4161",
        "With momentum": "**Best without momentum**: lr = 1.98. After 40 steps: f = 2.3e−5.",
    },
    "rates": {
        "A slope and a cliff": "46 runs end higher than 9e6",
        "Ten times the steps": "200 runs of 200 steps",
        "The start moves the cliff": "200 runs of 20 steps from x = −1",
        "A kink": "200 runs of 20 steps from x = −3. Dotted: the height at the start, 3.",
        "Two valleys": "ends at f(x) = −0.3054",
    },
    "map": {
        "Too much momentum": "(0.00177, −0.00139)",
        "Theory's best": "the loss is 3.2e−80",
        "No momentum": "b = 0.** The limit is 2; lr is above it",
        "Nesterov": "b = 0.2738.** The limit is 1.646; lr is above it",
    },
}


@pytest.mark.parametrize("view", PRESETS)
def test_each_preset_of_a_view_shows_what_it_promises(view):
    at = visit("gradient_descent", view=view)
    for said in after_presets(at, "gradient_descent", PRESETS[view]):
        assert said in words(at)


def test_a_click_on_the_bowl_becomes_the_start_inside_of_its_bounds():
    taken = {}
    kinds = {f"bowl.{name}": kind for name, kind in parameters(BowlSettings).items()}
    controls = SimpleNamespace(kinds=kinds, set=lambda **values: taken.update(values))
    bowl._start_at(controls, 4.0, 1.23456, -9.0)
    assert taken == {"bowl.x": 1.23, "bowl.y": -4.0}
    bowl._start_at(controls, 20.5, 20.4, 0.0)
    assert taken == {"bowl.x": 20.0, "bowl.y": 0.0}


def test_the_bowl_s_map_hears_clicks_and_its_losses_do_not():
    at = visit("gradient_descent", view="bowl")
    assert {chart["key"]: chart["places"] for chart in charts(at)} == {"bowl": True, "bowl_losses": False}


def test_a_larger_lr_turns_rest_into_divergence_and_says_why():
    at = visit("gradient_descent")
    assert "Diverging" not in words(at)
    at.select_slider(key="gradient_descent.lr").set_value(1.2).run()
    assert "lr = 1.2 is above 2/L = 1 of the valley" in words(at)
    assert link_of(at) == "lr=1.2"
    assert scrubber(at)["labels"][3].startswith("After 3 of 30 steps: x = 8.232, outside of the picture")


@pytest.mark.parametrize("view", ["curve", "rates"])
def test_a_typed_curve_is_drawn_and_a_wrong_one_gets_a_sentence(view):
    at = visit("gradient_descent", view=view, curve="typed", text="x^2 + cos(3*x)")
    assert not at.exception
    assert charts(at)
    box = at.text_input(key="gradient_descent.text")
    for bad in ("x +", "import os", "x.grad", "y", "", "9**9**9", "(" * 100):
        box.set_value(bad).run()
        assert not at.exception
        assert "allowed:" in at.error[0].value
        box = at.text_input(key="gradient_descent.text")
    box.set_value("abs(x)^3").run()
    assert not at.error
    assert charts(at)


def test_a_typed_surface_is_drawn_and_a_wrong_one_gets_a_sentence():
    at = visit("gradient_descent", view="bowl", **{"bowl.surface": "typed", "bowl.text": "x^2 + x*y + y^2"})
    assert "x**2 + x * y + y**2" in words(at).replace("x ** 2", "x**2").replace("y ** 2", "y**2")
    at.text_input(key="gradient_descent.bowl.text").set_value("x^2 + z").run()
    assert not at.exception
    assert "`z` is not a name" in at.error[0].value


@pytest.mark.parametrize("text", ["sqrt(x)", "log(x)", "1/x", "exp(exp(x))", "x^0.5", "tan(x)", "exp(x)", "5", "-x^2"])
def test_curves_with_holes_poles_or_no_valley_are_harmless(text):
    for view in ("curve", "rates"):
        at = visit("gradient_descent", view=view, curve="typed", text=text, lr="0.5")
        assert not at.exception, view
    assert not visit("gradient_descent", view="bowl", **{"bowl.surface": "typed", "bowl.text": text}).exception


@pytest.mark.parametrize("view", VIEWS)
def test_the_wildest_values_of_the_link_are_harmless(view):
    wild = {"lr": "100", "start": "20", "steps": "200", "curve": "quartic", "bowl.lr": "100", "bowl.x": "-20"}
    wild |= {"bowl.steps": "200", "bowl.momentum": "0.99", "compare.high": "3", "compare.condition": "1000"}
    wild |= {"compare.steps": "200", "rates.steps": "200", "map.condition": "1000", "map.column": "47"}
    wild |= {"regression.lr": "10", "regression.scale": "own", "regression.batch": "one", "regression.updates": "400"}
    at = visit("gradient_descent", view=view, **wild)
    assert not at.exception
    assert not at.error
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))


def test_the_button_opens_the_run_of_the_chosen_rate():
    at = visit("gradient_descent", view="lr_sweep", lr="0.95")
    at.button(key="gradient_descent-watch").click().run()
    assert at.session_state["gradient_descent"]["view"] == "curve"
    assert "After 20 of 20 steps" in scrubber(at)["labels"][-1]


def test_the_sliders_choose_a_cell_and_its_path():
    at = visit("gradient_descent", view="map")
    before = words(at)
    at.slider(key="gradient_descent.map.column").set_value(47).run()
    assert "(more than 1: it grows)" in words(at)
    assert words(at) != before


def test_the_best_lr_may_be_behind_for_a_while_and_the_page_says_so():
    at = visit("gradient_descent", view="compare", **{"compare.condition": "100"})
    assert "Best means in the long run" in words(at)
    assert "Best means in the long run" not in words(visit("gradient_descent", view="compare"))
    heavy = words(visit("gradient_descent", view="compare", **{"compare.momentum": "0.99"}))
    assert "**Best means without momentum.** With b = 0.99, after 40 steps “too low” is lower here: 0.3246" in heavy
    assert "Best**" not in heavy
