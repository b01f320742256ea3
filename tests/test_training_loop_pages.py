"""What only the page of the training loop does: going on, pinned runs, own tables, links of older versions."""

import json
import zlib

import pytest
from visitor import QUICK, charts, components, link_of, visit


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
    assert "no column `colour`" in at.error[0].value
    at.button(key="own-usual").click().run()
    assert not at.error


def test_links_of_older_versions_still_open_what_they_meant():
    at = visit("training_loop", view="addition", a="12", b="-3", map_at="5", pins="hidden:8", data_high="15")
    assert not at.warning
    assert "view=addition" in link_of(at) and "pinned=hidden:8" in link_of(at) and "addition.at=5" in link_of(at)
    assert any("model([12, −3])" in m.value for m in at.markdown)


def test_every_update_can_be_looked_at():
    at = visit("training_loop", view="update", data_high="15", num_epochs="2", **{"update.at": "5"})
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


def csv(*names):
    """A table of numbers under these names."""
    rows = [",".join(str((i * 7 + j * 3) % 11) for j in range(len(names))) for i in range(30)]
    return "\n".join([",".join(names), *rows]).encode()


def uploaded(at, content, name="table.csv"):
    at.file_uploader(key="own-csv").set_value((name, content, "text/csv")).run()
    assert not at.exception
    return at


def own_table(*names, file="table.csv"):
    at = visit("training_loop", view="own", **{"own.source": "upload", "own.num_epochs": "1"})
    return uploaded(at, csv(*names), file)


def target(at):
    (box,) = [box for box in at.selectbox if box.label == "Target"]
    return box


def features(at):
    (box,) = at.multiselect
    return box


@pytest.mark.parametrize("chart", ["holdout", "own_losses"])
def test_a_table_may_have_the_name_of_a_file_that_the_page_offers(chart):
    at = own_table("a", "b", "y", file=f"{chart}.csv")
    assert len(charts(at)) == 2


def test_a_file_says_how_it_was_read_and_what_is_no_number_and_takes_a_correction():
    content = ("x;y;t\n" + "".join(f"{i % 7},5;{i};a{i % 2}\n" for i in range(30)) + "?;1;a0\n").encode()
    at = uploaded(visit("training_loop", view="own", **{"own.source": "upload", "own.num_epochs": "1"}), content)
    assert any(
        "31 rows, 3 columns; separator `;`, decimal comma, first line taken as names" in m.value for m in at.markdown
    )
    assert "Row 32, column `x`: `?` is not a number" in at.warning[0].value
    assert any("1 row" in info.value for info in at.info)
    at = features(at).set_value(["y"]).run()
    assert not any("Left out" in info.value for info in at.info)  # the column is left out instead of the row
    at.session_state[f"own-csv-header-{zlib.crc32(content)}"] = False
    at.run()
    assert any("32 rows" in m.value and "first line taken as values" in m.value for m in at.markdown)
    assert (features(at).value, target(at).value) == (["column 1", "column 2"], "column 3")


def test_no_name_of_a_file_or_column_is_a_key():
    at = target(own_table("zebra", "b", "y", file="zebra.csv")).set_value("zebra").run()
    keys = [str(key) for key in at.session_state]
    assert any(key.startswith("own-target") for key in keys)
    assert not [key for key in keys if "zebra" in key]


@pytest.mark.parametrize("long", ["w" * 101, "one|two", "w" * 1000])
def test_a_choice_that_no_link_can_carry_stays_in_the_session(long):
    at = own_table("a", "b", long, "y")
    at = features(at).set_value([long]).run() if "|" in long else target(at).set_value(long).run()
    assert not at.exception and not at.error
    assert (features(at).value, target(at).value) == (([long], "y") if "|" in long else (["a", "b", "y"], long))
    assert any("stays in the session" in c.value for c in at.caption)
    assert "own.target" not in link_of(at) and "own.features" not in link_of(at)
    at.slider(key="training_loop.own.num_epochs").set_value(2).run()
    assert long in (target(at).value, *features(at).value) and len(charts(at)) == 2
    at = target(at).set_value("b").run()
    assert "own.target=b" in link_of(at)
    assert not any("stays in the session" in c.value for c in at.caption)


def test_another_table_begins_with_its_usual_columns_unless_it_has_those_that_were_chosen():
    at = target(own_table("a", "b", "y")).set_value("b").run()
    uploaded(at, csv("b", "h", "label"))
    assert (features(at).value, target(at).value, len(at.warning)) == (["h", "label"], "b", 0)
    uploaded(at, csv("h", "w", "label"))
    assert (features(at).value, target(at).value) == (["h", "w"], "label")
    assert not at.error and "lacks a column" in at.warning[0].value
    uploaded(at, csv("a", "b", "y"))
    assert (features(at).value, target(at).value, len(at.warning)) == (["a", "b"], "y", 0)
    at = target(at).set_value("a").run().selectbox(key="training_loop.own.source").set_value("iris").run()
    assert not at.exception and not at.error and target(at).value == "species"
