"""The loss page as a reader uses it."""

import re

import pytest
import torch
from visitor import charts, guess, link_of, shown, visit

from core.loss_functions import other_losses, regression
from core.loss_functions.calculation import calculate_chosen
from core.loss_functions.mistakes import right_and_wrong
from core.loss_functions.settings import (
    MISTAKES,
    OTHER_LOSSES,
    REGRESSION_LOSSES,
    VIEWS,
    MistakeSettings,
    OtherLossesSettings,
    RegressionSettings,
)

PAGE = "loss_functions"


def text(at):
    return "\n".join(str(e.value) for kind in ("markdown", "caption", "code", "error", "warning") for e in at.get(kind))


def edit(at, field, **edits):
    """Types into the table of a field, as the browser reports it."""
    key = at.session_state[f"{PAGE}.{field}:editor"]["key"]
    at.session_state[key] = {"edited_rows": {}, "added_rows": [], "deleted_rows": [], **edits}
    return at


def prints(at):
    """The lines that the page says its program prints."""
    return [code.value for code in at.code if code.language != "python"][-1].splitlines()


def test_the_course_s_dog_and_the_reason_for_the_notes_number_are_there_at_once():
    at = visit(PAGE)
    assert "tensor(0.0486)" in at.code[0].value
    assert prints(at)[0] == "loss tensor(0.0486)"
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
def test_the_presets_of_cross_entropy(label, said):
    at = visit(PAGE, **{"cross_entropy.temperature": "2.0"})
    at.button(key=f"{PAGE}-preset-{label}").click().run()
    assert not at.exception
    assert said in at.code[0].value
    assert ("The course notes print 0.0181" in text(at)) == (label == "Course: surely a dog")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"classes.table": "1,5,1", "classes.temperature": "2.0"}, "cross_entropy.table=1,5,1"),
        ({"view": "numbers", "numbers.loss": "HuberLoss"}, "view=regression&regression.loss=HuberLoss"),
        ({"view": "more", "more.loss": "KLDivLoss"}, "view=other_losses&other_losses.loss=KLDivLoss"),
    ],
)
def test_links_of_an_older_version_open_what_they_meant(old, new):
    at = visit(PAGE, **old)
    assert not at.exception
    assert not at.warning
    assert set(new.split("&")) <= set(link_of(at).split("&"))


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"cross_entropy.table": "2,5,7"}, "Row 1 has target 7; allowed: 0 to 1"),
        ({"cross_entropy.weight": "1,2,3"}, "allowed: 2 numbers from 0 to 100"),
        ({"view": "other_losses", "other_losses.loss": "SoftMarginLoss", "other_losses.signs": "1,0"}, "allowed: 1 or"),
        ({"view": "other_losses", "other_losses.loss": "TripletMarginLoss", "other_losses.margin": "0.0"}, "more than"),
        ({"view": "other_losses", "other_losses.loss": "NLLLoss", "other_losses.classes": "1,1,1,0"}, "a sum of 1"),
    ],
)
def test_what_does_not_fit_together_gets_a_sentence_and_the_last_good_picture_stays(link, said):
    at = visit(PAGE, **link)
    assert not at.exception
    assert said in at.error[0].value
    assert charts(at)
    assert any("import torch" in c.value for c in at.code), "the program stays, and can be run"
    at.button(key=f"{PAGE}-reset").click().run()
    assert not at.error
    assert charts(at)


def test_the_last_settings_that_fitted_are_the_reader_s_own():
    at = visit(PAGE, **{"cross_entropy.table": "1,5,1"})
    at.text_input(key=f"{PAGE}.cross_entropy.weight").set_value("1,2,3").run()
    assert "tensor(0.0181)" in at.code[0].value
    assert "allowed: 2 numbers" in at.error[0].value


def test_the_reader_who_chooses_kldivloss_sees_the_reduction_that_is_its_definition():
    at = visit(PAGE, view="other_losses")
    at.selectbox(key=f"{PAGE}.other_losses.loss").set_value("KLDivLoss").run()
    assert "tensor(0.0851)" in at.code[0].value
    at.selectbox(key=f"{PAGE}.other_losses.loss").set_value("BCELoss").run()
    assert not at.exception
    assert not at.error
    assert not at.warning
    at = visit(PAGE, view="other_losses", **{"other_losses.loss": "KLDivLoss"})
    assert "tensor(0.0851)" in at.code[0].value
    at = visit(PAGE, view="other_losses", **{"other_losses.loss": "KLDivLoss", "other_losses.kl_reduction": "mean"})
    assert "tensor(0.0284)" in at.code[0].value
    assert "not the definition of KL" in text(at)


def test_class_probabilities_that_do_not_add_up_to_1_get_a_sentence():
    wanted = {"other_losses.loss": "CrossEntropyLoss", "other_losses.soft": "2,0.5,-1,0.7,0.2,0.1;2,0.5,-1,0.7,0.2,0"}
    at = visit(PAGE, view="other_losses", **wanted)
    assert not at.exception
    assert [w.value for w in at.warning if "Row 2: the probabilities do not add up to 1" in w.value]


def test_a_link_with_batchmean_for_another_loss_shows_its_mean():
    at = visit(PAGE, view="other_losses", **{"other_losses.reduction": "batchmean"})
    assert not at.exception
    assert not at.warning
    assert charts(at)


