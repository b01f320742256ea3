"""The loss page as a reader uses it."""

import pytest
import torch
from visitor import charts, link_of, shown, visit

from core.loss_functions.mistakes import compare
from core.loss_functions.more import more_loss
from core.loss_functions.numbers import number_loss
from core.loss_functions.settings import (
    MORE_LOSSES,
    NUMBER_LOSSES,
    MistakeSettings,
    MoreSettings,
    NumberSettings,
)
from figures.loss_functions.words import say

PAGE = "loss_functions"


def text(at):
    return "\n".join(str(e.value) for kind in ("markdown", "caption", "code", "error", "warning") for e in at.get(kind))


def edit(at, field, **edits):
    """Types into the table of a field, as the browser reports it."""
    key = at.session_state[f"{PAGE}.{field}:editor"]["key"]
    at.session_state[key] = {"edited_rows": {}, "added_rows": [], "deleted_rows": [], **edits}
    return at


def test_the_course_s_dog_and_the_reason_for_the_notes_number_are_there_at_once():
    at = visit(PAGE)
    assert "tensor(0.0486)" in at.code[0].value
    correction = next(m.value for m in at.markdown if "The course notes print 0.0181" in m.value)
    assert "right is 0.0486" in correction
    assert "0.0181 is log(1 + e⁻⁴), the value of `[[1.0, 5.0]]`" in correction


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Course: surely a dog", "tensor(0.0486)"),
        ("Course: rather a cat", "tensor(0.9130)"),
        ("What the notes computed", "tensor(0.0181)"),
        ("Two samples, three classes, weights", "tensor(0.8842)"),
        ("Sure and wrong", "tensor(8.0003)"),
    ],
)
def test_the_presets_of_classes(label, said):
    at = visit(PAGE, **{"classes.temperature": "2.0"})
    at.button(key=f"{PAGE}-preset-{label}").click().run()
    assert not at.exception
    assert said in at.code[0].value
    assert ("The course notes print 0.0181" in text(at)) == (label == "Course: surely a dog")


def test_the_course_s_house():
    at = visit(PAGE, view="numbers")
    assert "all digits: 400,000,000 (squared units)" in at.code[0].value


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"classes.table": "2,5,7"}, "Row 1 has target 7; allowed: 0 to 1"),
        ({"classes.weight": "1,2,3"}, "allowed: 2 numbers from 0 to 100"),
        ({"view": "more", "more.loss": "SoftMarginLoss", "more.signs": "1,0"}, "allowed: 1 or -1"),
        ({"view": "more", "more.loss": "KLDivLoss", "more.distributions": "0.5,0.3,0.1,0.7,0.2,0.1"}, "a sum of 1"),
    ],
)
def test_what_does_not_fit_together_gets_a_sentence_and_the_controls_stay(link, said):
    at = visit(PAGE, **link)
    assert not at.exception
    assert said in at.error[0].value
    assert any("import torch" in c.value for c in at.code), "the program stays, and can be run"
    assert any("the last settings that fitted together" in m.value for m in at.markdown)
    at.button(key=f"{PAGE}-reset").click().run()
    assert not at.error
    assert charts(at)


def test_batchmean_is_offered_for_the_one_loss_that_has_it():
    at = visit(PAGE, view="more", **{"more.loss": "KLDivLoss", "more.reduction": "batchmean"})
    assert "tensor(0.0851)" in at.code[0].value
    at.selectbox(key=f"{PAGE}.more.loss").set_value("BCELoss").run()
    assert not at.exception
    assert not at.error
    assert charts(at)
    assert any(w.value == "batchmean exists for KLDivLoss only. Shown instead: mean." for w in at.warning)
    at.run()
    assert "more.reduction" not in link_of(at)
    at.selectbox(key=f"{PAGE}.more.loss").set_value("KLDivLoss").run()
    assert not at.warning


def test_a_link_with_batchmean_for_another_loss_shows_its_mean():
    at = visit(PAGE, view="more", **{"more.reduction": "batchmean"})
    assert not at.exception
    assert any("Shown instead: mean" in w.value for w in at.warning)
    assert charts(at)


@pytest.mark.parametrize(
    ("shape", "label"),
    [("numbers", "Prediction (the target is 0)"), ("yes_no", "Score x"), ("map", "Score of class 0")],
)
def test_what_moves_is_called_what_it_is(shape, label):
    at = visit(PAGE, view="curve", **{"curve.shape": shape})
    assert at.select_slider(key=f"{PAGE}.curve.at").label == label


@pytest.mark.parametrize("field", ["classes.table", "numbers.table", "more.logits", "constant.table"])
@pytest.mark.parametrize("rows", ["", "1", "a,b", "1,2,3,4,5,6,7,8,9", "nan,1", "1e999,1", ";;;", "1,2;" * 400])
def test_a_table_in_a_link_that_cannot_be_read_gets_a_sentence(field, rows):
    if (field, rows) == ("constant.table", "1"):
        return
    at = visit(PAGE, view=field.split(".")[0], **{field: rows})
    assert not at.exception
    assert any("allowed:" in w.value for w in at.warning)
    assert charts(at)


