"""The state_dict, what is learned, and the weights in a file."""

import pytest
import torch
from programs import printed
from visitor import visit

from core.neural_networks.build import build
from core.neural_networks.layers import KINDS
from core.neural_networks.model import fresh
from core.neural_networks.parameters import attributes, list_parameters, spread
from core.neural_networks.program import parameters_program, weights_program
from core.neural_networks.settings import ModelSettings, ParameterSettings
from core.neural_networks.sizes import MOST_KEPT
from core.neural_networks.weights import answer, holds_code, load, parts, saved
from core.program import source
from core.weights_file import MAX_BYTES, write_weights
from figures.neural_networks.parameters import bound_by_hand, container_table, histogram, tensor_bars
from figures.neural_networks.weights import file_map, size_by_hand

NORM = ModelSettings(
    layers="Conv2d(1, 4, 3), BatchNorm2d(4), ReLU(), Flatten(), Linear(144, 5), LayerNorm(5)", shape="2, 1, 8, 8"
)
EMPTY = ModelSettings(layers="ReLU(), Dropout()")


def test_what_is_learned_frozen_and_only_kept():
    found = list_parameters(NORM, ParameterSettings(frozen=2))
    assert {entry.name: entry.kind for entry in found.entries} == {
        "convolution.weight": "frozen",
        "convolution.bias": "frozen",
        "batch_norm.weight": "frozen",
        "batch_norm.bias": "frozen",
        "batch_norm.running_mean": "buffer",
        "batch_norm.running_var": "buffer",
        "batch_norm.num_batches_tracked": "buffer",
        "output_layer.weight": "learned",
        "output_layer.bias": "learned",
        "layer_norm.weight": "learned",
        "layer_norm.bias": "learned",
    }
    assert (found.count("learned"), found.count("frozen"), found.count("buffer")) == (735, 48, 9)
    assert found.count("learned", "frozen") == build(NORM).count


def test_first_values_lie_between_the_bounds_of_one_over_root_fan_in():
    for entry in list_parameters(NORM, ParameterSettings()).entries:
        assert entry.bound == {"convolution": 1 / 3, "output_layer": 1 / 12}.get(entry.name.partition(".")[0])
        if entry.bound:
            assert entry.values.abs().max() <= entry.bound
            assert f"±**{entry.bound:.4f}**" in bound_by_hand(entry)


def test_how_numbers_are_spread():
    random = torch.Generator().manual_seed(0)
    for _ in range(20):
        assert spread(torch.rand(300, generator=random)) == "even"
        assert spread(torch.randn(300, generator=random)) == "bell"
    assert spread(torch.ones(100)) == "same"
    assert spread(torch.rand(99, generator=random)) == "few"


def test_containers_and_attributes_are_found_as_torch_finds_them():
    found = list_parameters(NORM, ParameterSettings())
    counts = {container: sum(sizes.values()) for container, sizes in found.containers.items()}
    assert counts == {"nn.Sequential": 783, "nn.ModuleList": 783, "nn.ModuleDict": 783, "a plain list": 0}
    assert list(container_table(found)["tensors"]) == ["8", "8", "8", "0"]
    assert attributes() == {
        "nn.Parameter": (True, True, "float64"),
        "register_buffer": (False, True, "float64"),
        "a plain tensor": (False, False, "float32"),
    }


def test_the_pictures_have_every_tensor_and_every_number():
    found = list_parameters(NORM, ParameterSettings(frozen=1))
    picture = tensor_bars(found, 4)
    assert sum(len(bars.y) for bars in picture.figure.data) == len(picture.table) == len(found.entries)
    assert len(picture.caption.split()) <= 45
    for entry in found.entries:
        assert histogram(entry).table["count"].sum() == entry.values.numel()


