"""One point's passes are autograd's, checked by differences and by the gradient written out; its update is SGD's."""

import json
import re
from dataclasses import replace

import pytest
import torch
from programs import printed

from core.datasets import DATA
from core.multilayer_perceptron.data import features
from core.multilayer_perceptron.networks import Networks
from core.multilayer_perceptron.program_sample import sample_program
from core.multilayer_perceptron.sample import (
    NEARLY_ALL,
    is_finite,
    lesson,
    link,
    loss_name,
    places,
    point_losses,
    share_that_falls,
    strongest,
    whose_loss_falls,
)
from core.multilayer_perceptron.settings import FEATURES, MAX_WEIGHTS, PlaygroundSettings
from core.multilayer_perceptron.watch import RunTask
from figures.multilayer_perceptron.sample.network import SHARES, by_width, network_pass, node_at, plan, short
from figures.multilayer_perceptron.sample.plane import changes, nearest
from figures.multilayer_perceptron.sample.words import NOT_FINITE, by_hand, link_table, neuron_table, taught

SHORT = PlaygroundSettings(layers="4, 3 gelu", num_epochs=2)
LARGEST = PlaygroundSettings(layers="8,8,8,8,8,8", features=tuple(FEATURES), num_epochs=30, batch_size=250)
DIVERGED = PlaygroundSettings(data="plane", optimizer="SGD", lr=100.0, activation="relu", num_epochs=3)
LINEAR = PlaygroundSettings(data="plane", layers="", optimizer="SGD", lr=0.1, num_epochs=1)
SOME = [
    SHORT,
    replace(SHORT, loss="squared", features=("x1", "x1x2"), frozen="1"),
    replace(SHORT, data="hills", layers="2 relu, 3 silu", frozen="output", penalty="l2", dropout=0.5),
    LINEAR,
]


def taken(settings, row=3):
    run = RunTask(settings).run()
    return run, lesson(run, row)


@pytest.mark.parametrize("settings", SOME, ids=str)
def test_the_gradient_is_that_of_differences_and_of_the_one_written_out(settings):
    run, found = taken(settings)
    index, still = len(run.updates) - 1, torch.zeros_like(found.weights[0], dtype=torch.bool)
    if settings.frozen != "none":
        number = len(settings.hidden) if settings.frozen == "output" else int(settings.frozen) - 1
        for part in places(settings)[number]:
            still[part] = True
    X, y = features(run.data.points[3:4], settings.features)[None], run.data.target[3].view(1, 1, 1)
    activations = [*(layer.activation for layer in settings.hidden), settings.output]
    written = Networks(run.weights[index][None], settings.sizes, activations, loss_name(settings))
    written.backward(written.forward(X), y)
    expected = torch.where(still, 0.0, written.vector.grad[0])
    assert torch.allclose(found.before.gradient[index], expected, rtol=1e-9, atol=1e-12)
    step = 1e-6 * torch.eye(len(still), dtype=torch.float64)
    up, down = (point_losses(settings, run.weights[index] + sign * step, run.data)[:, 3] for sign in (1, -1))
    slopes = torch.where(still, 0.0, (up - down) / 2e-6)
    assert torch.allclose(found.before.gradient[index], slopes, rtol=1e-5, atol=1e-7)
    stepped = found.weights[index] - settings.lr * found.before.gradient[index]
    # Some processors round product and sum once, others twice.
    assert torch.allclose(found.updated[index], stepped, rtol=1e-14, atol=1e-16)
    for layer, sums in enumerate(written.sums):
        assert torch.allclose(found.before.sums[layer][index], sums[0, 0], rtol=1e-12)
        assert torch.allclose(found.before.answers[layer][index], written.answers[layer][0, 0], rtol=1e-12)


@pytest.mark.parametrize("settings", SOME, ids=str)
def test_a_weights_gradient_is_delta_times_what_it_was_given_and_its_update_can_be_redone(settings):
    run, found = taken(settings)
    for index in (0, len(run.updates) - 1):
        for number in range(1, found.weights.shape[1] + 1):
            one = link(found, index, number)
            expected = 0.0 if one.frozen else one.by_sum * one.given
            assert found.before.gradient[index, number - 1].item() == pytest.approx(expected, rel=1e-9, abs=1e-15)
            said = by_hand(found, one)
            if one.frozen:
                assert "frozen" in said and one.updated == one.weight
                continue
            before, step, after = re.search(r"= (−?[\d.]+) ([−+] [\d.]+) = \*\*(−?[\d.]+)\*\*\.$", said).groups()
            before, step, after = (float(text.replace("−", "-").replace(" ", "")) for text in (before, step, after))
            assert before + step == pytest.approx(after, abs=1e-12)
            assert after == pytest.approx(one.updated, abs=2e-4 * max(1, abs(step)))


def test_whose_loss_falls_by_the_losses_themselves():
    run, found = taken(SHORT)
    losses, others = found.losses[:1], torch.arange(run.data.n_train) != found.row
    for own, rest, said in ((-1, -1, "most"), (-1, 1, "few"), (-1, 0, "few"), (1, -1, "none"), (0, -1, "none")):
        moved = torch.where(others, losses + rest, losses + own)
        passes = replace(found.after, loss=moved[:, found.row])
        before = replace(found.before, loss=losses[:, found.row])
        assert whose_loss_falls(replace(found, before=before, after=passes, losses=losses, new_losses=moved), 0) == said
    assert whose_loss_falls(found, 0) == "some"
    assert 1 - NEARLY_ALL < share_that_falls(found, 0) < NEARLY_ALL
    same = run.data.target[: run.data.n_train] == found.target
    fall = (found.new_losses[0] < found.losses[0]) & same & others
    assert share_that_falls(found, 0, same) == (fall.sum() / (same & others).sum()).item()
    assert torch.allclose(found.losses[:, found.row], found.before.loss, rtol=1e-9)
    assert torch.allclose(found.new_losses[:, found.row], found.after.loss, rtol=1e-9)


