"""The view on matrices as a user."""

import json

import pytest
from visitor import after_presets, charts, components, shown, visit

from core.optimizers.matrices import MATRIX


def words(at):
    return "\n".join(shown(at))


PROMISED = {
    "One round": "After 1 round everything from 0.01 to 1 lies between",
    "Round data": "At κ = 1 the data A reach equally far",
    "lr stays": "Muon 0.0",
    "Muon's step": "| Muon | 0.2 | 5.28e−5 |",
}


def test_each_preset_shows_what_it_promises():
    at = visit("optimizers", view="matrices", **{"matrices.steps": "10"})
    for said in after_presets(at, "optimizers", PROMISED):
        assert said in words(at)


def test_all_charts_move_with_one_cursor():
    at = visit("optimizers", view="matrices")
    (scrubber,) = components(at, "scrubber")
    assert len(scrubber["charts"]) == len(charts(at)) == 4
    for chart in charts(at):
        assert len(json.loads(chart["figure"])["frames"]) == len(scrubber["labels"])
    assert scrubber["labels"][scrubber["index"]].startswith("Step 10: singular values of the gradient")


def test_all_optimizers_race_and_each_can_be_looked_into():
    at = visit("optimizers", view="matrices", **{"matrices.optimizers": ",".join(MATRIX), "matrices.steps": "10"})
    assert not at.exception
    assert words(at).count("loss after 10 steps") >= len(MATRIX)
    at = visit(
        "optimizers",
        view="matrices",
        **{"matrices.follow": "SGD", "matrices.optimizers": "Adam", "matrices.steps": "10"},
    )
    assert "that of SGD's update" in words(at)


@pytest.mark.parametrize("lr", ["1000", "1e-08"])
def test_the_wildest_values_of_the_link_are_harmless(lr):
    wild = {f"{name}.lr": lr for name in MATRIX}
    wild |= {
        "matrices.rule": "own",
        "matrices.optimizers": ",".join(MATRIX),
        "matrices.condition": "10000",
        "matrices.steps": "20",
    }
    wild |= {"Muon.ns_steps": "12", "Muon.ns_a": "10", "Muon.weight_decay": "1", "matrices.follow": "SGD"}
    at = visit("optimizers", view="matrices", **wild)
    assert not at.exception
    assert not at.error
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))
