"""Many networks at once are the single ones: seeds, widths, learning rates."""

from dataclasses import replace

import pytest
import torch
from programs import printed

from core.multilayer_perceptron.luck import N_SEEDS, SIDE, LuckTask, borders
from core.multilayer_perceptron.program import luck_program, size_program
from core.multilayer_perceptron.settings import PlaygroundSettings
from core.multilayer_perceptron.size import LRS, WIDTHS, SizeTask, with_width
from core.multilayer_perceptron.watch import RunTask
from figures.multilayer_perceptron.luck import CELL, labels, loss_band, place_at, small_borders
from figures.multilayer_perceptron.size import best_words, size_map

SHORT = PlaygroundSettings(num_epochs=2)
CASES = [
    {},
    {"dropout": 0.2, "activation": "relu", "data": "xor"},
    {"optimizer": "AdamW", "penalty": "l2", "frozen": "2", "activation": "sigmoid", "data": "hills"},
    {"optimizer": "Momentum", "layers": "3,2 relu", "penalty": "l1"},
]


@pytest.mark.parametrize("changes", CASES)
def test_each_of_the_seeds_is_the_run_of_that_seed(changes):
    settings = replace(SHORT, seed=5, **changes)
    luck = LuckTask(settings).run()
    for place in (0, 17, N_SEEDS - 1):
        alone = RunTask(replace(settings, seed=luck.seeds[place])).run()
        torch.testing.assert_close(luck.training.test_loss[:, place], alone.curve("test_loss"), rtol=1e-9, atol=1e-12)


def test_a_long_training_is_measured_at_some_epochs_and_at_its_end():
    settings = replace(SHORT, num_epochs=103, layers="1", batch_size=250)
    luck, alone = LuckTask(settings).run(), RunTask(settings).run()
    known = ~luck.training.test_loss[:, 0].isnan()
    assert known.nonzero()[:, 0].tolist() == [*range(0, 103, 6), 103]
    torch.testing.assert_close(luck.training.test_loss[known, 0], alone.curve("test_loss")[known], rtol=1e-9, atol=0)
    assert luck.training.train_loss[-1, 0].item() == pytest.approx(alone.curve("train_loss")[-1].item(), rel=1e-9)
    assert "After 103 epochs" in (band := loss_band(luck)).caption and len(band.table) == known.sum()


@pytest.mark.parametrize("changes", CASES)
def test_each_cell_of_the_map_is_the_run_of_its_width_and_rate(changes):
    settings = replace(SHORT, **changes)
    found = SizeTask(settings).run()
    for row, column in ((0, 0), (2, 7), (7, 4)):
        alone = RunTask(replace(with_width(settings, WIDTHS[row]), lr=LRS[column])).run()
        assert found.test_loss[row, column].item() == pytest.approx(alone.curve("test_loss")[-1].item(), rel=1e-9)


def test_programs_print_what_the_pages_say():
    settings = replace(SHORT, num_epochs=1, batch_size=50)
    programs = [luck_program(LuckTask(settings).run()), size_program(SizeTask(settings).run())]
    assert [len(program.prints) for program in programs] == [N_SEEDS, len(WIDTHS)]
    assert printed([program.text for program in programs]) == [list(program.prints) for program in programs]


def test_a_click_on_a_border_opens_it_and_between_them_nothing():
    assert [place_at(1, 1), place_at(CELL + 3, 1), place_at(3, CELL + 3), place_at(7 * CELL, 3 * CELL)] == [0, 1, 8, 31]
    assert [place_at(-1, 1), place_at(8 * CELL, 0), place_at(0, 4 * CELL)] == [None] * 3


def test_what_is_said_of_the_seeds_holds_also_where_networks_diverge():
    settings = replace(SHORT, optimizer="SGD", lr=100.0, data="plane", layers="8", activation="linear")
    luck = LuckTask(settings).run()
    assert luck.n_diverged == N_SEEDS and "All of them diverged" in small_borders(luck).caption
    assert set(labels(luck)) == {"lost"}
    assert loss_band(luck).json and borders(luck).shape == (N_SEEDS, SIDE, SIDE) and not luck_program(luck).prints
    luck = LuckTask(replace(SHORT, data="gaussian")).run()
    assert luck.n_solved == sum(score >= 0.95 for score in luck.score.tolist())
    scores = [luck.score[place].item() for place in luck.ranking]
    assert scores == sorted(scores, reverse=True)
    assert f"{luck.n_solved} of 32" in small_borders(luck).caption


def test_the_best_cell_has_the_lowest_loss_and_a_network_without_hidden_layer_has_no_map():
    found = SizeTask(replace(SHORT, data="circle")).run()
    row, column = found.best
    assert found.test_loss[row, column] == found.test_loss.min()
    assert best_words(found) in size_map(found).caption
    lost = replace(found, test_loss=torch.full_like(found.test_loss, torch.nan))
    assert lost.best is None and "All of them diverged" in size_map(lost).caption
    with pytest.raises(ValueError, match="allowed here: at least one hidden layer"):
        SizeTask(replace(SHORT, layers=""))
