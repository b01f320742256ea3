"""The page on gradient descent as a user."""

from types import SimpleNamespace

import pytest
from visitor import after_presets, charts, components, link_of, shown, visit

from core.gradient_descent.settings import VIEWS, BowlSettings
from core.settings import parameters
from pages.gradient_descent import bowl

PRESETS = {  # what each shows, as a reader sees it
    "curve": {
        "The lowest point of a valley": "**Oscillating.**",
        "Too low: slow": "**Monotone.**",
        "Too high: overshoots": "**Growing so far.**",
        "Back and forth": "From step 0 to step 30 the ball is at 3 and −3 in turn",
        "The start decides": "**Diverged.**",
        "Stuck on a plateau": "f(x) falls from 0.9981 to 0.9943",
        "Never at rest": "**Back and forth.**",
        "The wrong valley": "turns round once; f(x) falls from 9.6 to 0.2941",
    },
    "bowl": {
        "A narrow valley": "After 40 steps f is 2.058e−7.",
        "Round": "3.294e−12",
        "Past 2/L": "**grows: it diverges**",
        "With momentum": "1.061e−5",
        "Your own": "not a fixed direction",
    },
    "compare": {
        "From too low to too high": "outside of the picture since step 10",
        "Exactly at the limit": "| too high | 2 | 1 times the limit | ×1 |",
        "A narrower valley": "0.4161",
        "With momentum": "| best without momentum | 1.98 |",
    },
    "lr_sweep": {
        "A slope and a cliff": "46 are higher than 9,000,000",
        "Ten times the steps": "200 runs of 200 steps",
        "The start moves the cliff": "200 runs of 20 steps from x = −1",
        "A kink": "lr = 1.499 ends lowest",
        "Two valleys": "at f(x) = −0.3054",
    },
    "momentum": {
        "Too much momentum": "(0.00177, −0.00139)",
        "Theory's best": "f is 3.2e−80",
        "No momentum": "lr is above the limit 2.",
        "Nesterov": "lr is above the limit 1.646.",
    },
    "regression": {
        "All rows": "to 3894.",
        "One row at a time": "With one row in each of 100 updates",
        "A feature in its own unit": "4253",
        "Mean 0, spread 1": "κ = **1**",
    },
}


def words(at):
    return "\n".join(shown(at))


@pytest.mark.parametrize("view", VIEWS)
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


def test_a_larger_lr_turns_rest_into_divergence():
    at = visit("gradient_descent")
    assert "Growing" not in words(at)
    at.select_slider(key="gradient_descent.lr").set_value(1.2).run()
    assert "**Growing so far.**" in words(at)
    assert link_of(at) == "lr=1.2"
    (scrubber,) = components(at, "scrubber")
    assert scrubber["labels"][3].startswith("After 3 of 30 steps: x = 8.232, outside of the picture")


@pytest.mark.parametrize("view", ["curve", "lr_sweep"])
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


def test_a_plus_is_written_into_the_link_and_where_one_is_lost_on_the_way_the_page_says_so():
    at = visit("gradient_descent", curve="typed", text="x^2+2x")
    assert not at.error
    assert "x^2%2B2x" in link_of(at).replace("%5E", "^")
    lost = visit("gradient_descent", curve="typed", text="x^2 2x")
    assert "a `+` in a link becomes a blank, there it is written `%2B`" in lost.error[0].value


def test_a_typed_surface_is_drawn_and_a_wrong_one_gets_a_sentence():
    at = visit("gradient_descent", view="bowl", **{"bowl.surface": "typed", "bowl.text": "x^2 + x*y + y^2"})
    assert "x ** 2 + x * y + y ** 2" in words(at)
    at.text_input(key="gradient_descent.bowl.text").set_value("x^2 + z").run()
    assert not at.exception
    assert "`z` is not a name" in at.error[0].value


@pytest.mark.parametrize(
    "text", ["sqrt(x)", "log(x)", "1/x", "exp(exp(x))", "x^x", "tan(x)", "exp(100*x)", "5", "-x^2"]
)
def test_curves_with_holes_poles_or_no_valley_are_drawn_or_refused_with_a_sentence(text):
    refused = text in ("sqrt(x)", "log(x)", "x^x")
    for view, names in (("curve", ""), ("lr_sweep", ""), ("bowl", "bowl.")):
        query = {f"{names}text": text, f"{names}lr": "0.5"} | (
            {"bowl.surface": "typed"} if names else {"curve": "typed"}
        )
        at = visit("gradient_descent", view=view, **query)
        assert not at.exception, view
        assert ["; choose another start. Until" in error.value for error in at.error] == [True] * refused, view
        assert charts(at), view


@pytest.mark.parametrize("view", VIEWS)
def test_the_wildest_values_of_the_link_are_harmless(view):
    wild = {"lr": "100", "start": "20", "steps": "200", "curve": "quartic", "bowl.lr": "100", "bowl.x": "-20"}
    wild |= {"bowl.steps": "200", "bowl.momentum": "0.99", "compare.high": "3", "compare.condition": "1000"}
    wild |= {"compare.steps": "200", "lr_sweep.steps": "200", "momentum.condition": "1000", "momentum.column": "47"}
    wild |= {"regression.lr": "10", "regression.scale": "own", "regression.batch": "one", "regression.updates": "400"}
    at = visit("gradient_descent", view=view, **wild)
    assert not at.exception
    assert not at.error
    assert not at.warning
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))


def test_the_button_opens_the_run_of_the_chosen_rate():
    at = visit("gradient_descent", view="lr_sweep", lr="0.95")
    at.button(key="gradient_descent-watch").click().run()
    assert at.session_state["gradient_descent"]["view"] == "curve"
    (scrubber,) = components(at, "scrubber")
    assert "After 20 of 20 steps" in scrubber["labels"][-1]


def test_links_of_older_versions_open_the_same_view_with_the_same_values():
    at = visit("gradient_descent", view="map", **{"map.column": "30", "map.row": "10", "map.nesterov": "1"})
    assert not at.warning
    assert set(link_of(at).split("&")) == {
        "view=momentum",
        "momentum.column=30",
        "momentum.row=10",
        "momentum.nesterov=1",
    }
    at = visit("gradient_descent", view="rates", **{"rates.steps": "7"})
    assert set(link_of(at).split("&")) == {"view=lr_sweep", "lr_sweep.steps=7"}


def test_the_sliders_say_lr_and_momentum_and_choose_a_cell():
    at = visit("gradient_descent", view="momentum")
    lr, b = (at.select_slider(key=f"gradient_descent.momentum.{name}") for name in ("column", "row"))
    assert (lr.options[24], b.options[44]) == ("2.25", "0.927")
    before = words(at)
    lr.set_value(47).run()
    assert "lr = 4.354" in words(at)
    assert words(at) != before
