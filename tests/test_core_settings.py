"""Settings refuse what is out of bounds, in words, and links carry them without loss."""

import math
import time

import hypothesis
import hypothesis.strategies as st
import pytest

from core.quote import quote
from core.settings import (
    Choice,
    Integer,
    Real,
    Several,
    Switch,
    Text,
    defaults,
    ladder,
    parameters,
)
from core.training_loop.settings import (
    MAX_NUMBERS,
    MAX_UPDATES,
    AdditionViewState,
    LoopSettings,
    MapSettings,
    OwnSettings,
    TrainingLoopSettings,
    TrainingLoopViewState,
)

CLASSES = (TrainingLoopSettings, TrainingLoopViewState, AdditionViewState, OwnSettings, MapSettings)
FIELDS = [
    pytest.param(cls, name, kind, id=f"{cls.__name__}.{name}")
    for cls in CLASSES
    for name, kind in parameters(cls).items()
]
SEVERAL = Several("s", {"a": "A", "b": "B", "c": "C"})
SMALL = {"data_low": 0, "data_high": 10}  # so few samples that no bound of another field is too long a run
BESIDE = {("data_low", 98): {"data_high": 100}, ("data_high", -98): {"data_low": -100}}  # a range needs both ends


def values(kind):
    """Any value that the parameter allows."""
    if isinstance(kind, Choice):
        return st.sampled_from(list(kind.options))
    if isinstance(kind, Switch):
        return st.booleans()
    if isinstance(kind, Text):
        return st.text(max_size=kind.max_length)
    return (st.integers if isinstance(kind, Integer) else st.floats)(kind.low, kind.high)


def bounds(kind):
    if isinstance(kind, Choice):
        return list(kind.options)
    if isinstance(kind, Switch):
        return [True, False]
    if isinstance(kind, Text):
        return ["", "x" * kind.max_length]
    return [kind.low, kind.high]


def outside(kind):
    if isinstance(kind, Choice):
        return ["no such option", "", None, 3]
    if isinstance(kind, Switch):
        return [1, 0, "1", None]
    if isinstance(kind, Text):
        return ["x" * (kind.max_length + 1), None, 3]
    if isinstance(kind, Integer):
        return [kind.low - 1, kind.high + 1, float(kind.low), str(kind.low), True, None]
    beyond = [math.nextafter(kind.low, -math.inf), math.nextafter(kind.high, math.inf)]
    return [*beyond, math.nan, math.inf, -math.inf, str(kind.low), True, None]


@pytest.mark.parametrize("cls", CLASSES)
def test_the_defaults_are_accepted(cls):
    settings = cls()
    assert {name: getattr(settings, name) for name in parameters(cls)} == defaults(cls)


@pytest.mark.parametrize(("cls", "name", "kind"), FIELDS)
def test_both_bounds_are_accepted(cls, name, kind):
    for value in bounds(kind):
        small = {**SMALL, **BESIDE.get((name, value), {})} if cls is TrainingLoopSettings else {}
        assert getattr(cls(**{**small, name: value}), name) == value


@pytest.mark.parametrize(("cls", "name", "kind"), FIELDS)
def test_a_value_outside_is_refused_with_field_value_and_range(cls, name, kind):
    for value in outside(kind):
        with pytest.raises(ValueError) as refusal:
            cls(**{name: value})
        assert str(refusal.value) == f"{name} = {quote(value)} is out of bounds; allowed: {kind.allowed}"


@pytest.mark.parametrize(("cls", "name", "kind"), FIELDS)
def test_the_range_in_the_message_is_the_range(cls, name, kind):
    if isinstance(kind, Integer | Real):
        low, high = kind.allowed.replace(",", "").partition(" from ")[2].split(" to ")
        assert (float(low), float(high)) == (kind.low, kind.high)
    elif isinstance(kind, Choice):
        assert kind.allowed == "one of " + ", ".join(kind.options)
    elif isinstance(kind, Text):
        assert f"{kind.max_length:,}" in kind.allowed


@pytest.mark.parametrize(("cls", "name", "kind"), FIELDS)
def test_slider_stops_are_allowed_values_in_order_and_hold_the_default(cls, name, kind):
    ticks = getattr(kind, "ticks", ())
    assert list(ticks) == sorted(set(ticks))
    assert all(kind.accept(tick) == tick for tick in ticks)
    assert not ticks or defaults(cls)[name] in ticks


@pytest.mark.parametrize(("cls", "name", "kind"), FIELDS)
def test_a_link_carries_every_value_without_loss(cls, name, kind):
    @hypothesis.settings(deadline=None, derandomize=True, max_examples=50)
    @hypothesis.given(values(kind))
    def round_trip(value):
        back = kind.parse(kind.write(value))
        assert back == value
        assert type(back) is type(value)

    round_trip()


HOSTILE = ["", " ", "nan", "inf", "-inf", "1e999", "9" * 100_000, "0x10", "1e", "--1", "1\0", "½", "\ud800", "None"]


@pytest.mark.parametrize(("cls", "name", "kind"), FIELDS)
def test_hostile_text_in_a_link_is_refused(cls, name, kind):
    longest = kind.max_length if isinstance(kind, Text) else -1
    for text in HOSTILE:
        if len(text) <= longest:
            assert kind.parse(text) == text  # what it says is for the concept to check
        else:
            with pytest.raises(ValueError):
                kind.parse(text)


