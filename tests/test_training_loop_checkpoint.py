"""Saved runs: what was saved comes back, and a file that does not fit the settings is refused in one sentence."""

import pytest
import safetensors.torch
import torch
import torch.nn as nn
from visitor import QUICK, visit

from core.nn import predict
from core.training_loop.checkpoint import MAX_EPOCH, Checkpoint, load, save
from core.training_loop.settings import OPTIMIZERS, TrainingLoopSettings
from core.training_loop.train import number_sum_training, train
from core.weights_file import write_weights

SMALL = TrainingLoopSettings(data_low=0, data_high=6, batch_size=9, num_epochs=2, hidden=4)
CHECKPOINT = train(SMALL).checkpoint
FILE = save(CHECKPOINT)


def model_with(**changes):
    """The good weights as a bare state_dict, some of them changed or, where None, left out."""
    weights = {**CHECKPOINT.weights, **{name.replace("__", "."): value for name, value in changes.items()}}
    return safetensors.torch.save({name: value for name, value in weights.items() if value is not None})


def optimizer_with(key, value):
    """The good file, every state of its optimizer changed or, where the value is None, without it."""
    state = {i: {**state, key: value and value(state[key])} for i, state in CHECKPOINT.optimizer.items()}
    return save(Checkpoint(2, CHECKPOINT.weights, state))


def refusal(content, settings=SMALL):
    with pytest.raises(ValueError) as error:
        load(content, settings)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400
    return str(error.value)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_was_saved_comes_back(optimizer):
    settings = TrainingLoopSettings(data_low=0, data_high=6, batch_size=9, num_epochs=2, hidden=4, optimizer=optimizer)
    saved = train(settings).checkpoint
    loaded = load(save(saved), settings)
    assert loaded.epoch == saved.epoch == 2
    assert all(torch.equal(loaded.weights[name], tensor) for name, tensor in saved.weights.items())
    assert loaded.optimizer.keys() == saved.optimizer.keys()
    for i, state in saved.optimizer.items():
        assert all(torch.equal(loaded.optimizer[i][key], value) for key, value in state.items())


def test_the_largest_network_fits_into_a_file_with_all_that_a_run_can_leave():
    settings = TrainingLoopSettings(hidden=256, data_high=5, loop="no_zero_grad")
    assert load(save(train(settings).checkpoint), settings).gradients


def test_the_file_is_one_that_safetensors_reads_and_a_module_of_the_same_names_takes():
    saved = safetensors.torch.load(FILE)
    model = nn.ModuleDict({"hidden_layer": nn.Linear(2, 4), "output_layer": nn.Linear(4, 1)})
    model.load_state_dict({name: saved[name] for name in model.state_dict()})
    assert all(torch.equal(tensor, CHECKPOINT.weights[name]) for name, tensor in model.state_dict().items())


def test_the_state_dict_of_a_readers_own_module_is_accepted():
    class Mine(nn.Module):
        def __init__(self):
            super().__init__()
            self.hidden_layer, self.output_layer = nn.Linear(2, 4), nn.Linear(4, 1)

    with torch.random.fork_rng():
        model = Mine()
    loaded = load(safetensors.torch.save(model.state_dict()), SMALL)
    assert (loaded.epoch, loaded.optimizer) == (0, {})
    x = torch.ones(3, 2)
    assert torch.equal(predict(loaded.weights, x), predict(model.state_dict(), x))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (model_with(output_layer__bias=None), "does not hold the tensors of the network"),
        (model_with(third_layer__bias=torch.zeros(1)), "does not hold the tensors of the network"),
        (model_with(hidden_layer__weight=torch.zeros(2, 4)), "needs (4, 2) of F32"),
        (model_with(hidden_layer__bias=torch.tensor([0, 0, 0, torch.nan])), "not finite, in hidden_layer.bias"),
        (optimizer_with("exp_avg", lambda t: t * torch.nan), "not finite, in optimizer."),
        (optimizer_with("exp_avg", lambda t: t[:1]), "as optimizer.0.exp_avg"),
        (optimizer_with("exp_avg", None), "optimizer state is not whole"),
        (save(Checkpoint(2, CHECKPOINT.weights, {9: CHECKPOINT.optimizer[0]})), "(and optimizer) on screen"),
        (save(Checkpoint(2, CHECKPOINT.weights, {}, {"output_layer.bias": torch.ones(1)})), "gradients is not whole"),
    ],
    ids=range(9),
)
def test_a_file_that_does_not_fit_is_refused_with_what_does_not_fit(content, said):
    assert said in refusal(content)


@pytest.mark.parametrize("step", [-1.0, -2.0, -1e5])
def test_a_count_of_steps_below_zero_is_refused(step):
    refusal(optimizer_with("step", lambda t: torch.tensor(step)))


@pytest.mark.parametrize("epoch", ["-1", str(MAX_EPOCH + 1), "1.0", "", " 3", "٣", "3" * 90, "![x](//example.org)"])
def test_a_hostile_epoch_is_refused(epoch):
    said = refusal(write_weights(CHECKPOINT.weights, {"epoch": epoch}))
    assert said == f"The weights file names no epoch; allowed: a whole number from 0 to {MAX_EPOCH:,}."


@pytest.mark.parametrize("other", ["RMSprop", "Adagrad", "SGD", "SGD_momentum"])
def test_the_state_of_another_optimizer_is_refused(other):
    other_settings = TrainingLoopSettings(data_low=0, data_high=6, batch_size=9, hidden=4, optimizer=other)
    assert "optimizer" in refusal(FILE, other_settings)


def test_a_network_of_another_width_is_refused_with_what_to_do():
    assert "Choose the sizes of the file's network" in refusal(FILE, TrainingLoopSettings(hidden=5))


def test_a_run_goes_on_from_the_latest_epoch_a_file_may_name():
    training = number_sum_training(SMALL, start=Checkpoint(MAX_EPOCH, CHECKPOINT.weights, {}))
    training.step()
    assert training.result().first_epoch == MAX_EPOCH


def test_the_page_takes_a_file_and_answers_a_pickle_and_a_file_of_another_network():
    at = visit("training_loop", hidden="4", **QUICK["training_loop"])

    def upload(name, content):
        at.file_uploader(key="training_loop-weights").set_value((name, content, "application/octet-stream")).run()
        assert not at.exception
        return [element.value for element in (*at.success, *at.error)]

    assert any("`safetensors.torch.save_file(torch.load(" in m.value for m in at.markdown)
    assert upload("weights.safetensors", FILE) == [
        "The file fits these settings. Its network was trained for 2 epochs."
    ]
    (said,) = upload("weights.pt", b"PK\x03\x04" + bytes(500))
    assert said.startswith("This is a pickle")
    (said,) = upload("![x](//example.org/r.png).pth", model_with(output_layer__bias=None))
    assert "example.org" not in said