def test_a_score_typed_into_the_table_changes_the_loss_and_the_link():
    at = visit(PAGE)
    edit(at, "classes.table", edited_rows={0: {"cat (0)": 1.0}})
    at.session_state[PAGE]["classes.table"] = "1,5,1"
    at.run()
    assert "tensor(0.0181)" in at.code[0].value
    assert "classes.table=1,5,1" in link_of(at)


def test_a_class_more_is_a_column_more_and_back():
    at = visit(PAGE)
    at.button(key=f"{PAGE}-class-more").click().run()
    assert "classes.table=2,5,0,1" in link_of(at)
    assert "bird (2)" in shown(at)[-1]
    at.button(key=f"{PAGE}-class-less").click().run()
    assert link_of(at) == ""
    for _ in range(4):
        at.button(key=f"{PAGE}-class-more").click().run()
    assert at.button(key=f"{PAGE}-class-more").disabled
    assert not at.exception


def test_the_sample_chosen_is_the_one_in_the_figure_and_in_the_steps():
    rows = {"classes.table": "2,5,1;1,3,0"}
    first, second = visit(PAGE, **rows), visit(PAGE, row="2", **rows)
    assert "Sample 1: dog is right" in text(first)
    assert "Sample 2: cat is right" in text(second)
    beyond = visit(PAGE, row="8", **rows)
    assert "Sample 2: cat is right" in text(beyond)


def test_ten_more_in_every_score_is_answered_from_the_run():
    at = visit(PAGE, **{"classes.table": "1.5,1.1,1"})
    at.radio(key=f"{PAGE}-guess").set_value("It gets larger").run()
    assert "You said: It gets larger. It stays the same: 0.913" in at.info[0].value


@pytest.mark.parametrize("mistake", ["softmax_twice", "probabilities_nll", "kl_order", "kl_mean", "mse_classes"])
def test_each_mistake_names_its_number(mistake):
    at = visit(PAGE, view="mistakes", **{"mistakes.mistake": mistake, "mistakes.classes": "5"})
    assert not at.exception
    found = compare(MistakeSettings(mistake=mistake, classes=5))
    assert f"**{say(found.limit if mistake == 'softmax_twice' else found.wrong_at)}**" in text(at)
    assert say(found.right_at) in text(at)


@pytest.mark.parametrize("side", ["behind", "ahead"])
def test_the_float32_zone_is_named_with_its_edge(side):
    at = visit(PAGE, view="mistakes", **{"mistakes.mistake": "naive_log", "mistakes.side": side})
    assert not at.exception
    assert ("103.97" in text(at) or "87.3" in text(at)) if side == "behind" else "16.635" in text(at)


def test_the_constants_follow_the_outlier():
    at = visit(PAGE, view="constant", **{"constant.outlier": "10.0"})
    assert "MSELoss 4 (mean, exactly 4)" in text(at)
    assert "L1Loss 3 (median, exactly 3)" in text(at)


def test_scores_at_their_bounds_can_be_asked_about_too():
    at = visit(PAGE, **{"classes.table": "10000,-10000,1"})
    at.radio(key=f"{PAGE}-guess").set_value("Just show me").run()
    assert not at.exception
    assert "It stays the same: 20,000 before, 20,000 after" in at.info[0].value


@pytest.mark.parametrize("loss", [*NUMBER_LOSSES, *MORE_LOSSES])
def test_every_loss_shows_torch_s_value_to_the_last_digit(loss):
    view, made = ("numbers", number_loss) if loss in NUMBER_LOSSES else ("more", more_loss)
    found = made((NumberSettings if view == "numbers" else MoreSettings)(loss=loss))
    at = visit(PAGE, view=view, **{f"{view}.loss": loss})
    assert not at.exception
    printed, digits = at.code[0].value.splitlines()[-1].split("   all digits: ")
    assert printed == str(found.value)
    shown_value = float(digits.split(" ")[0].replace(",", "").replace("−", "-"))
    assert torch.tensor(shown_value).item() == found.value.item(), "nine digits name exactly one float32"


@pytest.mark.parametrize("view", ["classes", "numbers", "more", "curve", "constant"])
def test_every_preset_of_every_view_runs_and_has_a_link_of_its_own(view):
    keys = [b.key for b in visit(PAGE, view=view).button if b.key.startswith(f"{PAGE}-preset-")]
    assert len(keys) >= 4
    links = []
    for key in keys:
        at = visit(PAGE, view=view)
        at.button(key=key).click().run()
        assert not at.exception
        assert not at.error
        assert charts(at)
        links.append(link_of(at))
    assert len(set(links)) == len(links)
