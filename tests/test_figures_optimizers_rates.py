"""The figures of the learning rates and of the momentum map show their runs and say their numbers."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from core.optim.hyperparameters import hyperparameters_of
from core.optimizers.lr_curves import RateCurve, RateSweep
from core.optimizers.lr_sweep import RateWork
from core.optimizers.momentum import SIDE, StabilitySettings, momenta, stability_map
from core.optimizers.settings import SurfaceSettings
from core.plane.surfaces import SURFACES, function_of
from figures.optimizers.heights import FLOOR, scaled, ticks
from figures.optimizers.lr_sweep import rate_picture
from figures.optimizers.momentum import cell_at, map_picture
from figures.optimizers.rates_best import insight, short
from figures.optimizers.rates_limits import limits
from figures.optimizers.rates_race import best_rates_words
from figures.optimizers.rates_words import describe, table
from figures.optimizers.rings import rings
from figures.optimizers.stability_path import in_reach, path_picture
from figures.optimizers.stability_words import cell_words, why_they_part
from figures.optimizers.stability_words import describe as describe_map
from figures.style import GREY

NAMES = ("SGD", "Momentum", "Adadelta", "Adam", "LBFGS")


@cache
def swept(name="beale", text="", steps=40):
    x, y = SURFACES[name].start
    surface = SurfaceSettings(surface=name, x=x, y=y, **({"text": text} if text else {}))
    work = RateWork(surface, tuple(hyperparameters_of(n)() for n in NAMES), steps)
    while not work.finished:
        work.advance(100)
    return work.run()


@cache
def mapped(name="beale", nesterov=False, **changes):
    x, y = SURFACES[name].start
    return stability_map.__wrapped__(SurfaceSettings(**{"surface": name, "x": x, "y": y} | changes), nesterov)


def test_heights_keep_what_a_log_axis_cannot():
    assert scaled(np.array([1.0, 101.0, 1.0 + 1e-30]), 1.0).tolist() == [np.log10(FLOOR), 2.0, np.log10(FLOOR)]
    free = scaled(np.array([-99.0, 0.0, 999.0, np.nan, np.inf]), None)
    assert free[:3].tolist() == [-2.0, 0.0, 3.0]
    assert np.isnan(free[3:]).all()
    assert ticks(-2.5, 3.5, None)[1][0] == "−10<sup>2</sup>"


def test_the_curves_are_the_losses_and_the_rows_the_bests():
    sweep = swept()
    picture = rate_picture(sweep, "Adam", 0.01, len(sweep.moments) - 1)
    figure = picture.figure
    lines = {trace.name: trace for trace in figure.data if trace.yaxis is None and trace.name in NAMES}
    assert set(lines) == set(NAMES)
    assert lines["Adam"].line.width > lines["SGD"].line.width
    for name in NAMES:
        want = scaled(sweep.of(name).loss[-1].numpy(), sweep.lowest)
        assert np.allclose(lines[name].y, want, rtol=1e-6, equal_nan=True)
    assert len(picture.frames) == len(sweep.moments)
    assert all(len(frame["data"]) == len(frame["traces"]) for frame in picture.frames)
    assert len(picture.json()) < 1_000_000
    assert figure.layout.xaxis.title.text
    assert figure.layout.yaxis.title.text
    assert list(figure.layout.yaxis2.ticktext) == ["SGD", "Momentum", "Adadelta", "<b>Adam</b>", "LBFGS"]


def test_the_words_name_the_lost_the_best_and_theory_s_limit():
    sweep = swept()
    text = describe(sweep, "Adam", len(sweep.moments) - 1)
    assert "2/L = 0.04083" in text
    assert "SGD from" in text
    assert "1/1000 of the height at the start" in text
    assert "All stand at the start" in describe(sweep, "Adam", 0)
    assert limits(sweep)["Momentum: 2(1+b)/L"] == pytest.approx(1.9 * limits(sweep)["SGD: 2/L"])
    assert "ends lowest with lr" in insight(sweep, "Adam", -1)
    assert "does not take part" in insight(sweep, "Rprop", -1)
    frame = table(sweep, len(sweep.moments) - 1)
    assert list(frame["optimizer"]) == list(NAMES)
    assert (frame["1/1000 from lr"].dropna() <= frame["1/1000 to lr"].dropna()).all()
    assert insight(sweep, "Adam", 0) == "**Adam** has not moved yet."
    fallen = swept("saddle")
    assert "no rate is called the best" in describe(fallen, "Adam", -1)
    assert "best" not in insight(fallen, "Adam", -1)


@cache
def booth():
    """A sweep in which some arrive: RMSprop with rates that are no row, too, and the lowest of them is not its mark."""
    surface = SurfaceSettings(surface="booth", x=-7.0, y=2.0)
    names = ("SGD", "Momentum", "Adagrad", "Adadelta", "RMSprop", "Adam")
    work = RateWork(surface, tuple(hyperparameters_of(n)() for n in names), 200)
    work.advance(1000)
    return work.run()


def traces_of(sweep, follow, name):
    figure = rate_picture(sweep, follow, 0.01, len(sweep.moments) - 1).figure
    return [trace for trace in figure.data if trace.name == name]


def test_whoever_arrives_is_said_to_and_nowhere_to_be_lowest():
    sweep = booth()
    last = len(sweep.moments) - 1
    assert insight(sweep, "RMSprop", last) == (
        "**RMSprop** arrives, that is, ends at f = 3.89e−10 or lower, with every lr from 11.3 to 90.5. In their "
        "middle, with lr = 32, it ends at f = 9.842e−14. Further off, it also arrives with lr = 0.25 to 0.354."
    )
    assert short(sweep, "RMSprop", last) == "RMSprop arrives with lr from 11.3 to 90.5."
    frame = table(sweep, last).set_index("optimizer")
    assert frame.loc["RMSprop", "mark"] == "middle of those that arrive"
    assert frame.loc["RMSprop", ["lr of the mark", "rates that arrive"]].tolist() == [32, 9]
    assert frame.loc["Adam", ["mark", "rates that arrive"]].tolist() == ["lowest", 0]
    assert (
        "With some rates, SGD, Adagrad and RMSprop arrive: the bracket is the longest row of these, the big mark "
        in (describe(sweep, "RMSprop", last))
    )
    assert "For the others, the mark is the rate that ends lowest" in describe(sweep, "RMSprop", last)
    race = best_rates_words(sweep)
    assert race.startswith("Within 200 steps, SGD, Adagrad and RMSprop arrive with some learning rates, of 48 tried: ")
    assert (
        "Each has the middle of the longest row of these. The others have the rate with which they end lowest." in race
    )
    alone = replace(sweep, curves=(sweep.of("RMSprop"),))
    for words in (insight(alone, "RMSprop", last), describe(alone, "RMSprop", last), best_rates_words(alone)):
        assert "lowest" not in words
        assert "arrives" in words


def test_where_a_run_has_arrived_is_a_named_line():
    (line,) = traces_of(booth(), "RMSprop", "arrived")
    assert list(line.y) == pytest.approx([np.log10(389e-12)] * 2)
    figure = rate_picture(booth(), "RMSprop", 0.01, 0).figure
    assert [note.y for note in figure.layout.annotations if note.text == "arrived"] == pytest.approx([line.y[0]])
    assert not traces_of(swept("mccormick", steps=200), "Adam", "arrived")  # nobody comes near it
    assert not traces_of(swept("saddle"), "Adam", "arrived")


def test_the_furthest_marks_are_named_with_all_that_tie():
    text = describe(booth(), "Adam", -1)
    assert (
        "Furthest left are the marks of Momentum (lr = 0.00781), furthest right those of Adadelta and RMSprop" in text
    )
    sweep = booth()
    for name in ("Adadelta", "RMSprop"):
        assert sweep.of(name).lr[sweep.of(name).best()] == 32
    assert "All marks are at lr = 8." in describe(replace(sweep, curves=(sweep.of("Adam"),)), "Adam", -1)


def test_the_bracket_stands_over_the_bar_and_follows_the_moment():
    sweep = booth()
    last = len(sweep.moments) - 1
    row = [curve.name for curve in sweep.curves].index("RMSprop")
    picture = rate_picture(sweep, "Adam", 0.01, last)
    figure = picture.figure
    number = next(i for i, t in enumerate(figure.data) if t.name == "bracket" and round(max(t.y)) == row)
    bracket = figure.data[number]
    assert list(bracket.x) == pytest.approx([2**3.5, 2**3.5, 2**6.5, 2**6.5])
    assert all(row - 0.5 < y < row - 0.1 for y in bracket.y)  # rows count downwards
    assert bracket.line.color == GREY
    assert bracket.hovertemplate == "RMSprop arrives with lr from 11.3 to 90.5<extra></extra>"
    assert list(picture.frames[last]["data"][number]["x"]) == list(bracket.x)
    assert list(picture.frames[0]["data"][number]["x"]) == [None] * 4


def test_a_curve_says_its_f_where_it_is_pointed_at():
    (line,) = [t for t in traces_of(booth(), "Adam", "RMSprop") if t.yaxis is None]
    assert "f = %{customdata" in line.hovertemplate
    assert np.allclose(line.customdata, booth().of("RMSprop").loss[-1].numpy(), rtol=1e-6, atol=0)
    (high,) = [t for t in traces_of(swept("mccormick", steps=200), "Adam", "Adam") if t.yaxis is None]
    assert "above the lowest minimum" in high.hovertemplate
    assert min(high.customdata) == pytest.approx(3.1416, abs=1e-3)
    (deep,) = [t for t in traces_of(swept("saddle"), "Adam", "SGD") if t.yaxis is None]
    finite = np.isfinite(swept("saddle").of("SGD").loss[-1].numpy())
    assert (np.isfinite(deep.customdata) == finite).all()  # also beyond what single precision holds


def test_no_rate_alone_is_called_the_best_where_others_end_next_to_it():
    sweep = swept("mccormick", steps=200)
    last = len(sweep.moments) - 1
    span = "0.000173 to 0.707"
    text = insight(sweep, "Momentum", last)
    assert "**Momentum** ends lowest with lr = 0.00195, 3.142 above the lowest minimum." in text
    assert text.endswith(f"Every lr from {span} ends at most 10 % higher above it.")
    assert short(sweep, "Momentum", last) == f"Momentum's lowest is at lr = 0.00195; from {span} it is within 10 %."
    assert "No optimizer arrives" in describe(sweep, "Momentum", last)
    frame = table(sweep, last).set_index("optimizer")
    low, high = frame.loc["Momentum", ["bracket from lr", "bracket to lr"]]
    assert (f"{low:.3g}", f"{high:.3g}") == ("0.000173", "0.707")
    assert frame.loc["Momentum", "mark"] == "lowest"
    assert low <= frame.loc["Momentum", "lr of the mark"] <= high


def test_heights_above_a_lowest_minimum_that_is_not_0_can_be_told_apart():
    work = RateWork(SurfaceSettings(surface="typed", x=-3.0, y=2.0), (hyperparameters_of("Adam")(),), 200)
    work.advance(1000)
    text = insight(work.run(), "Adam", -1)
    assert text == (
        "**Adam** ends lowest with lr = 0.7071, 2.713e−9 above the lowest minimum. Half of that lr ends 1.323e−8 "
        "above it. Twice as much ends 2.91e−9 above it."
    )  # twice as much is within a tenth, and so it is not said again


def made(*heights, lowest=0.0):
    """A sweep of SGD with one rate for each height at the end; the start is 100 high."""
    end = torch.tensor(heights, dtype=torch.float64) + (lowest or 0.0)
    loss = torch.stack([torch.full_like(end, 100.0 + (lowest or 0.0)), end])
    curve = RateCurve(hyperparameters_of("SGD")(), 2.0 ** (torch.arange(len(end)) / 2).double(), loss, lowest)
    return RateSweep(SurfaceSettings(), 1, [0, 1], (curve,), lowest)


def test_rates_further_off_are_named_if_they_are_few():
    text = insight(made(1, 9, 9, 9, 9, 1.05, 1.05, 9, 1.02), "SGD", 1)
    assert text.endswith(
        "Twice as much ends at f = 9. Further off, it ends at most 10 % higher, with lr = 5.66 to 8 and 16."
    )
    assert insight(made(1, 9, 1.05, 9), "SGD", 1).endswith("Twice as much ends at f = 1.05.")
    many = insight(made(0, 0, 9, 0, 9, 0, 9, 0, 9, 0), "SGD", 1)
    assert many.endswith("Further off, it also arrives with 4 of the rates from 2.83 to 22.6.")
    assert "ends at the lowest minimum." in insight(made(0, 9, lowest=3.0), "SGD", 1)


def test_nothing_is_said_of_a_way_down_where_there_is_none():
    flat = swept("typed", "5", 8)
    assert insight(flat, "Adam", -1) == "**Adam** ends at f = 5, where it began, with every lr from 7.63e−6 to 90.5."
    assert short(flat, "Adam", len(flat.moments) - 1).startswith("Adam is at f = 5, where it began, with lr from")
    work = RateWork(SurfaceSettings(surface="booth", x=1.0, y=3.0), (hyperparameters_of("Adam")(),), 8)
    work.advance(100)
    begun = insight(work.run(), "Adam", -1)  # at the lowest minimum
    assert begun == "**Adam** ends at f = 0, where it began, with every lr from 7.63e−6 to 90.5."
    level = insight(made(1, 1, 2, lowest=None), "SGD", 1)
    assert level == "**SGD** ends lowest with lr = 1, at f = 1. Every lr from 1 to 1.41 ends as low, but for rounding."
    near = insight(made(1, 2, 1.000001, 2, lowest=None), "SGD", 1)
    assert near == "**SGD** ends lowest with lr = 1, at f = 1. Twice as much ends there as well, to four digits."


def test_the_best_rate_of_which_no_neighbour_is_near_is_said_with_what_half_and_twice_do():
    sweep = swept("beale", steps=200)
    assert table(sweep, -1).set_index("optimizer")["bracket from lr"].isna()["SGD"]
    text = insight(sweep, "Momentum", -1)
    assert "ends lowest with lr = 0.002762, at f = 0.0001994. Half of that lr ends at f = 0.007243." in text
    assert text.endswith("Twice as much ends at f = 0.0002118.")
    assert short(sweep, "SGD", -1) == "SGD's lowest is at lr = 0.0312."


def test_the_caption_says_what_a_click_does():
    for moment in (0, -1):
        assert "A click chooses a learning rate, and in a row the optimizer to follow" in describe(
            booth(), "Adam", moment
        )


def test_the_race_of_the_best_says_how_many_rates_were_tried_and_who_has_others_near_it():
    text = best_rates_words(swept("mccormick", steps=200))
    assert "ends lowest after 200 steps, of 48 tried, for LBFGS 6." in text
    assert (
        "For SGD, Momentum, Adadelta, Adam and LBFGS, rates beside it end at most 10 % higher above the lowest minimum."
        in text
    )
    assert "arrive" not in text
    fallen = best_rates_words(swept("saddle", steps=200))
    assert "above the lowest minimum" not in fallen
    assert "Lost with each, and so with the lr of its own: LBFGS." in fallen
    assert "No search came to its end" in best_rates_words(replace(swept(), curves=()))
    nowhere = best_rates_words(swept("typed", "log(-1 - x^2) + y", 8))
    assert nowhere == (
        "All runs of the search are lost, with 48 tried, for LBFGS 6, so each has the learning rate of its own."
    )


@pytest.mark.parametrize(
    ("name", "text"), [("saddle", ""), ("monkey", ""), ("typed", "log(-1 - x^2) + y"), ("typed", "5")]
)
def test_surfaces_without_a_lowest_place_or_any_value_are_drawn(name, text):
    sweep = swept(name, text, 8)
    for moment in (0, len(sweep.moments) - 1):
        picture = rate_picture(sweep, "Adam", 0.01, moment)
        assert len(picture.alt) >= 40
        assert picture.json()


def test_the_map_has_theory_s_line_the_lost_cells_and_the_chosen_one():
    found = mapped()
    picture = map_picture(found, 34, 38)
    names = {trace.name: trace for trace in picture.figure.data if trace.name}
    assert np.allclose(10 ** np.array(names["theory's limit"].x, dtype=float), found.line.numpy(), rtol=1e-5)
    level = np.array(picture.figure.data[1].z, dtype=float)
    assert (np.isnan(level) == found.diverged.numpy()).all()
    assert f"{int(found.diverged.sum()):,} runs were lost" in picture.caption
    assert len(picture.json()) < 1_000_000
    assert len(path_picture(found, 34, 38).table) >= 2


def test_rings_count_heights_from_the_lowest_and_leave_a_gap_without_a_value():
    found = rings(function_of("typed", "1 + x^2 + 2*y + 0*sqrt(x + 0.5)"), (-1.0, 1.0, 0.0, 3.0))
    z = np.array(found.z, dtype=float)
    assert np.array_equal(np.isnan(z), np.broadcast_to(found.x < -0.5, z.shape))
    assert np.nanmin(z) == 0
    assert z[-1, -1] == pytest.approx(np.log1p(7))  # f is 1 at the lowest and 8 in the upper right corner
    assert np.isnan(np.array(rings(function_of("typed", "log(-1 - x^2) + y"), (-1.0, 1.0, 0.0, 3.0)).z)).all()


def test_a_clicked_place_is_a_cell():
    found = mapped()
    for column, row in ((0, 0), (47, 47), (20, 31)):
        assert cell_at(found, np.log10(found.lr[column].item()) + 0.01, momenta()[row] - 0.004) == (column, row)
    assert cell_at(found, 5.0, 0.5) is None
    assert cell_at(found, -1.5, 2.0) is None


def test_the_words_say_where_and_why_line_and_map_part():
    assert "all but agree" in why_they_part(mapped("booth"))
    beale = why_they_part(mapped("beale"))
    assert "Below the line" in beale
    assert "its lr is above it" in beale
    assert "are at another minimum" in why_they_part(mapped("himmelblau"))
    assert "2,303 of the cells" in describe_map(mapped("booth"))
    assert "The run is lost" in cell_words(mapped("beale"), StabilitySettings(column=47, row=30))


@pytest.mark.parametrize("name", ["saddle", "ackley"])
def test_any_surface_has_a_map_a_path_and_words(name, monkeypatch):
    monkeypatch.setattr(stability, "STEPS", 20)
    found = mapped(name)
    for picture in (map_picture(found, 47, 47), path_picture(found, 47, 47), path_picture(found, 0, 0)):
        assert picture.caption
        assert picture.json()
    assert why_they_part(found)


def test_without_a_minimum_theory_says_nothing_and_falling_is_no_stability():
    found = mapped("saddle", y=0.01)
    assert "theory's limit" not in {trace.name for trace in map_picture(found, 0, 0).figure.data}
    assert "agree" not in describe_map(found)
    assert "**No lr is stable here.** After 200 steps 2,304 of 2,304 runs" in why_they_part(found)
    assert "limit" not in cell_words(found, StabilitySettings())
    deep = mapped("typed", text="x + 3*sin(x) + y^2", x=0.5, y=1.0)
    fell = int(deep.fell.sum())
    assert fell
    assert f"{fell:,} runs ended below every minimum" in why_they_part(deep)
    assert not bool((deep.kept & deep.fell).any())


def test_the_step_that_leaves_the_picture_is_drawn_to_the_edge_of_what_is_sent():
    path = torch.tensor([[0.0, 0.0], [1.0, 1.0], [101.0, 1.0], [5.0, 5.0]], dtype=torch.float64)
    middle = torch.zeros(2, dtype=torch.float64)
    assert in_reach(path, middle, 11.0).tolist() == [[0, 0], [1, 1], [11, 1]]
    assert torch.equal(in_reach(path, middle, 200.0), path)
    path[2] = torch.inf
    assert in_reach(path, middle, 11.0).tolist() == [[0, 0], [1, 1]]


def test_theory_s_best_on_booth_is_said():
    assert "lr = 0.125, b = 0.25, factor 0.5" in cell_words(mapped("booth"), StabilitySettings())


def test_a_map_in_which_all_is_lost_is_drawn(monkeypatch):
    monkeypatch.setattr(stability, "STEPS", 20)
    found = mapped("typed", text="log(x) + y^2", x=-1.0, y=1.0)
    assert map_picture(found, 0, 0).json()
    assert path_picture(found, 0, 0).json()
    assert int(found.diverged.sum()) == SIDE * SIDE
    assert why_they_part(found)
