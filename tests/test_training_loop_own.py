"""A table of the reader's own: trained on, scored on rows that were kept out."""

from dataclasses import replace

import pandas as pd
import pytest
import sklearn.datasets as sklearn
import torch

from core.csv_table import table_of
from core.nn import predict
from core.sample_tables import sample_table
from core.training_loop.own import holdout_score, own_training, prepare_own
from core.training_loop.settings import OwnSettings

USUAL = OwnSettings()


def trained(settings, table):
    prepared = prepare_own(settings, table)
    return own_training(settings, prepared).run(), prepared


def test_the_sample_tables_are_scikit_learn_s():
    iris, diabetes = sklearn.load_iris(as_frame=True), sklearn.load_diabetes(as_frame=True)
    species = pd.Series([str(iris.target_names[i]) for i in iris.target], name="species")
    pd.testing.assert_frame_equal(sample_table("iris").frame, iris.data.assign(species=species), check_exact=True)
    named = diabetes.frame.rename(columns={"target": "progression"})
    pd.testing.assert_frame_equal(sample_table("diabetes").frame, named, check_exact=True)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e15, 1 / 3])
def test_a_constant_column_or_target_is_learned_without_an_error(value):
    rows = {"a": [float(i) for i in range(60)], "c": [value] * 60, "y": [3.5 * i - 2 for i in range(60)]}
    table = table_of(pd.DataFrame(rows))
    run, _ = trained(replace(USUAL, num_epochs=2), table)
    assert torch.isfinite(run.batch_losses).all()
    run, prepared = trained(replace(USUAL, features="a", target="c", task="regression"), table)
    assert holdout_score(run, prepared)[1] <= 0.5 * max(value, 1.0)


def test_iris_is_learned_to_more_than_nine_tenths():
    run, prepared = trained(USUAL, sample_table("iris"))
    assert prepared.classes == ("setosa", "versicolor", "virginica")
    name, accuracy = holdout_score(run, prepared)
    right = predict(run.weights, run.X_validation).argmax(1) == run.y_validation
    assert (name, len(run.X_validation), accuracy) == ("accuracy", 30, pytest.approx(right.sum().item() / 30))
    assert accuracy > 0.9


def test_diabetes_is_predicted_better_than_by_its_mean_in_the_unit_of_the_target():
    table = sample_table("diabetes")
    run, prepared = trained(USUAL, table)
    answers, truth = (prepared.in_unit(y) for y in (predict(run.weights, run.X_validation), run.y_validation))
    name, error = holdout_score(run, prepared)
    assert (name, error) == ("typical error", pytest.approx((answers - truth).square().mean().sqrt().item(), rel=1e-4))
    assert error < 0.9 * truth.std().item()
    assert {round(v) for v in truth[:, 0].tolist()} <= {round(v) for v in table.frame.progression}


def test_equal_tables_and_settings_are_the_same_work_and_others_are_not():
    frame = sample_table("iris").frame

    def key(frame, settings=USUAL):
        return own_training(settings, prepare_own(settings, table_of(frame))).key

    changed = frame.assign(**{frame.columns[0]: frame.iloc[::-1, 0].to_numpy()})
    assert key(frame) == key(frame.copy()) not in (key(changed), key(frame, replace(USUAL, seed=1)))
