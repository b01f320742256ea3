"""Weights files: what was saved comes back, and a hostile file is refused in one sentence."""

import io
import pickle
import struct
import tracemalloc
import zipfile

import hypothesis
import hypothesis.strategies as st
import pytest
import torch
import torch.nn as nn

from core.nn import predict
from core.training_loop.checkpoint import MAX_EPOCH, Checkpoint, load, save
from core.training_loop.settings import OPTIMIZERS, TrainingLoopSettings
from core.training_loop.train import number_sum_training, train
from core.weights_file import MAX_BYTES

SMALL = TrainingLoopSettings(data_low=0, data_high=6, batch_size=9, num_epochs=2, hidden=4)
CHECKPOINT = train(SMALL).checkpoint
FILE = save(CHECKPOINT)


def torch_file(saved):
    file = io.BytesIO()
    torch.save(saved, file)
    return file.getvalue()


def rewritten(ending, content):
    """The good file with the content of one of its records replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(FILE)) as good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in good.namelist():
            archive.writestr(name, content if name.endswith(ending) else good.read(name))
    return out.getvalue()


def model_with(**changes):
    """The good weights as a bare state_dict, some of them changed or, where None, left out."""
    weights = {**CHECKPOINT.weights, **{name.replace("__", "."): value for name, value in changes.items()}}
    return torch_file({name: value for name, value in weights.items() if value is not None})


def optimizer_with(key, value):
    """The good file, every state of its optimizer changed."""
    state = {i: {**state, key: value(state[key])} for i, state in CHECKPOINT.optimizer.items()}
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


def test_the_largest_network_fits_into_a_file():
    assert load(save(train(TrainingLoopSettings(hidden=256, data_high=5)).checkpoint), TrainingLoopSettings(hidden=256))


def test_the_file_is_one_that_torch_reads_safely():
    saved = torch.load(io.BytesIO(FILE), weights_only=True)
    assert (set(saved), saved["epoch"]) == ({"epoch", "model", "optimizer", "gradients"}, 2)


def test_the_state_dict_of_a_readers_own_module_is_accepted():
    class Mine(nn.Module):
        def __init__(self):
            super().__init__()
            self.hidden_layer, self.output_layer = nn.Linear(2, 4), nn.Linear(4, 1)

    with torch.random.fork_rng():
        model = Mine()
    loaded = load(torch_file(model.state_dict()), SMALL)
    assert (loaded.epoch, loaded.optimizer) == (0, {})
    x = torch.ones(3, 2)
    assert torch.equal(predict(loaded.weights, x), predict(model.state_dict(), x))


def test_too_large_a_file_is_refused():
    assert f"{MAX_BYTES + 1:,} bytes" in refusal(bytes(MAX_BYTES + 1))


@pytest.mark.parametrize("content", [b"", b"weights", bytes(1000), pickle.dumps({"model": 1}), FILE[:-1], FILE[:700]])
def test_what_torch_did_not_save_is_refused(content):
    assert refusal(content).startswith("This is not a weights file; allowed: ")


@hypothesis.settings(deadline=None, derandomize=True, max_examples=60)
@hypothesis.given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_a_file_with_a_wrong_byte_is_read_or_refused(place, flip):
    damaged = bytearray(FILE)
    damaged[place] ^= flip
    try:
        load(bytes(damaged), SMALL)
    except ValueError as error:
        assert str(error)


def test_a_zip_bomb_is_refused_by_what_it_unpacks_to():
    bomb = rewritten("data/0", bytes(20_000_000))
    assert len(bomb) < MAX_BYTES
    assert "unpacks to 20,0" in refusal(bomb)


def test_a_file_that_is_too_short_for_its_tensors_is_refused():
    refusal(rewritten("data/0", b"1234"))


def test_code_in_a_file_is_not_run(tmp_path):
    class Attack:
        def __reduce__(self):
            return open, (str(tmp_path / "was here"), "w")

    for attack in (pickle.dumps(Attack(), 2), pickle.dumps({"model": Attack()}, 2)):
        refusal(rewritten("data.pkl", attack))
        refusal(attack)
    refusal(rewritten("data.pkl", b"cos\nsystem\n(S'touch \"" + str(tmp_path / "there").encode() + b"\"'\ntR."))
    assert not list(tmp_path.iterdir())


def test_a_small_file_cannot_claim_much_memory():
    claim = b"\x80\x02cbuiltins\nbytearray\n\x8a\x05" + (100_000_000).to_bytes(5, "little") + b"\x85R."
    tracemalloc.start()
    refusal(rewritten("data.pkl", claim))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * MAX_BYTES


def test_the_records_that_are_measured_are_the_ones_that_are_read():
    """Two archives in a row: the end record's offset finds the first one's list, its size the second one's."""
    first = model_with(output_layer__bias=torch.tensor([1.0]))
    second = model_with(output_layer__bias=torch.tensor([2.0]))
    (size, offset), end = struct.unpack("<II", second[-10:-2]), second[-22:]
    assert struct.unpack("<II", first[-10:-2]) == (size, offset)
    both = first[: offset + size] + second[: offset + size] + end
    with zipfile.ZipFile(io.BytesIO(both)) as archive:
        measured = archive.infolist()[0].header_offset
    assert measured == offset + size  # Python sees the second
    try:
        loaded = load(both, SMALL)
    except ValueError:
        return
    assert loaded.weights["output_layer.bias"].item() == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (torch_file([1, 2]), "holds no state_dict"),
        (torch_file(torch.zeros(3)), "holds no state_dict"),
        (torch_file({}), "does not hold the tensors of the network"),
        (torch_file({"model": 3, "epoch": 1}), "does not hold the tensors of the network"),
        (model_with(output_layer__bias=None), "does not hold the tensors of the network"),
        (model_with(third_layer__bias=torch.zeros(1)), "does not hold the tensors of the network"),
        (model_with(output_layer__bias=0.5), "no tensor as output_layer.bias"),
        (model_with(hidden_layer__weight=torch.zeros(5, 2)), "`(5, 2)` of torch.float32 as hidden_layer.weight"),
        (model_with(hidden_layer__weight=torch.zeros(2, 4)), "need (4, 2) of torch.float32"),
        (model_with(hidden_layer__bias=torch.zeros(4, dtype=torch.float64)), "`(4,)` of torch.float64"),
        (model_with(hidden_layer__bias=torch.tensor([0, 0, 0, torch.nan])), "not finite, in hidden_layer.bias"),
        (model_with(hidden_layer__bias=torch.tensor([0, 0, 0, torch.inf])), "not finite, in hidden_layer.bias"),
        (optimizer_with("exp_avg", lambda t: t * torch.nan), "not finite, in exp_avg"),
        (optimizer_with("exp_avg", lambda t: t[:1]), "as exp_avg of the optimizer"),
        (optimizer_with("step", lambda t: 3), "no tensor as step of the optimizer"),
        (optimizer_with("exp_avg", lambda t: [t]), "no tensor as exp_avg of the optimizer"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_what_does_not_fit(content, said):
    assert said in refusal(content)


HIDDEN_WEIGHT = CHECKPOINT.weights["hidden_layer.weight"]


@pytest.mark.parametrize("convert", [lambda t: t.to_sparse(), lambda t: t.to("meta")], ids=["sparse", "meta"])
def test_a_tensor_of_an_unusual_kind_is_refused(convert):
    refusal(model_with(hidden_layer__weight=convert(HIDDEN_WEIGHT)))


def test_a_shape_of_very_many_dimensions_is_not_repeated():
    refusal(model_with(hidden_layer__weight=torch.zeros([1] * 1000)))


@pytest.mark.parametrize("step", [-1.0, -2.0, -1e5])
def test_a_count_of_steps_below_zero_is_refused(step):
    refusal(optimizer_with("step", lambda t: torch.tensor(step)))


@pytest.mark.parametrize("epoch", [-1, MAX_EPOCH + 1, 1.0, True, None, "3", 10**30])
def test_a_hostile_epoch_is_refused(epoch):
    said = refusal(torch_file({"epoch": epoch, "model": CHECKPOINT.weights, "optimizer": {}}))
    assert said == f"The weights file names no epoch; allowed: a whole number from 0 to {MAX_EPOCH:,}."


@pytest.mark.parametrize("optimizer", [None, 3, {"state": 3}, {"state": {0: {}}}, {"state": {9: {}}}])
def test_a_broken_optimizer_state_is_refused(optimizer):
    assert "optimizer" in refusal(torch_file({"epoch": 1, "model": CHECKPOINT.weights, "optimizer": optimizer}))


@pytest.mark.parametrize("other", ["RMSprop", "Adagrad", "SGD", "SGD_momentum"])
def test_the_state_of_another_optimizer_is_refused(other):
    other_settings = TrainingLoopSettings(data_low=0, data_high=6, batch_size=9, hidden=4, optimizer=other)
    assert "optimizer" in refusal(FILE, other_settings)


def test_a_network_of_another_width_is_refused_with_what_to_do():
    assert "Set the hidden units to those of the file." in refusal(FILE, TrainingLoopSettings(hidden=5))


def test_a_run_goes_on_from_the_latest_epoch_a_file_may_name():
    training = number_sum_training(SMALL, start=Checkpoint(MAX_EPOCH, CHECKPOINT.weights, {}))
    training.step()
    assert training.result().first_epoch == MAX_EPOCH
