"""The views of learning rates and of momentum as a user."""

import json

import pytest
from visitor import charts, link_of, shown, visit

SHORT = {"optimizers": "SGD,Momentum,Adam,LBFGS", "steps": "20"}


@pytest.fixture
def short_maps(monkeypatch):
    """Maps of momentum of few steps; none of them is kept."""
    monkeypatch.setattr(stability, "STEPS", 20)
    stability.stability_map.cache_clear()
    yield
    stability.stability_map.cache_clear()


def words(at):
    return "\n".join(shown(at))


def test_the_rates_start_by_themselves_and_lead_to_the_race():
    at = visit("optimizers", view="lr_sweep", **SHORT)
    assert not at.exception
    assert "Adam: lowest with lr = " in words(at)
    assert "**Adam** ends lowest with lr = " in words(at)
    at.selectbox(key="optimizers.follow").set_value("SGD").run()
    assert "**SGD** ends lowest with lr = " in words(at)
    at.button(key="optimizers-rates-best").click().run()
    assert at.session_state["optimizers"]["view"] == "race"
    assert at.session_state["optimizers"]["rule"] == "best"


def test_where_many_rates_end_next_to_the_lowest_they_are_said_with_it():
    at = visit("optimizers", view="lr_sweep", surface="mccormick", x="3.5", y="0.5", optimizers="SGD,Adam")
    assert "**Adam** ends lowest with lr = 0.0625, 3.142 above the lowest minimum." in words(at)
    assert "Adam: lowest with lr = 0.0625, within 10 % from 0.00552427 to 90.5097, f = 1.2283" in words(at)
    at = visit("optimizers", rule="best", surface="mccormick", x="3.5", y="0.5", optimizers="SGD,Adam")
    assert "For SGD and Adam, rates beside it end at most 10 % higher above the lowest minimum" in words(at)


def test_where_rates_arrive_page_and_race_say_so_and_race_with_the_middle():
    booth = {"surface": "booth", "x": "-7", "y": "2", "optimizers": "RMSprop", "follow": "RMSprop"}
    at = visit("optimizers", view="lr_sweep", **booth)
    assert "**RMSprop** arrives, that is, ends at f = 3.89e−10 or lower, with every lr from 11.3 to 90.5." in words(at)
    assert "RMSprop: arrives with lr from 11.3137 to 90.5097, in their middle lr = 32, f = 9.84177e-14" in words(at)
    at = visit("optimizers", rule="best", **booth)
    assert "RMSprop arrives with some learning rates" in words(at)
    assert '"lr": 32.0' in words(at)


def test_the_button_races_with_the_chosen_rate():
    at = visit("optimizers", view="lr_sweep", lr="0.5", **SHORT)
    at.button(key="optimizers-rates-same").click().run()
    values = at.session_state["optimizers"]
    assert (values["view"], values["rule"], values["lr"]) == ("race", "same", 0.5)


def test_resting_at_a_moment_changes_the_caption():
    late, early = (visit("optimizers", view="lr_sweep", at=at, **SHORT) for at in ("500", "3"))
    assert "after 20 steps" in words(late)
    assert "after 3 steps" in words(early)


def test_the_map_follows_its_controls():
    at = visit("optimizers", view="momentum")
    assert not at.exception
    before = words(at)
    at.select_slider(key="optimizers.stability.column").set_value(5).run()
    assert "lr is below it" in words(at)
    assert words(at) != before
    assert set(link_of(at).split("&")) == {"view=stability", "momentum.column=5"}
    at.selectbox(key="optimizers.surface").set_value("booth").run()
    assert "Line and map all but agree" in words(at)
    at = at.button(key="optimizers-preset-No minimum").click().run()
    assert "No lr is stable here" in words(at)


@pytest.mark.parametrize("view", ["rates", "stability"])
@pytest.mark.parametrize("text", ["sqrt(x)", "exp(exp(x))", "5"])
def test_functions_with_holes_poles_or_no_valley_are_harmless(view, text, short_maps):
    at = visit("optimizers", view=view, surface="typed", text=text, optimizers="SGD,Rprop", steps="10")
    assert not at.exception
    assert charts(at)


@pytest.mark.parametrize("view", ["rates", "stability"])
def test_the_wildest_values_of_the_link_are_harmless(view, short_maps):
    wild = {"surface": "rosenbrock", "x": "-20", "y": "20", "steps": "1", "optimizers": "LBFGS", "follow": "Rprop"}
    wild |= {"momentum.column": "47", "momentum.row": "47", "momentum.nesterov": "1", "LBFGS.max_iter": "25"}
    at = visit("optimizers", view=view, **wild)
    assert not at.exception
    assert not at.error
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))


def test_a_wrong_cell_gets_a_sentence(short_maps):
    at = visit("optimizers", view="momentum", **{"momentum.column": "48"})
    assert any("momentum.column=48" in warning.value for warning in at.warning)


def test_all_fourteen_fit_into_the_figure():
    at = visit("optimizers", view="lr_sweep", steps="60")
    (chart,) = charts(at)
    assert len(chart["figure"]) < 1_000_000
    assert len(json.loads(chart["figure"])["layout"]["yaxis2"]["ticktext"]) == 14