@pytest.mark.parametrize("kind", [Integer("n", -5, 5), Real("x", -5, 5), Choice("c", {"a": "A"}), SEVERAL, Switch("s")])
def test_any_text_is_either_an_allowed_value_or_refused(kind):
    @hypothesis.settings(deadline=None, derandomize=True, max_examples=200)
    @hypothesis.given(st.text() | st.text("0123456789+-._eE infa٣\n") | st.floats().map(str))
    def parse(text):
        try:
            value = kind.parse(text)
        except ValueError:
            return
        assert kind.accept(value) == value

    parse()


@pytest.mark.parametrize(
    "kind", [Integer("n", 0, 5), Real("x", 0, 5), Choice("c", {"a": "A"}), SEVERAL, Switch("s"), Text("t", 9)]
)
def test_refusing_ten_times_the_digits_costs_at_most_in_proportion(kind):
    def cost(digits):
        text, best = "9" * digits, math.inf
        for _ in range(7):
            start = time.perf_counter()
            with pytest.raises(ValueError):
                kind.parse(text)
            best = min(best, time.perf_counter() - start)
        return best

    assert cost(1_000_000) < 40 * cost(100_000)  # in proportion: 10; quadratic: 100


@pytest.mark.parametrize("name", ["lr", "hidden"])
def test_an_enormous_whole_number_is_refused_by_name(name):
    with pytest.raises(ValueError, match=f"^{name} = .* is out of bounds"):
        LoopSettings(**{name: 10**5000})


def test_the_ladder_climbs_by_1_2_5():
    assert ladder(-2, 0) == (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
    assert ladder(3, 3) == (1000.0,)


@hypothesis.settings(deadline=None, derandomize=True)
@hypothesis.given(st.integers(-300, 290), st.integers(0, 10))
def test_every_rung_of_a_ladder_is_2_or_two_and_a_half_times_the_one_below(low, decades):
    rungs = ladder(low, low + decades)
    assert (rungs[0], rungs[-1]) == (float(f"1e{low}"), float(f"1e{low + decades}"))
    ratios = [above / below for below, above in zip(rungs, rungs[1:], strict=False)]
    assert ratios == pytest.approx([2, 2.5, 2] * decades)


@pytest.mark.parametrize(("low", "high"), [(5, 5), (50, 10), (5, 6), (-1, MAX_NUMBERS), (-100, 150)])
def test_a_range_of_too_few_or_too_many_numbers_is_refused(low, high):
    with pytest.raises(ValueError, match=rf"holds {max(high - low, 0)} numbers?; allowed: 2 to {MAX_NUMBERS}"):
        TrainingLoopSettings(data_low=low, data_high=high)


def test_a_run_of_exactly_the_most_updates_is_accepted_and_one_more_is_refused():
    one_epoch = LoopSettings(batch_size=1, num_epochs=1)
    one_epoch.check_cost(MAX_UPDATES)
    with pytest.raises(ValueError, match=rf"{MAX_UPDATES + 1:,} updates; allowed: at most {MAX_UPDATES:,}"):
        one_epoch.check_cost(MAX_UPDATES + 1)


@hypothesis.settings(deadline=None, derandomize=True)
@hypothesis.given(st.integers(1, 22_500), st.integers(1, 3), st.integers(1, 50))
def test_a_refused_run_says_how_many_epochs_would_fit(n_samples, batch_size, num_epochs):
    run = LoopSettings(batch_size=batch_size, num_epochs=num_epochs)
    try:
        run.check_cost(n_samples)
    except ValueError as refusal:
        fitting = str(refusal).rpartition("(")[2].removesuffix(" would fit).")
        if fitting == "no number":
            assert run.per_epoch(n_samples) > MAX_UPDATES
        else:
            LoopSettings(batch_size=batch_size, num_epochs=int(fitting)).check_cost(n_samples)
            assert int(fitting) < num_epochs
    else:
        assert run.per_epoch(n_samples) * num_epochs <= MAX_UPDATES


@hypothesis.settings(deadline=None, derandomize=True)
@hypothesis.given(st.floats(0, 0.5), st.integers(1, 1000), st.integers(4, 22_500))
def test_the_updates_of_an_epoch_cover_the_training_set_just_once(validation, batch_size, n_samples):
    settings = LoopSettings(validation=validation, batch_size=batch_size)
    size, batches = n_samples - settings.n_validation(n_samples), settings.per_epoch(n_samples)
    assert (batches - 1) * batch_size < size <= batches * batch_size
    assert abs(n_samples - size - validation * n_samples) <= 0.5


@hypothesis.given(st.sets(st.sampled_from("abc"), min_size=1))
def test_several_are_kept_in_their_own_order_and_carried_by_a_link(chosen):
    value = SEVERAL.accept(list(chosen))
    assert value == tuple(sorted(chosen))
    assert SEVERAL.parse(SEVERAL.write(value)) == value
    assert SEVERAL.say(value) == ", ".join(sorted(chosen)).upper()


@pytest.mark.parametrize("bad", [(), [], ["d"], ["a", "d"], [None], "a", None, 3])
def test_none_and_unknown_ones_are_refused(bad):
    with pytest.raises(ValueError):
        SEVERAL.accept(bad)
