"""What every concept page owes its reader. A new page inherits these tests by being there."""

import ast
import json
import re

import plotly.graph_objects as go
import pytest
from visitor import (
    CONCEPTS,
    CONTROLS,
    QUICK,
    WORDS,
    charts,
    guess,
    link_of,
    newcomer,
    nodes,
    opened,
    other_links,
    shown,
    views,
    visit,
)

from ui.background import CHECK, question_in, read
from ui.controls import Controls
from ui.prediction import ASKED, JUST_SHOW_ME

MOST_CONTROLS = 5
MOST_WORDS = 45  # of a caption
MOST_WORDS_ON_A_VIEW = 900
CHARTS = [pytest.param(page, view, id="-".join([page, *view.values()])) for page in CONCEPTS for view in views(page)]


@pytest.fixture(params=CONCEPTS)
def page(request):
    return request.param


def full_text(at):
    return "\n".join(element.value for kind in ("markdown", "caption", "info") for element in at.get(kind))


def test_the_title_is_a_question_and_the_opening_is_short(page):
    at = opened(page)
    assert at.title[0].value.endswith("?")
    assert len(at.markdown[0].value.split()) <= 60


def test_a_chart_is_there_without_a_click(page):
    assert charts(visit(page))


@pytest.mark.parametrize("page, view", CHARTS)
def test_a_guess_comes_before_what_answers_it(page, view):
    asks = any(button.key.endswith("-guess-again") for button in opened(page, **view).button)
    if not asks:
        assert view != views(page)[0]
        return
    at = newcomer(page, {f"{page}:guesses": {view["view"]: ASKED}}, **QUICK.get(page, {}) | view)
    options = [button.label for button in at.button if "-guess-" in button.key]
    assert 3 <= len(options) <= 5
    assert options[-1] == JUST_SHOW_ME
    assert charts(at)
    before = shown(at)
    at = guess(at, options[0])
    assert not at.exception
    (revealed,) = [info.value for info in at.info if info.value.startswith(("**Right:**", "**Not quite.**"))]
    assert revealed.partition(f"*{options[0]}*")[2]
    why = revealed.rpartition("*.")[2].strip()
    assert len(why.split()) >= 4
    assert not any(why in text for text in before)


@pytest.mark.parametrize("page, view", CHARTS)
def test_at_most_five_controls_are_visible_and_all_have_words(page, view):
    at = opened(page, **view)
    time_and_questions = (".view", "-check")
    controls = [
        (c, under) for c, under in nodes(at.main) if c.type in CONTROLS and not c.key.endswith(time_and_questions)
    ]
    visible = [c.key for c, under in controls if not under]
    assert len(visible) <= MOST_CONTROLS, visible
    assert all(c.label.strip() for c, _ in controls)


@pytest.mark.parametrize("page, view", CHARTS)
def test_every_chart_has_axis_titles_a_description_and_a_caption(page, view):
    at = opened(page, **view)
    for chart in charts(at):
        layout = json.loads(chart["figure"])["layout"]
        assert layout["xaxis"]["title"]["text"]
        assert layout["yaxis"]["title"]["text"]
        assert len(chart["alt"]) >= 40
        (caption,) = [c.value for c in at.caption if re.sub("[`*]", "", c.value) in re.sub("[`*]", "", chart["alt"])]
        assert len(caption.split()) <= MOST_WORDS, caption
        assert len(re.findall(r"[.!?](?=\s|$)", caption)) <= 2, caption


@pytest.mark.parametrize("page, view", CHARTS)
def test_a_view_is_read_in_a_few_minutes(page, view):
    """Words at its defaults, closed expanders included; the program and numbers in tables are not read."""
    at = opened(page, **view)
    texts = [element.value for kind in WORDS if kind != "code" for element in at.get(kind)]
    texts += [option for radio in at.radio for option in (radio.label, *radio.options)]
    assert sum(len(str(text).split()) for text in texts) <= MOST_WORDS_ON_A_VIEW