def test_the_programs_print_what_the_page_says(tmp_path):
    programs = [
        parameters_program(list_parameters(ModelSettings(), ParameterSettings()), 0),
        parameters_program(list_parameters(NORM, ParameterSettings(frozen=2)), 6),
        parameters_program(list_parameters(EMPTY, ParameterSettings(frozen=12)), None),
        *(weights_program(build(settings)) for settings in (ModelSettings(), NORM, EMPTY)),
    ]
    assert programs[0].text.replace("'", '"') == source("neural_networks_parameters")
    assert programs[3].text == source("neural_networks_weights")
    said = printed((program.text for program in programs), tmp_path, warnings_are_errors=True)
    assert said == [list(program.prints) for program in programs]


@pytest.mark.parametrize("settings", [ModelSettings(), NORM, EMPTY], ids=range(3))
def test_a_file_holds_the_weights_and_nothing_else_and_comes_back(settings):
    content, found = saved(settings), parts(saved(settings))
    assert [part.start for part in found[1:]] == [part.end for part in found[:-1]]
    assert found[-1].end == len(content)
    assert f"**{len(content):,} bytes**" in size_by_hand(found)
    assert not holds_code(content, settings)
    assert holds_code(content + b"self.activation = nn.ReLU()", settings)
    assert len(file_map(found).table) == len(found)
    weights = load(content, settings)
    for name, tensor in fresh(settings)[0].state_dict().items():
        assert torch.equal(weights[name], tensor)
    assert torch.equal(answer(settings), answer(settings, weights))


def test_loaded_weights_answer_as_the_model_that_was_saved():
    first, other = ModelSettings(seed=1), ModelSettings(seed=2)
    model, x = fresh(first)[0], torch.rand(10, generator=fresh(other)[1])
    assert torch.equal(answer(other, load(saved(first), other)), model(x))
    assert not torch.equal(answer(other), model(x))


def test_the_file_of_another_model_gets_one_clear_sentence():
    for other, said in ((NORM, "of another model; allowed: the 4 tensors"), (EMPTY, "of another model")):
        with pytest.raises(ValueError, match=said):
            load(saved(other), ModelSettings())
    with pytest.raises(ValueError, match="needs \\(64,\\) of F32"):
        load(saved(ModelSettings(layers="Linear(10, 32), ReLU(), Linear(32, 2)")), ModelSettings())
    with pytest.raises(ValueError, match="no name at all"):
        load(write_weights({"![x](//example.org)": torch.ones(1)}, {}), EMPTY)


def test_the_file_of_the_largest_model_may_be_loaded():
    norms = ", ".join(["BatchNorm1d(4096)"] * 11)
    settings = ModelSettings(layers=f"{norms}, Linear(4096, 4)", shape="1, 4096")
    assert (
        sum(entry.values.numel() for entry in list_parameters(settings, ParameterSettings()).entries) > 0.95 * MOST_KEPT
    )
    assert len(saved(settings)) > 0.75 * MAX_BYTES
    load(saved(settings), settings)


def test_the_page_takes_a_file_and_answers_a_pickle_and_a_file_of_another_model():
    at = visit("neural_networks", view="weights")

    def upload(content):
        file = ("![x](//example.org).pt", content, "application/octet-stream")
        at.file_uploader(key="neural_networks-weights").set_value(file).run()
        assert not at.exception
        return [element.value for element in (*at.success, *at.error)]

    assert upload(saved(ModelSettings(seed=5))) == ["The file fits this model: every name, shape and dtype is right."]
    (said,) = upload(b"PK\x03\x04" + bytes(500))
    assert said.startswith("This is a pickle")
    (said,) = upload(saved(NORM))
    assert said.startswith("This file holds the weights of another model")
    assert "example.org" not in said


def test_a_model_without_parameters_has_a_sentence():
    at = visit("neural_networks", view="parameters", layers="ReLU()")
    assert not at.exception
    assert "no layer with parameters" in at.info[0].value


def test_all_kinds_of_layers_can_be_listed():
    assert all(hasattr(torch.nn, kind) for kind in KINDS)
