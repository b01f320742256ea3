"""The views "Which valley?" and "Weight decay" as a user."""

from unittest import mock

import pytest
from visitor import charts, components, link_of, shown, visit

from core.optimizers.basins import EACH
from pages.optimizers import basins, decay

QUICK = {"basins": {"basins.steps": "20"}, "decay": {"weight_decay.steps": "60"}}


def words(at):
    return "\n".join(shown(at))


def scrubber(at):
    (found,) = components(at, "scrubber")
    return found


def test_a_change_of_the_optimizer_makes_another_map_and_the_link_has_it():
    at = visit("optimizers", view="basins", **QUICK["basins"])
    before = words(at)
    assert "40,000 starts of Momentum" in before
    at.selectbox(key="optimizers.basins.optimizer").set_value("Rprop").run()
    assert "40,000 starts of Rprop" in words(at)
    assert "basins.optimizer=Rprop" in link_of(at)
    assert scrubber(at)["labels"][0].startswith("After 0 of 20 steps")
    at.number_input(key="optimizers.x").set_value(3.0).run()
    assert "**From (3, −1.5)**" in words(at) or "**From (3, 1.5)**" in words(at)


def test_each_preset_shows_another_map():
    at = visit("optimizers", view="basins", **QUICK["basins"])
    captions = {at.caption[0].value}
    with mock.patch("ui.controls.Controls.defaults_of", lambda *_: {"basins.steps": 15}):
        for label in ("Four valleys", "Along the axes", "Large steps, better holes"):
            at = at.button(key=f"optimizers-preset-{label}").click().run()
            assert not at.exception
            captions.add(at.caption[0].value)
    assert len(captions) == 4


def test_a_click_on_the_map_becomes_the_start_inside_of_it():
    set_to = {}
    controls = mock.Mock(set=lambda **values: set_to.update(values))
    basins._start_at(controls, (-5.0, 5.0, -5.0, 5.0), 1.23456, 99.0)
    assert set_to == {"x": 1.23, "y": 5.0}
    decay._start_at(controls, -1e9, 0.123456)
    assert set_to["x"] == -20.0


def test_the_three_runs_and_their_tables_follow_the_weight_decay():
    at = visit("optimizers", view="weight_decay", **QUICK["decay"])
    assert "What holds it there" in words(at)
    before = words(at)
    at.select_slider(key="optimizers.decay.weight_decay").set_value(1.0).run()
    assert words(at) != before
    assert "outside of its square" in words(at)
    assert link_of(at).count("weight_decay.weight_decay=1.0") == 1
    at.select_slider(key="optimizers.decay.weight_decay").set_value(0.0).run()
    assert "Adam and AdamW are the same, step by step" in words(at)


def test_ground_without_a_minimum_has_no_distance_and_says_so():
    at = visit("optimizers", view="weight_decay", surface="saddle", x="-1.7", **QUICK["decay"])
    assert "no minimum in the picture" in words(at)
    assert not at.exception


@pytest.mark.parametrize("view", QUICK)
@pytest.mark.parametrize("text", ["5", "sqrt(x)", "1/x", "exp(exp(x))", "-x^2", "x^"])
def test_ground_of_any_kind_and_the_wildest_values_are_harmless(view, text):
    wild = {
        "surface": "typed",
        "text": text,
        "x": "-20",
        "y": "20",
        "basins.surface": "typed",
        "basins.lr": "100",
        "weight_decay.lr": "10",
    }
    wild |= {"basins.optimizer": EACH[-1], "basins.color": "steps", "weight_decay.weight_decay": "1", "Adam.beta1": "0"}
    at = visit("optimizers", view=view, **wild | {"basins.steps": "5", "weight_decay.steps": "30"})
    assert not at.exception
    assert len(at.error) == (text == "x^")
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))
