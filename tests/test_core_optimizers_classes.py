"""Every optimizer of the installed PyTorch, with its hyperparameters, defaults and bounds."""

import inspect
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.optim.classes import EXECUTION, FOLLOWS, hyperparameters, keywords, optimizer_classes
from core.optim.hyperparameters import KINDS, hyperparameters_of
from core.optim.known import DEFAULT_OPTIMIZERS, FAMILIES, FOURTEEN, OPTIMIZERS, PLANE_OPTIMIZERS
from core.settings import Choice, Integer, Real, Switch, parameters

# What torch itself refuses, read from its source: class, our name of the hyperparameter, a value just out of bounds.
REFUSED = [(name, "lr", -1e-9) for name in optimizer_classes()]
REFUSED += [
    (name, beta, 1.0) for name in ("Adam", "AdamW", "Adamax", "NAdam", "RAdam", "SparseAdam") for beta in ("beta1",)
]
REFUSED += [(name, "beta2", 1.0) for name in ("Adam", "AdamW", "Adamax", "NAdam", "RAdam", "SparseAdam")]
REFUSED += [("SGD", "momentum", -1e-9), ("RMSprop", "momentum", -1e-9), ("RMSprop", "alpha", -1e-9)]
REFUSED += [("Adadelta", "rho", 1.001), ("Adagrad", "lr_decay", -1e-9), ("NAdam", "momentum_decay", -1e-9)]
REFUSED += [("Adagrad", "initial_accumulator_value", -1e-9), ("SparseAdam", "eps", 0.0), ("Adafactor", "d", 0.99)]
REFUSED += [("Rprop", "eta_minus", 1.0), ("Rprop", "eta_plus", 1.0), ("Adafactor", "beta2_decay", 0.1)]
REFUSED += [("Muon", "momentum", -1e-9)]
REFUSED += [
    (n, "weight_decay", -1e-9) for n in ("SGD", "ASGD", "Adam", "AdamW", "RMSprop", "Muon", "Adafactor", "RAdam")
]


def bounds(kind):
    if isinstance(kind, Choice):
        return list(kind.options)
    return [False, True] if isinstance(kind, Switch) else [kind.low, kind.high]


def test_every_class_that_torch_exports_races():
    assert {c.torch_name for c in OPTIMIZERS.values()} == set(optimizer_classes())
    assert {c.family for c in OPTIMIZERS.values()} == set(FAMILIES)
    assert len(FOURTEEN) == 14
    assert set(DEFAULT_OPTIMIZERS) < set(FOURTEEN) < set(PLANE_OPTIMIZERS) == set(OPTIMIZERS) - {"Muon"}


@pytest.mark.parametrize("name", optimizer_classes())
def test_every_argument_of_the_signature_is_a_hyperparameter_or_is_left_out_for_a_reason(name):
    signature = set(inspect.signature(optimizer_classes()[name].__init__).parameters)
    shown = {known.keyword for known in hyperparameters(name)}
    assert shown | (signature & {*EXECUTION, *FOLLOWS}) == signature
    assert all(known.name in KINDS for known in hyperparameters(name))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_defaults_are_those_of_torch_but_for_what_makes_it_another_method(name):
    known, p = OPTIMIZERS[name], torch.zeros(2, 2)
    made = hyperparameters_of(name)().make([p])
    plain = optimizer_classes()[known.torch_name]([p], **keywords(known.torch_name, known.changes))
    assert type(made) is type(plain)
    assert made.defaults == plain.defaults | {key: None for key in ("adjust_lr_fn",) if key in plain.defaults}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_torch_takes_both_ends_of_every_hyperparameter(name):
    cls = hyperparameters_of(name)
    for field, kind in parameters(cls).items():
        for value in bounds(kind):
            if (name, field, value) in (("Nesterov", "momentum", 0.0), ("Nesterov", "dampening", 1.0)):
                continue  # refused together with nesterov=True, see below
            if field == "nesterov" and value and name == "SGD":
                continue
            cls(**{field: value}).make([torch.zeros(2, 2)])


@pytest.mark.parametrize("optimizer, field, value", REFUSED)
def test_what_torch_refuses_is_out_of_our_bounds_too(optimizer, field, value):
    with pytest.raises(ValueError):
        optimizer_classes()[optimizer]([torch.zeros(2, 2)], **keywords(optimizer, {field: value}))
    with pytest.raises(ValueError, match="allowed"):
        hyperparameters_of(optimizer)(**{field: value})


@pytest.mark.parametrize("changes", [{"momentum": 0.0}, {"dampening": 0.5}])
def test_a_combination_that_torch_refuses_gets_its_own_words(changes):
    with pytest.raises(ValueError, match="Nesterov: PyTorch refuses these hyperparameters together .*; allowed"):
        hyperparameters_of("Nesterov")(**changes)


@pytest.mark.parametrize("name", OPTIMIZERS)
@hypothesis_settings(max_examples=15, deadline=None, derandomize=True)
@given(data=st.data())
def test_what_is_set_reaches_the_optimizer(name, data):
    cls = hyperparameters_of(name)
    field, kind = data.draw(st.sampled_from(list(parameters(cls).items())))
    if isinstance(kind, Real | Integer):
        value = data.draw((st.integers if isinstance(kind, Integer) else st.floats)(kind.low, kind.high))
    else:
        value = data.draw(st.sampled_from(bounds(kind)))
    try:
        hparams = replace(cls(), **{field: value})
    except ValueError:
        assert name in ("SGD", "Nesterov")
        return
    group = hparams.make([torch.zeros(2, 2)]).param_groups[0]
    (known,) = [known for known in hyperparameters(OPTIMIZERS[name].torch_name) if known.name == field]
    kept = group[known.keyword] if known.place is None else group[known.keyword][known.place]
    assert kept == value or (kept is None and value in ("none", "original"))
    assert set(hparams.changed) <= {"lr", known.keyword, *cls().changed}


def test_a_part_of_a_tuple_leaves_the_other_parts():
    assert keywords("Adam", {"beta2": 0.5})["betas"] == (0.9, 0.5)
    assert keywords("Adafactor", {"eps2": 0.1})["eps"] == (None, 0.1)
    assert keywords("Rprop", {"step_max": 3.0, "step_min": 0.1})["step_sizes"] == (0.1, 3.0)
