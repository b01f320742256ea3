"""A table of the reader's own: prepared without leaks, trained on, scored."""

from dataclasses import replace

import pandas as pd
import pytest
import torch

from core.training_loop.data import split
from core.training_loop.model import predict
from core.training_loop.own_data import MAX_CLASSES, OwnDataSettings, holdout_score, own_data_training, prepare
from core.training_loop.table import number_columns, sample_table

USUAL = OwnDataSettings()


def table(n=60, **columns):
    """Two feature columns, a number y and a class kind; further columns as given."""
    usual = {"a": [float(i) for i in range(n)], "b": [i * i % 17 for i in range(n)]}
    return pd.DataFrame({**usual, "y": [3.5 * i - 2 for i in range(n)], "kind": list("pqr") * (n // 3), **columns})


def trained(settings, prepared):
    training = own_data_training(settings, prepared)
    training.advance(training.total_updates)
    return training.run()


def test_only_columns_of_numbers_can_be_features():
    extra = {"day": ["2024-05-01", "2024-05-02", "x"] * 20, "yes": [True, False] * 30, "gap": [1.0, None] * 30}
    assert number_columns(table(**extra)) == ["a", "b", "y", "gap"]
    for name in ("kind", "day", "yes"):
        with pytest.raises(ValueError, match=f"“{name}” cannot be a feature"):
            prepare(table(**extra), ["a", name], "y", USUAL)


@pytest.mark.parametrize(
    ("features", "target", "changes", "said"),
    [
        ([], "y", {}, "No feature is chosen"),
        (["a", "no"], "y", {}, "“no” cannot be a feature"),
        (["a"], "no", {}, "no column “no”"),
        (["a", "y"], "y", {}, "“y” is the target and a feature at once"),
        (["a"], "kind", {"task": "regression"}, "“kind” holds text"),
        (["a"], "same", {}, "“same” has 1 different values; allowed for classes: 2 to 20"),
        (["a"], "y", {"task": "classes"}, "“y” has 60 different values; allowed for classes: 2 to 20"),
        (["a"], "name", {}, "“name” has 60 different values"),
        (["gap"], "y", {}, "Only 5 rows have a value in every chosen column; allowed: at least 10"),
        (["huge"], "y", {}, "infinite or enormous"),
        (["a"], "huge", {"task": "regression"}, "infinite or enormous"),
        (["endless"], "y", {}, "infinite or enormous"),
    ],
)
def test_a_column_that_cannot_be_used_is_named(features, target, changes, said):
    extra = {
        "same": ["s"] * 60,
        "name": [f"n{i}" for i in range(60)],
        "gap": [1.0] * 5 + [None] * 55,
        "huge": [1e16] + [0.0] * 59,
        "endless": [float("inf")] + [0.0] * 59,
    }
    with pytest.raises(ValueError) as error:
        prepare(table(**extra), features, target, replace(USUAL, **changes))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("count", [2, MAX_CLASSES])
def test_a_few_different_values_are_classes_in_their_order(count):
    numbers = [i % count for i in range(60)]
    for values in (numbers, [f"k{i:02}" for i in numbers], [i + 0.5 for i in numbers]):
        ready = prepare(table(c=values), ["a"], "c", USUAL)
        assert ready.classes == tuple(str(name) for name in sorted(set(values)))
        assert (ready.samples.targets.tolist(), ready.outputs) == (numbers, count)


def test_more_numbers_than_classes_are_allowed_make_a_regression():
    ready = prepare(table(c=[i % (MAX_CLASSES + 1) for i in range(60)]), ["a"], "c", USUAL)
    assert (ready.classes, ready.outputs, ready.samples.targets.shape) == ((), 1, (60, 1))


def test_numbers_can_be_asked_to_be_classes_and_yes_and_no_are():
    assert prepare(table(), ["a"], "b", replace(USUAL, task="regression")).classes == ()
    assert len(prepare(table(), ["a"], "b", replace(USUAL, task="classes")).classes) == len(set(table().b))
    assert prepare(table(c=[True, False, False] * 20), ["a"], "c", USUAL).classes == ("False", "True")


def test_rows_with_missing_values_in_chosen_columns_are_left_out_and_counted():
    gaps = table(gap=[None, 1.0, 2.0] * 20, unused=[None] * 60)
    ready = prepare(gaps, ["a", "gap"], "kind", USUAL)
    assert (len(ready.samples), ready.dropped) == (40, 20)
    kept = torch.tensor([[a, i % 3] for i, a in enumerate(gaps.a) if i % 3], dtype=torch.float64)
    back = ready.samples.features.double() * ready.scale + ready.center
    torch.testing.assert_close(back, kept, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("seed", [0, 7])
def test_features_and_target_have_mean_0_and_spread_1_on_the_training_part_only(seed):
    settings = replace(USUAL, seed=seed)
    ready = prepare(table(), ["a", "b"], "y", settings)
    training, validation = split(ready.samples, settings.loop)
    for values in ready.samples[torch.tensor(training.indices)]:
        torch.testing.assert_close(values.mean(0), torch.zeros(values.shape[1]), rtol=0, atol=1e-5)
        torch.testing.assert_close(values.std(0), torch.ones(values.shape[1]))
    assert ready.samples[torch.tensor(validation.indices)][0].mean(0).abs().min() > 1e-3  # its mean was not used


@pytest.mark.parametrize("value", [0.0, 0.1, 1e15, 1 / 3])
def test_a_constant_column_becomes_zeros(value):
    ready = prepare(table(c=[value] * 60), ["a", "c"], "y", USUAL)
    assert ready.samples.features[:, 1].abs().max() <= 1e-12 * value  # rounding of the mean
    assert torch.isfinite(trained(replace(USUAL, num_epochs=2), ready).batch_losses).all()


def test_a_constant_target_is_learned_without_an_error():
    ready = prepare(table(c=[2.0] * 60), ["a"], "c", replace(USUAL, task="regression"))
    assert holdout_score(trained(USUAL, ready), ready)[1] < 0.5


def test_iris_is_learned_to_more_than_nine_tenths():
    iris = sample_table("iris")
    assert iris.shape == (150, 5)
    ready = prepare(iris, list(iris.columns[:4]), "species", USUAL)
    assert ready.classes == ("setosa", "versicolor", "virginica")
    run = trained(USUAL, ready)
    name, accuracy = holdout_score(run, ready)
    assert (name, len(run.validation)) == ("accuracy", 30)
    assert accuracy > 0.9
    right = predict(run.weights, run.validation.features).argmax(1) == run.validation.targets
    assert accuracy == pytest.approx(right.sum().item() / 30)


def test_diabetes_is_predicted_better_than_by_its_mean_in_the_unit_of_the_target():
    diabetes = sample_table("diabetes")
    assert diabetes.shape == (442, 11)
    ready = prepare(diabetes, [n for n in diabetes.columns if n != "progression"], "progression", USUAL)
    run = trained(USUAL, ready)
    answers = predict(run.weights, run.validation.features) * ready.target_scale + ready.target_center
    truth = run.validation.targets * ready.target_scale + ready.target_center
    name, error = holdout_score(run, ready)
    assert (name, error) == ("typical error", pytest.approx((answers - truth).square().mean().sqrt().item(), rel=1e-4))
    assert error < 0.9 * truth.std().item()
    assert {round(v) for v in truth[:, 0].tolist()} <= {round(v) for v in diabetes.progression}
