"""XOR without an activation, with a step and with a curve; and gated units."""

import math

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F
from programs import printed
from visitor import visit

from core.activation_functions.collapse import X, Y, collapse, decided_right, train
from core.activation_functions.gated import GATES, gated
from core.activation_functions.program import collapse_program, gated_program
from core.activation_functions.settings import CURVED, GATED, CollapseSettings, GatedSettings
from figures.activation_functions.collapse import by_hand, label, outcome_words, product_table, three_planes
from figures.activation_functions.gated import by_hand as gate_by_hand
from figures.activation_functions.gated import gate_map, passing_words, two_lines

SHORT = CollapseSettings(updates=10)


def test_without_an_activation_two_layers_are_their_product():
    found = collapse(SHORT)
    weights = found.runs[0].weights
    w = [
        sum(a * b for a, b in zip(weights["2.weight"][0].tolist(), column, strict=True))
        for column in weights["0.weight"].T.tolist()
    ]
    assert found.product[0].tolist() == pytest.approx(w, rel=1e-6)
    assert found.difference < 1e-12
    logits = X.double() @ found.product.T + found.bias
    row, side = found.runs[0].probabilities[-1], torch.linspace(-0.5, 1.5, 41)
    corner = int((side - 1).abs().argmin())
    assert row[corner, corner].item() == pytest.approx(logits.sigmoid()[3].item(), abs=1e-5)
    assert f"({w[0]:.4f}" in product_table(found).replace("−", "-").replace("**", "")
    assert by_hand(found).count("·") == found.settings.hidden


@pytest.mark.parametrize("seed", range(3))
def test_a_line_ends_undecided_and_a_step_learns_nothing_in_its_hidden_layer(seed):
    found = collapse(CollapseSettings(seed=seed))
    line, step, curve = found.runs
    assert line.is_undecided and line.loss == pytest.approx(math.log(2), abs=1e-5)
    assert (step.gradient, step.moved, step.learned_hidden) == (0, 0, False)
    assert curve.learned_hidden
    assert "exactly 0" in outcome_words(found) and "ln 2" in outcome_words(found)


def test_each_network_is_the_one_that_torch_trains_alone():
    with torch.random.fork_rng():
        torch.manual_seed(SHORT.seed)
        model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=SHORT.lr)
    for _ in range(SHORT.updates):
        optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(model(X), Y).backward()
        optimizer.step()
    ours = train("Tanh", SHORT, [0, 10]).weights
    assert all(torch.equal(ours[name], weight) for name, weight in model.state_dict().items())


def test_right_is_what_is_decided():
    assert decided_right(torch.tensor([[0.4], [0.6], [0.505], [0.7]])).flatten().tolist() == [True, True, False, False]
    found = collapse(SHORT)
    assert "above 51%" in three_planes(found).caption and "more than 51%" in outcome_words(found)
    assert len(three_planes(found).caption.split()) <= 45


def test_pictures_and_words_count_what_is_right():
    found = collapse(SHORT)
    picture, last = three_planes(found), len(found.steps) - 1
    assert found.steps[0] == 0 and found.steps[-1] == SHORT.updates
    assert len(picture.frames) == len(found.steps)
    assert label(found, last).endswith(f"Tanh {found.runs[2].right[-1]}.")
    assert collapse(CollapseSettings(updates=1)).steps == [0, 1]


@pytest.mark.parametrize("gate", GATED)
@pytest.mark.parametrize(("a", "g"), [(2.0, -3.0), (-1.5, 0.7), (0.0, 4.0), (3.0, 0.0)])
def test_slopes_of_a_gate_are_those_of_its_formula(gate, a, g):
    found = gated(GatedSettings(gate=gate, a=a, g=g))
    assert found.slopes == pytest.approx(found.formulas, abs=1e-12)
    assert found.output == pytest.approx(a * found.gate, abs=1e-12)
    middle = len(found.g) // 2
    assert found.outputs[:, middle].tolist() == pytest.approx(
        (found.a * GATES[gate].make()(torch.tensor(0.0))).tolist()
    )
    assert "**" in gate_by_hand(found)


def test_glu_is_torchs():
    for a, g in ((2.0, -3.0), (-4.0, 1.0)):
        theirs = F.glu(torch.tensor([a, g], dtype=torch.float64)).item()
        assert gated(GatedSettings(a=a, g=g)).output == pytest.approx(theirs)


@pytest.mark.parametrize(
    ("gate", "g", "said"),
    [("glu", -3, "none"), ("glu", 0, "part"), ("glu", 4, "all"), ("swiglu", -1.28, "turned"), ("swiglu", 3, "all")],
)
def test_how_much_passes(gate, g, said):
    assert gated(GatedSettings(gate=gate, g=float(g))).passes == said


def test_captions_have_the_numbers_of_the_point():
    found = gated(GatedSettings())
    assert "0.04743" in gate_map(found).caption and "0.09035" in two_lines(found).caption
    assert "2 · 0.0474259 = **0.09485**" in gate_by_hand(found)


def test_a_value_has_all_its_digits_and_nothing_is_asked_of_none():
    found = gated(GatedSettings(gate="swiglu", a=1.23449, g=5.9999))
    assert "1.23449 · 5.985063 = **7.389**" in gate_by_hand(found)
    assert "a = 1.23449 and g = 5.9999" in gate_map(found).caption
    assert "σ(5.9999)" in passing_words(found) and "value 1.23449" in passing_words(found)
    assert "is 5.985063 here" in gate_by_hand(found)
    for a, asked in (("0.0", 0), ("-1.5", 1)):
        page = visit("activation_functions", **{"view": "gated", "gated.gate": "bilinear", "gated.a": a})
        assert sum("Guess first" in button.label for button in page.button) == asked


def test_the_programs_print_what_the_page_says():
    programs = [gated_program(gated(GatedSettings(gate=gate, a=-1.5, g=0.7))) for gate in GATED]
    programs += [
        collapse_program(collapse(CollapseSettings(curved=curved, updates=10))) for curved in list(CURVED)[::2]
    ]
    assert printed([program.text for program in programs]) == [list(program.prints) for program in programs]