@pytest.mark.parametrize("page, view", CHARTS)
def test_frames_change_only_what_plotly_knows(page, view):
    """They reach the browser without passing through plotly, which would refuse what it does not know."""
    for chart in charts(opened(page, **view)):
        figure = json.loads(chart["figure"])
        traces, frames = go.Figure(figure["data"]).data, figure["frames"]
        for frame in frames[:1] + frames[-1:]:
            for place, change in zip(frame["traces"], frame["data"], strict=True):
                traces[place].update(change)


def test_each_preset_runs_and_all_but_the_defaults_change_the_link(page, monkeypatch):
    quick = QUICK.get(page, {})
    short = {name: int(text) for name, text in quick.items() if name == "steps"}
    take = Controls._take
    monkeypatch.setattr(Controls, "_take", lambda controls, values: take(controls, values | short))
    keys = [b.key for b in opened(page).button if b.key.startswith(f"{page}-preset-")]
    assert len(keys) >= 2
    links = []
    for key in keys:
        at = visit(page, **quick)
        at.button(key=key).click().run()
        assert not at.exception
        links.append(link_of(at))
    assert len(set(links)) == len(links)


@pytest.mark.parametrize("page, view", CHARTS)
def test_the_program_is_there_compiles_and_can_be_taken_away(page, view):
    at = opened(page, **view)
    if any(button.key == f"{page}-{view.get('view')}-run" for button in at.button):
        at = visit(page, **QUICK.get(page, {}) | view)
        at.button(key=f"{page}-{view['view']}-run").click().run()
    programs = [code.value for code in at.code if code.language == "python"]
    assert programs
    for text in programs:
        ast.parse(text)
    labels = [button.proto.label for button in at.get("download_button")]
    assert {"Download .py", "Download .ipynb"} <= set(labels)


def test_a_step_can_be_checked_by_hand(page):
    at = opened(page)
    (step,) = [m.value for m in at.markdown if m.value.startswith("**Check it by hand.**")]
    for left, divisor, quotient in re.findall(r"([\d.,]+) / ([\d.,]+) = \*\*([\d.e+-]+)\*\*", step):
        assert float(left.replace(",", "")) / float(divisor.replace(",", "")) == pytest.approx(
            float(quotient), rel=1e-3
        )
    assert "**" in step.split("=")[-1]


def test_the_reader_is_asked_to_find_something_out(page):
    for view in views(page):
        if "**Find out" in full_text(opened(page, **view)):
            return
    pytest.fail("no driving question")


@pytest.mark.parametrize("page, view", CHARTS)
def test_each_view_has_a_question_to_check_oneself_and_every_answer_is_explained(page, view):
    name = view.get("view") or next(iter(views(page)))["view"]
    question, answers = question_in(read(page)[CHECK + name])
    assert question.endswith("?")
    assert 2 <= len(answers) <= 4
    assert all(len(why.split()) >= 5 for why in answers.values())
    (radio,) = [radio for radio in opened(page, **view).radio if radio.key == f"{page}-{name}-check"]
    assert list(radio.options) == list(answers)


def test_derivation_caveats_and_sources_stand_in_closed_expanders(page):
    at = opened(page)
    expanders = {label for _, under in nodes(at.main) for label in under}
    assert {"Sources", "What this toy hides"} <= expanders
    sources = "\n".join(m.value for m, under in nodes(at.main) if "Sources" in under)
    assert "https://docs.pytorch.org/" in sources
    assert any("$" in m.value for m, under in nodes(at.main) if under and m.type == "markdown"), "no formula"


def test_captions_follow_the_controls(page):
    quick = QUICK.get(page, {})
    captions = [c.value for c in opened(page).caption]
    others = ([c.value for c in visit(page, **quick | link).caption] for link in other_links(page))
    assert any(other != captions for other in others)


def test_dense_charts_offer_their_numbers_as_csv(page):
    at = opened(page)
    keys = [e.proto.label for e in at.expander]
    assert "The numbers as a table" in keys