def test_a_single_weighted_sum_overshoots_where_lr_is_beyond_the_limit_of_this_point():
    """The error is multiplied by 1 - lr (x1² + x2² + 1)."""
    run, found = taken(LINEAR)
    factor = 1 - 0.1 * (run.data.points[3].square().sum() + 1)
    assert torch.allclose(found.after.loss, found.before.loss * factor**2, rtol=1e-6)
    assert (whose_loss_falls(found, 0) == "none") == bool(factor.abs() > 1)


def test_the_drawing_has_every_number_of_a_moment_and_each_link_once():
    run, found = taken(SHORT)
    for updated, passes in ((False, found.before), (True, found.after)):
        picture = network_pass(run, found, updated, 2, 1)
        for index in (0, len(run.updates) - 1):
            frame, gradient = picture.frames[index], passes.gradient[index]
            *links, nodes, into, loss = frame["data"]
            texts = [f"<b>{short(h)}</b>" for h in found.given.tolist()]
            for h, delta in zip(passes.answers, passes.by_sums, strict=True):
                both = zip(h[index].tolist(), delta[index].tolist(), strict=True)
                texts += [f"<b>{short(a)}</b><br>{short(b)}" for a, b in both]
            assert nodes["text"] == texts
            assert into["text"] == [short(v) for v in gradient[places(SHORT)[1][0][1]].tolist()]
            size = gradient[torch.from_numpy(plan(SHORT).weight)].abs()
            assert sum(len(one["x"]) for one in links) == 3 * int((size >= SHARES[-1] * size.max()).sum())
            assert len(frame["traces"]) == len(frame["data"])
    drawn = plan(SHORT)
    for node in range(2, len(drawn.x)):
        layer, neuron = node_at(SHORT, float(drawn.x[node]), float(drawn.y[node]))
        assert drawn.first[layer] + neuron == node
        weight, _ = places(SHORT)[layer - 1]
        assert strongest(found, 0, layer, neuron) - 1 in weight[neuron]
    assert node_at(SHORT, 0, 0.5) is node_at(SHORT, "x", 7) is None


def test_links_are_wide_by_their_share_of_the_largest():
    widths = by_width(torch.tensor([1.0, -0.3, 0.06, -0.02, 0.001, 0.0], dtype=torch.float64).numpy())
    assert [found.tolist() for found in widths] == [[0], [], [2], [], [], [1], [], [3]]
    assert not any(len(found) for found in by_width(torch.tensor([0.0, 0.0]).numpy()))
    assert not any(len(found) for found in by_width(torch.tensor([1.0, torch.nan]).numpy()))


def test_the_tables_hold_all_numbers_and_the_map_its_own_point():
    run, found = taken(SHORT)
    index = len(run.updates) - 1
    neurons, links = neuron_table(found, index), link_table(found, index)
    assert len(neurons) == sum(SHORT.sizes[1:])
    assert links["gradient"].tolist() == found.before.gradient[index].tolist()
    assert links["to"].iloc[-1] == "answer"
    assert nearest(run, *run.data.points[17].tolist()) == 17
    picture = changes(run, found)
    assert picture.table["after the update"].tolist() == found.after.loss.tolist()
    assert f"{found.after.loss[index]:.4g}" in taught(run, found, index)
    for said in (picture.caption, network_pass(run, found, False, 1, 0).caption):
        assert len(said.split()) <= 45


def test_the_largest_network_stays_small_for_the_browser():
    run, found = taken(LARGEST)
    assert found.weights.shape[1] == MAX_WEIGHTS
    assert len(network_pass(run, found, False, 6, 7).json) < 800_000
    assert len(changes(run, found).json) < 200_000
    assert link(found, 0, MAX_WEIGHTS).source is None


def test_a_diverged_run_is_said_and_drawn():
    run, found = taken(DIVERGED)
    index = len(run.updates) - 1
    assert run.diverged_at is not None
    assert not is_finite(found, index)
    assert whose_loss_falls(found, index) is None
    assert taught(run, found, index) == NOT_FINITE
    number = strongest(found, index)
    assert by_hand(found, link(found, index, number)) == ""
    assert sample_program(run, found, index, number).prints == []
    for picture in (network_pass(run, found, True, 1, 0), changes(run, found)):
        assert len(json.loads(picture.json)["frames"]) == len(run.updates)
    numbers = {
        float("nan"): "?",
        -float("inf"): "?",
        -0.004: "−4e−3",
        3e244: "3e244",
        -12.3: "−12",
        9.996: "10",
        0: "0",
    }
    assert [short(value) for value in numbers] == list(numbers.values())


def test_the_program_prints_what_the_page_says():
    programs = []
    for settings in [*SOME, replace(SHORT, dropout=0.2), PlaygroundSettings(data="file", layers="4,2", num_epochs=1)]:
        run, found = taken(settings)
        programs.append(sample_program(run, found, len(run.updates) - 2, 3))
    said = printed([program.text for program in programs], DATA)
    assert said == [list(program.prints) for program in programs]