@pytest.mark.parametrize(
    ("shape", "label"),
    [("numbers", "Prediction (the target is 0)"), ("yes_no", "Score x"), ("map", "Score of class 0")],
)
def test_what_moves_is_called_what_it_is(shape, label):
    at = visit(PAGE, view="curve", **{"curve.shape": shape})
    assert at.select_slider(key=f"{PAGE}.curve.at").label == label


@pytest.mark.parametrize("field", ["cross_entropy.table", "regression.table", "other_losses.logits", "constant.table"])
@pytest.mark.parametrize("rows", ["", "1", "a,b", "1,2,3,4,5,6,7,8,9", "nan,1", "1e999,1", ";;;", "1,2;" * 400])
def test_a_table_in_a_link_that_cannot_be_read_gets_a_sentence(field, rows):
    if (field, rows) == ("constant.table", "1"):
        return
    at = visit(PAGE, view=field.split(".")[0], **{field: rows})
    assert not at.exception
    assert any("allowed:" in w.value for w in at.warning)
    assert charts(at)


@pytest.mark.parametrize("field", ["cross_entropy.table", "regression.table", "other_losses.logits", "constant.table"])
def test_an_empty_row_at_the_end_of_a_table_in_a_link_does_no_harm(field):
    rows = {"cross_entropy.table": "2,5,1;", "constant.table": "1;2;"}.get(field, "1,0;")
    at = visit(PAGE, view=field.split(".")[0], **{field: rows})
    assert not at.exception
    assert charts(at)


def test_a_score_typed_into_the_table_changes_the_loss_and_the_link():
    at = visit(PAGE)
    edit(at, "cross_entropy.table", edited_rows={0: {"cat (0)": 1.0}})
    at.session_state[PAGE]["cross_entropy.table"] = "1,5,1"
    at.run()
    assert "tensor(0.0181)" in at.code[0].value
    assert "cross_entropy.table=1,5,1" in link_of(at)


def test_a_class_more_is_a_column_more_and_back():
    at = visit(PAGE)
    at.button(key=f"{PAGE}-class-more").click().run()
    assert "cross_entropy.table=2,5,0,1" in link_of(at)
    assert "bird (2)" in shown(at)[-1]
    at.button(key=f"{PAGE}-class-less").click().run()
    assert link_of(at) == ""
    for _ in range(4):
        at.button(key=f"{PAGE}-class-more").click().run()
    assert at.button(key=f"{PAGE}-class-more").disabled
    assert not at.exception


def test_the_sample_chosen_is_the_one_in_the_figure_and_in_the_steps():
    rows = {"cross_entropy.table": "2,5,1;1,3,0"}
    first, second, beyond = visit(PAGE, **rows), visit(PAGE, row="2", **rows), visit(PAGE, row="8", **rows)
    assert "The right class, dog" in text(first)
    for at in (second, beyond):
        assert "The right class, cat" in text(at)
        assert "**Check it by hand.** Sample 2" in text(at)


@pytest.mark.parametrize("table", ["1.5,1.1,1", "10000,-10000,1", "1,2,-100"])
def test_ten_more_in_every_score_is_answered_from_the_run(table):
    at = visit(PAGE, **{"cross_entropy.table": table})
    at = guess(at, "It gets larger")
    assert not at.exception
    assert at.info[0].value.startswith("**Not quite.**")
    before, after = re.findall(r"([\d.,e]+) (?:before|after)", at.info[0].value)
    assert before == after == {"1.5,1.1,1": "0.913015", "10000,-10000,1": "20,000", "1,2,-100": "0"}[table]


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("side", ["behind", "ahead"])
def test_each_mistake_names_its_number(mistake, side):
    chosen = MistakeSettings(mistake=mistake, classes=5, side=side)
    at = visit(PAGE, view="mistakes", **{"mistakes.mistake": mistake, "mistakes.classes": "5", "mistakes.side": side})
    assert not at.exception
    assert prints(at) == [
        f"{name}: {v:.9g}" for name, v in zip(("right", "wrong"), right_and_wrong(chosen), strict=True)
    ]


def test_the_constants_follow_the_outlier():
    at = visit(PAGE, view="constant", **{"constant.outlier": "10.0"})
    assert prints(at)[:2] == ["MSELoss chooses 4.0000", "L1Loss chooses 3.0000"]
    assert "(1 + 2 + 3 + 4 + 10) / 5 = **4**" in text(at)


@pytest.mark.parametrize("loss", [*REGRESSION_LOSSES, *OTHER_LOSSES])
def test_every_loss_shows_torch_s_value_to_the_last_digit(loss):
    view = "regression" if loss in REGRESSION_LOSSES else "other_losses"
    losses, cls = {
        "regression": (regression.LOSSES, RegressionSettings),
        "other_losses": (other_losses.LOSSES, OtherLossesSettings),
    }[view]
    found = calculate_chosen(losses, cls(loss=loss))
    at = visit(PAGE, view=view, **{f"{view}.loss": loss})
    assert not at.exception
    printed, digits = at.code[0].value.splitlines()[-1].split("   all digits: ")
    assert printed == str(found.value)
    shown_value = float(digits.split(" ")[0].replace("−", "-").replace(",", ""))
    assert torch.tensor(shown_value).item() == found.value.item(), "nine digits name exactly one float32"


@pytest.mark.parametrize("view", [view for view in VIEWS if view != "mistakes"])
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
