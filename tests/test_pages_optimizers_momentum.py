"""The view of momentum as a user."""

import pytest
from visitor import charts, link_of, shown, visit


@pytest.fixture
def short_maps(monkeypatch):
    """Maps of momentum of few steps; none of them is kept."""
    monkeypatch.setattr(stability, "STEPS", 20)
    stability.stability_map.cache_clear()
    yield
    stability.stability_map.cache_clear()


def words(at):
    return "\n".join(shown(at))


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


@pytest.mark.parametrize("view", ["momentum"])
@pytest.mark.parametrize("text", ["sqrt(x)", "exp(exp(x))", "5"])
def test_functions_with_holes_poles_or_no_valley_are_harmless(view, text, short_maps):
    at = visit("optimizers", view=view, surface="typed", text=text, optimizers="SGD,Rprop", steps="10")
    assert not at.exception
    assert charts(at)


@pytest.mark.parametrize("view", ["momentum"])
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
