"""The race as a visitor sees it."""

from urllib.parse import parse_qsl

import pytest
from visitor import charts, components, link_of, visit

QUICK = {"steps": "10"}


def words(at):
    return "\n".join(element.value for kind in ("markdown", "caption", "info", "code") for element in at.get(kind))


def table(at):
    return next(html.value for html in at.get("html") if "ranking" in html.value)


def scrubber(at):
    return components(at, "scrubber")[0]


def test_the_five_charts_share_one_cursor_and_the_table_stands_where_the_reader_rests():
    at = visit("optimizers", **QUICK)
    assert scrubber(at)["charts"] == ["race_plane", "race_loss", "race_gradient", "race_distance", "race_terrain"]
    assert len(scrubber(at)["labels"]) == 11
    assert scrubber(at)["label"] == "Moment of the race"
    at = visit("optimizers", **QUICK | {"race.at": "3"})
    assert scrubber(at)["index"] == 3
    assert "After 3 of 10" in at.subheader[0].value
    assert "lost" not in table(at)
    assert "lost at step 10" in table(visit("optimizers", **QUICK))


def test_the_surface_moves_the_start_to_a_place_that_is_worth_seeing():
    at = visit("optimizers", **QUICK)
    at.selectbox(key="optimizers.surface").set_value("rosenbrock").run()
    assert dict(parse_qsl(link_of(at))) == {"surface": "rosenbrock", "x": "-1.2", "y": "1.0", **QUICK}


def test_own_rates_are_pytorch_s_and_can_be_changed():
    at = visit("optimizers", rule="own", **QUICK)
    assert "0.001" in table(at)
    at.select_slider(key="optimizers.Adam.lr").set_value(0.1).run()
    assert link_of(at) == "Adam.lr=0.1&rule=own&steps=10"
    assert '("Adam", torch.optim.Adam, {"lr": 0.1})' in words(at)


def test_the_best_rates_are_found_and_used():
    at = visit("optimizers", rule="best", optimizers="SGD,Adam", **QUICK)
    assert not at.exception
    assert '{"lr": 0.02}' not in words(at)
    assert '("Adam", torch.optim.Adam, {"lr": ' in words(at)
    assert "ends lowest after 10 steps, of 48 tried." in words(at)


def test_without_a_minimum_the_distance_is_left_out_and_the_page_says_so():
    at = visit("optimizers", surface="saddle", x="-1.7", y="0.0", **QUICK)
    assert scrubber(at)["charts"] == ["race_plane", "race_loss", "race_gradient", "race_terrain"]
    assert "no distance to one" in words(at)
    assert "stay on the line y = 0" in words(at)


def test_whoever_is_followed_races():
    at = visit("optimizers", optimizers="SGD", follow="Nesterov", **QUICK)
    assert not at.exception
    assert "Nesterov at" in scrubber(at)["labels"][-1]
    assert "Nesterov races too" in words(at)
    assert "Nesterov" in table(at)


def test_it_opens_in_full_swing_and_does_not_give_the_end_away():
    at = visit("optimizers")
    assert "After 40 steps" in scrubber(at)["labels"][scrubber(at)["index"]]
    assert "After 40 of 200 steps" in at.subheader[0].value
    captions = "\n".join(caption.value for caption in at.get("caption"))
    assert "After 40 steps lowest" in captions
    assert "At the end" not in captions


def test_the_guess_is_about_those_who_race():
    at = visit("optimizers", optimizers="Momentum,Adam", **QUICK)
    assert at.radio(key="optimizers-guess").options == ["Momentum", "Adam", "Just show me"]
    assert not [radio for radio in visit("optimizers", optimizers="Adam", **QUICK).radio if "guess" in radio.key]


@pytest.mark.parametrize(
    "link",
    [
        {"lr": "100", "x": "20", "y": "-20", "steps": "60", "axis": "gradients"},
        {"surface": "typed", "text": "log(x)/y", "x": "0", "y": "0"},
        {"surface": "ackley", "x": "0", "y": "0", "rule": "best"},
        {"Adam.eps": "0", "surface": "typed", "text": "x^2", "rule": "own"},
        {"Adadelta.rho": "1", "Rprop.step_min": "1", "rule": "own"},
    ],
    ids=str,
)
def test_wild_links_are_harmless(link):
    at = visit("optimizers", **QUICK | link)
    assert not at.exception
    assert all(len(chart["figure"]) < 1_000_000 for chart in charts(at))


def test_a_wrong_function_gets_a_sentence():
    at = visit("optimizers", surface="typed", text="x^2 + z", **QUICK)
    assert not at.exception
    assert "`z` is not a name" in at.error[0].value
