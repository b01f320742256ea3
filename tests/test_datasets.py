"""The files of core/data are scikit-learn's data sets."""

from itertools import islice

import pytest
import sklearn.datasets as sklearn
import torch
from torch.utils.data import DataLoader, TensorDataset

from core import datasets
from core.batches import batches


def test_digits_are_scikit_learn_s():
    X, y = datasets.load_digits()
    bunch = sklearn.load_digits()
    assert (X.numpy() == bunch.images).all() and (y.numpy() == bunch.target).all()


def test_iris_is_scikit_learn_s():
    X, y, features, kinds = datasets.load_iris()
    bunch = sklearn.load_iris()
    assert (X.numpy() == bunch.data).all() and (y.numpy() == bunch.target).all()
    assert (features, kinds) == (tuple(bunch.feature_names), tuple(bunch.target_names))


def test_every_feature_of_diabetes_is_scikit_learn_s():
    bunch = sklearn.load_diabetes(scaled=False)
    for column, feature in enumerate(bunch.feature_names):
        x, y = datasets.load_diabetes(feature)
        assert (x.numpy() == bunch.data[:, column]).all() and (y.numpy() == bunch.target).all()


def test_scaled_diabetes_is_scikit_learn_s():
    X, y, features = datasets.load_scaled_diabetes()
    bunch = sklearn.load_diabetes()
    assert (X.numpy() == bunch.data).all() and (y.numpy() == bunch.target).all()
    assert features == tuple(bunch.feature_names)


@pytest.mark.parametrize("name", ["flower.jpg", "china.jpg"])
def test_photographs_are_scikit_learn_s(name):
    assert (datasets.load_sample_image(name).numpy() == sklearn.load_sample_image(name)).all()


def test_spirals_lie_on_their_arms_and_wind_once():
    X, y = datasets.make_spirals(300, 3, 0.0, torch.Generator().manual_seed(0))
    share = X.norm(dim=1) / datasets.RADIUS
    angle = 2 * torch.pi * (share + y / 3)
    torch.testing.assert_close(X, datasets.RADIUS * share[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1))
    assert y.bincount().tolist() == [100, 100, 100] and share.max() > 0.95


@pytest.mark.parametrize("n, batch_size", [(300, 50), (23, 5), (7, 100), (20, 1)])
def test_batches_are_those_of_a_data_loader(n, batch_size):
    generator = torch.Generator().manual_seed(5)
    loader = DataLoader(TensorDataset(torch.arange(n)), batch_size, shuffle=True, generator=generator)
    wanted = [batch.tolist() for _ in range(3) for (batch,) in loader]
    ours = batches(n, batch_size, torch.Generator().manual_seed(5))
    assert [batch.tolist() for batch in islice(ours, len(wanted))] == wanted
