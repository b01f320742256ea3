"""The view on schedules as a user."""

import json

import pytest
from visitor import after_presets, charts, components, link_of, shown, visit

from core.optimizers.schedules import SCHEDULES


def words(at):
    return "\n".join(shown(at))


PROMISED = {
    "It rises again": "cosine (CosineAnnealingLR) | 0.01",
    "Warm-up saves it": "With constant lr, 256 of 256 runs are lost, the first at step",
    "A bowl": "At the minimum (1, 3), where 256 of 256 runs end",
    "Stalled": "`ReduceLROnPlateau`",
    "Warm restarts": "`CosineAnnealingWarmRestarts`",
    "It falls": "times lower",
}


def test_each_preset_shows_what_it_promises():
    at = visit("optimizers", view="schedules", **{"schedules.steps": "20"})
    for said in after_presets(at, "optimizers", PROMISED):
        assert said in words(at)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_is_drawn_with_its_own_settings_under_the_lid(schedule):
    at = visit("optimizers", view="schedules", **{"schedules.schedule": schedule, "schedules.steps": "20"})
    assert not at.exception
    assert not at.error
    assert len(charts(at)) == 2
    (program,) = [code.value for code in at.code if code.language == "python"]
    assert "scheduler = lr_scheduler." in program


def test_both_charts_move_with_one_cursor():
    at = visit("optimizers", view="schedules")
    (scrubber,) = components(at, "scrubber")
    assert scrubber["charts"] == ["schedule_clouds", "schedule_losses"]
    for chart in charts(at):
        assert len(json.loads(chart["figure"])["frames"]) == len(scrubber["labels"]) == 51
    assert scrubber["labels"][-1].startswith("After 500 of 500 steps: lr = 1.97e−7; median f:")


@pytest.mark.parametrize(
    "surface, noise, lr",
    [
        ("saddle", "1000", "100"),
        ("monkey", "0", "1e-06"),
        ("rastrigin", "1000", "0.01"),
        ("typed", "1000", "100"),
        ("typed", "0", "1e-06"),
    ],
)
def test_the_wildest_values_of_the_link_are_harmless(surface, noise, lr):
    wild = {"surface": surface, "schedules.noise": noise, "schedules.lr": lr, "schedules.steps": "30", "x": "20"}
    at = visit("optimizers", view="schedules", text="exp(exp(x)) + 0/y", **wild)
    assert not at.exception
    assert not at.error
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))


def test_the_settings_of_another_schedule_are_not_shown():
    at = visit("optimizers", view="schedules", **{"schedules.steps": "20"})
    assert "optimizers.schedules.T_max" in [slider.key for slider in at.select_slider]
    at.selectbox(key="optimizers.schedules.schedule").set_value("step").run()
    keys = [slider.key for slider in at.select_slider]
    assert "optimizers.schedules.T_max" not in keys
    assert "optimizers.schedules.step_size" in keys
    assert set(link_of(at).split("&")) == {"view=schedules", "schedules.schedule=step", "schedules.steps=20"}


def test_an_optimizer_that_takes_no_schedule_is_named():
    at = visit("optimizers", view="schedules", **{"schedules.optimizer": "Rprop", "schedules.steps": "20"})
    assert "no schedule reaches it" in words(at)
    assert "for these settings it has none" in words(at)
