"""The view of one update as a user."""

import pytest
from visitor import after_presets, charts, components, link_of, shown, visit

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.settings import RaceSettings
from core.settings import defaults, parameters


def words(at):
    return "\n".join(shown(at))


def scrubber(at):
    (found,) = components(at, "scrubber")
    return found


def test_another_optimizer_brings_its_formulas_its_hyperparameters_and_its_lr():
    at = visit("optimizers", view="update", steps="20")
    assert "√(vₜ / c₂) + ε" in words(at)
    at.selectbox(key="optimizers.follow").set_value("Rprop").run()
    assert "torch.optim.Rprop moved by" in words(at)
    shown_now = {c.key for kind in ("select_slider", "slider", "toggle", "selectbox") for c in at.get(kind)}
    assert {f"optimizers.Rprop.{name}" for name in parameters(hyperparameters_of("Rprop")) if name != "lr"} <= shown_now
    at = visit("optimizers", view="update", rule="own", follow="Rprop", at="0", **{"Rprop.lr": "0.5"})
    assert "by (−0.5, −0.5)" in scrubber(at)["labels"][0]
    assert "optimizers.lr" not in {c.key for c in at.get("select_slider")}


PROMISED = {
    "Adam's first step": "by (−0.01, −0.01)",
    "RMSprop's first step": "by (−0.1, −0.1)",
    "Adadelta's start": "by (−0.00316, −0.00316)",
    "Carried uphill": "goes **uphill**",
    "Nesterov looks ahead": "looking ahead",
    "Rprop turns": "the gradient **turned**",
    "RAdam warms up": "still warming up",
    "AdamW's pull": "**weight decay**",
    "Adafactor's limit": "was **limited**",
    "LBFGS in one step": "**15 moves**",
}


def test_each_preset_shows_what_it_promises(monkeypatch):
    short = {**defaults(RaceSettings), "steps": 32}  # no promise is about a later step
    monkeypatch.setattr("pages.optimizers.update.defaults", lambda _: short)
    at = visit("optimizers", view="update", steps="10")
    for said in after_presets(at, "optimizers", PROMISED):
        data = scrubber(at)
        assert said in words(at) + data["labels"][data["index"]]


@pytest.mark.parametrize("follow", ["Momentum", "Rprop", "RAdam", "LBFGS"])
def test_the_wildest_values_of_the_link_are_harmless(follow):
    fields = parameters(hyperparameters_of(follow)).items()
    wild = {f"{follow}.{name}": str(kind.high) for name, kind in fields if hasattr(kind, "high")}
    place = {"surface": "rosenbrock", "x": "20", "y": "-20", "steps": "20"}
    at = visit("optimizers", view="update", follow=follow, rule="own", **place, **wild)
    assert not at.exception
    assert not at.error
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))


def test_a_start_from_which_no_step_is_possible_gets_a_sentence():
    at = visit("optimizers", view="update", surface="typed", text="log(x) + y^2", x="-1", y="1")
    assert not at.exception
    assert "No step can be taken from this start" in at.warning[0].value
    at.text_input(key="optimizers.text").set_value("x^2 + z").run()
    assert not at.exception
    assert "`z` is not a name" in at.error[0].value


def test_the_step_is_in_the_link():
    at = visit("optimizers", view="update", at="17", follow="NAdam")
    assert scrubber(at)["labels"][scrubber(at)["index"]].startswith("Step 18 of 200")
    assert "Step 18 of NAdam in numbers" in words(at)
    assert set(link_of(at).split("&")) == {"view=update", "at=17", "follow=NAdam"}


def test_slow_runs_of_lbfgs_are_shortened_and_say_so():
    at = visit(
        "optimizers", view="update", follow="LBFGS", steps="500", surface="booth", lr="1.0", **{"LBFGS.max_iter": "25"}
    )
    assert "160 steps of it are shown" in at.info[0].value
    assert len(scrubber(at)["labels"]) == 160


def test_without_a_step_in_the_link_a_telling_one_is_shown():
    at = visit("optimizers", view="update")
    assert "Step 5 of Adam in numbers" in words(at)
    at = visit("optimizers", view="update", follow="Momentum")
    assert "Step 6 of Momentum in numbers" in words(at)
    assert "is above 2(1 + b)/L" in at.warning[0].value


def test_where_the_race_looks_for_rates_the_view_says_which_one_it_has():
    at = visit("optimizers", view="update", rule="best", follow="Rprop", optimizers="Adam", **{"Rprop.lr": "0.5"})
    assert any("here Rprop has the lr that is set above" in caption.value for caption in at.caption)
    assert at.select_slider(key="optimizers.Rprop.lr").value == 0.5
