"""The network view as a visitor uses it."""

import ast
import json

import pytest
from visitor import ROOT, charts, link_of, visit

VIEW = {"view": "network"}


def words(at):
    return "\n".join(
        str(element.value) for kind in ("markdown", "caption", "info", "warning") for element in at.get(kind)
    )


def small(**changes):
    return visit(
        "optimizers",
        **VIEW,
        **{"network.steps": "4", "network.seeds": "2", "network.optimizers": "SGD,Adam"} | changes,
    )


def test_it_starts_by_itself_with_figures_words_and_table():
    at = visit("optimizers", **VIEW)
    assert not at.exception
    assert len(charts(at)) == 4
    assert "by steps" in words(at)
    assert len(at.dataframe[0].value) == 5
    assert at.code[0].value.startswith("SGD: training loss ")


def test_the_moment_and_who_is_followed_are_looked_at_without_training_again():
    at = small()
    before = at.code[0].value
    at.selectbox(key="optimizers.network_follow").set_value("SGD").run()
    assert "network of SGD" in words(at)
    assert at.code[0].value == before
    at.button(key="optimizers-network-run").click().run()  # once more: the losses are the same
    assert at.code[0].value == before
    at.selectbox(key="optimizers.network_follow").set_value("Muon").run()
    assert "Muon is not among the optimizers that run; shown is SGD." in words(at)


def test_it_says_what_the_button_will_do():
    at = visit("optimizers", **VIEW, **{"network.rule": "best"})
    assert "First, 7 learning rates are tried for each. 5 optimizers will train networks from 3 seeds" in words(at)
    assert "updates. Press **Train the networks**" in words(at)
    assert not charts(at)


def test_each_its_best_shows_what_was_tried():
    at = small(**{"network.rule": "best", "network.optimizers": "SGD,Muon"})
    assert len(charts(at)) == 4
    assert "which does not count afterwards" in words(at)


def test_each_its_own_takes_the_rate_of_the_one_that_is_followed():
    at = small(**{"network.rule": "own"})
    assert any(slider.key == "optimizers.Adam.lr" for slider in at.select_slider)
    assert '{"lr": 0.001}' in next(code.value for code in at.code if code.language == "python")


def test_the_course_s_preset_writes_the_course_s_two_lines_into_the_program():
    at = small()
    at.button(key="optimizers-preset-The course's two").click().run()
    text = next(code.value for code in at.code if code.language == "python")
    assert '("Momentum", torch.optim.SGD, {"lr": 0.01, "momentum": 0.9}),' in text
    assert '("Adam", torch.optim.Adam, {"lr": 0.01}),' in text
    assert "network.lr=0.01" in link_of(at)


def test_digits_have_no_plane_and_are_loaded_only_when_chosen():
    at = small(**{"network.data": "digits"})
    assert len(charts(at)) == 3
    assert "599" in words(at)
    for path in ROOT.glob("[cfpu]*/**/*.py"):  # core, figures, pages, ui
        for node in ast.parse(path.read_text()).body:
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "sklearn" for name in names), path


@pytest.mark.parametrize(
    "wild",
    [
        {"network.lr": "100", "network.optimizers": "SGD,Momentum,LBFGS,Muon,Adafactor", "network.seeds": "1"},
        {"network.hidden": "2", "network.batch_size": "5", "network.seeds": "1", "network.steps": "1"},
        {
            "network.rule": "own",
            "network.optimizers": "SGD,Momentum",
            "SGD.lr": "1000",
            "SGD.momentum": "0",
            "SGD.nesterov": "1",
        },
        {"network.optimizers": "Nobody", "network.steps": "1e9", "network_at": "-4", "network_follow": "x"},
        {"network.rule": "best", "network.steps": "300", "network.optimizers": "SGD,LBFGS,Muon,Adam,Rprop,ASGD"},
    ],
)
def test_wild_links_are_harmless(wild):
    at = visit("optimizers", **VIEW, **{"network.steps": "5"} | wild)
    assert not at.exception
    for chart in charts(at):
        json.loads(chart["figure"])


def test_what_takes_too_long_is_refused_with_a_sentence():
    from core.optim.known import OPTIMIZERS

    names = ",".join(OPTIMIZERS)
    at = visit("optimizers", **VIEW, **{"network.optimizers": names, "network.steps": "300", "network.rule": "best"})
    assert "allowed: at most" in at.error[0].value
