"""What only the page of the training loop does: going on, pinned runs, own tables, links of older versions."""

import json

import pytest
from visitor import QUICK, charts, components, link_of, visit

from core.training_loop.own import sample_table


def goes_on():
    at = visit("training_loop", **QUICK["training_loop"])
    return at.button(key="training_loop-go-on").click().run()


def test_going_on_continues_the_count_of_epochs_and_says_so():
    at = goes_on()
    assert "Epoch 10: " in at.code[0].value
    assert "goes on from saved weights (after 10 epochs)" in at.info[0].value


def test_going_on_with_another_network_begins_afresh_and_says_why():
    at = goes_on()
    at.slider(key="training_loop.hidden").set_value(7).run()
    assert not at.exception
    assert "do not fit" in at.info[0].value
    assert "Epoch 0: " in at.code[0].value


@pytest.mark.parametrize("key", ["reset", "preset-The course's run", "afresh"])
def test_the_way_back_from_going_on(key):
    at = goes_on()
    at.button(key=f"training_loop-{key}").click().run()
    assert "Epoch 0: " in at.code[0].value


def test_a_pinned_run_stays_in_the_picture_and_in_the_link():
    at = visit("training_loop", **QUICK["training_loop"])
    at.button(key="training_loop-pin").click().run()
    at.slider(key="training_loop.hidden").set_value(5).run()
    assert "pinned=data_high:15" in link_of(at)
    (compared,) = [chart["figure"] for chart in charts(at) if chart["key"] == "compared"]
    names = [trace["name"] for trace in json.loads(compared)["data"]]
    assert names == ["1: data_high 15", "on screen: hidden 5, data_high 15"]
    at.button(key="training_loop-unpin-0").click().run()
    assert "pinned" not in link_of(at)


@pytest.mark.parametrize("text", ["x:1", "lr:abc", "lr:1e9", ";".join(["default"] * 5), "hidden:3,hidden", "é"])
def test_hostile_pins_get_a_sentence(text):
    at = visit("training_loop", pinned=text, **QUICK["training_loop"])
    assert not at.exception
    assert any("pinned" in w.value for w in at.warning)


def test_a_run_that_is_too_long_is_refused_with_what_would_fit():
    at = visit("training_loop", batch_size="1")
    assert "100,000 updates" in at.error[0].value
    assert "allowed: at most 10,000" in at.error[0].value
    assert at.get("select_slider")  # the controls are there to mend it


def test_columns_that_the_table_does_not_have_are_named():
    at = visit("training_loop", view="own", **{"own.target": "colour"})
    assert "no column “colour”" in at.error[0].value
    at.button(key="own-usual").click().run()
    assert not at.error


def test_links_of_older_versions_still_open_what_they_meant():
    at = visit("training_loop", view="addition", a="12", b="-3", map_at="5", pins="hidden:8", data_high="15")
    assert not at.warning
    assert "view=addition" in link_of(at) and "pinned=hidden:8" in link_of(at) and "addition.at=5" in link_of(at)
    assert any("model([12, -3])" in m.value for m in at.markdown)


def test_every_update_can_be_looked_at():
    at = visit("training_loop", view="update", data_high="15", num_epochs="2", at="5")
    (scrubber,) = components(at, "scrubber")
    assert (len(scrubber["labels"]), scrubber["index"], scrubber["charts"]) == (6, 4, [])
    assert scrubber["labels"][4] == "Update 5: epoch 1, batch 1"


@pytest.mark.parametrize("view", ["mistakes", "map"])
def test_a_view_that_is_run_by_a_button_shows_what_its_program_prints(view):
    at = visit("training_loop", view=view, data_high="15", **{"map.num_epochs": "1"})
    if not charts(at):
        at.button(key=f"training_loop-{view}-run").click().run()
    assert len(charts(at)) == 1
    if view == "mistakes":
        last = at.code[0].value.splitlines()[-2].rpartition(" ")[2]
        assert any(f"add up to {last}" in m.value for m in at.markdown)  # the page's number is the program's
    else:
        assert len(at.code[0].value.splitlines()) == 8


def test_a_column_whose_name_is_longer_than_a_link_carries_is_no_traceback():
    at = visit("training_loop", view="own", **{"own.target": "x" * 101})
    assert not at.exception
    assert "allowed: a text of at most 100 characters" in at.warning[0].value


def test_a_long_name_that_is_chosen_is_refused_in_a_sentence(monkeypatch):
    table = sample_table("iris").rename(columns={"petal width (cm)": "w" * 101})
    monkeypatch.setattr("pages.training_loop.own.sample_table", lambda name: table)
    at = visit("training_loop", view="own")
    target = next(box for box in at.selectbox if box.key.startswith("own-iris"))
    target.set_value("w" * 101).run()
    assert not at.exception
    assert any("too long for a link" in w.value for w in at.warning)
