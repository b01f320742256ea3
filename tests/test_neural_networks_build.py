"""Typed models: what is read, what is refused, and what torch itself says of them."""

import random
from dataclasses import replace

import pytest
import torch
import torch.nn as nn
from effort import at_most
from programs import printed
from torch.utils.flop_counter import FlopCounterMode
from visitor import visit

from core.neural_networks.build import build, largest
from core.neural_networks.layers import KINDS, MOST_LAYERS, read_layers, read_shape, signature
from core.neural_networks.mistakes import MISTAKES, try_mistake
from core.neural_networks.model import fresh
from core.neural_networks.parameters import list_parameters
from core.neural_networks.program import build_program
from core.neural_networks.run import run_layers
from core.neural_networks.settings import COURSE, MistakeSettings, ModelSettings, ParameterSettings, RunSettings
from core.neural_networks.sizes import output_shape, parameters_of
from core.neural_networks.weights import saved
from core.program import source
from figures.neural_networks.build import by_hand, counted, layer_table, model_picture

CNN = "Conv2d(1, 8, 3, padding=1), ReLU(), MaxPool2d(2), Flatten(), Linear(128, 10)"
EVERY = (
    "Conv2d(1, 4, 3, stride=2, padding=1, bias=False), BatchNorm2d(4), LeakyReLU(0.2), MaxPool2d(2), Flatten(), "
    "Linear(16, 12), BatchNorm1d(12), GELU(), LayerNorm(12), Dropout(0.25), Linear(12, 3), Softmax(dim=1)"
)
COURSE_PRINTED = """MLP(
  (hidden_layer): Linear(in_features=10, out_features=64, bias=True)
  (output_layer): Linear(in_features=64, out_features=2, bias=True)
  (activation): ReLU()
)"""


def some_models(count, seed=1):
    """Random lists of layers, most of which do not fit."""
    pick = random.Random(seed)
    sizes, shapes = (1, 2, 3, 4, 8, 16, 64), ("8", "1, 64", "2, 1, 8, 8", "3, 8, 8", "4, 16, 4", "2, 3, 8, 8")
    for _ in range(count):
        layers = []
        for _ in range(pick.randint(1, 5)):
            kind = pick.choice(list(KINDS))
            numbers = ", ".join(str(pick.choice(sizes)) for _ in range({"Linear": 2, "Conv2d": 2}.get(kind, 1)))
            more = f"{numbers}, {pick.randint(1, 5)}" if kind == "Conv2d" else numbers
            small = {"MaxPool2d": f"{pick.randint(1, 4)}, padding={pick.randint(0, 1)}", "Softmax": "-1", "Flatten": ""}
            norm = more if kind[:3] in ("Lin", "Con", "Bat", "Lay") and kind != "LeakyReLU" else ""
            layers.append(f"{kind}({small.get(kind, norm)})")
        yield ModelSettings(layers=", ".join(layers), shape=pick.choice(shapes))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nn.Linear( 10,out_features = 64 ),ReLU", ["Linear(10, 64)", "ReLU()"]),
        ("Linear(2, 3, bias=False),", ["Linear(2, 3, bias=False)"]),
        ("Conv2d(1, 8, 3, 1, 1)", ["Conv2d(1, 8, 3, padding=1)"]),
        ("Conv2d(1, 8, 3, 2)", ["Conv2d(1, 8, 3, stride=2)"]),
        ("MaxPool2d(2), Flatten(start_dim=1), Dropout", ["MaxPool2d(2)", "Flatten()", "Dropout()"]),
        ("Dropout(1e-1), Softmax(-1)", ["Dropout(p=0.1)", "Softmax(dim=-1)"]),
    ],
)
def test_a_list_of_layers_is_read_as_torch_would_write_it(text, code):
    layers = read_layers(text)
    assert [layer.code for layer in layers] == code
    assert read_layers(", ".join(code)) == layers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has 0 layers"),
        (", ".join(["ReLU"] * (MOST_LAYERS + 1)), "has 13 layers"),
        ("Linear", "lacks in_features"),
        ("Linear(10)", "lacks out_features"),
        ("Linear(10, 64, True, 5)", "does not take `5`"),
        ("Linear(10, 64, device='meta')", "does not take"),
        ("Linear(10, in_features=3)", "does not take"),
        ("Linear(0, 3)", "in_features = `0`; allowed: a whole number from 1"),
        ("Linear(10, 1e3)", "out_features = `1e3`"),
        ("Linear(10, 2, bias=1)", "True or False"),
        ("Dropout(nan)", "p = `nan`; allowed: a number from 0 to 1"),
        ("Relu()", "Perhaps you mean ReLU"),
        ("Linear(10, 64) ReLU()", "is not a layer"),
        ("__import__('os').system('x')", "is not a layer"),
        ("Linear((10, 64))", "is not a layer"),
        ("![x](//example.org)", "`![x](//example.org)` is not a layer"),
        ("(" * 390, "is not a layer"),
        (" " * 399 + "!", "is not a layer"),
    ],
)
def test_anything_else_is_refused_in_a_sentence_that_says_what_is_allowed(text, said):
    with at_most(20), pytest.raises(ValueError) as error:
        ModelSettings(layers=text)
    assert said in str(error.value)
    assert "llowed:" in str(error.value)


@pytest.mark.parametrize("shape", ["", "0", "1, 2, 3, 4, 5", "10000", "a", "3.5", "4000, 4000", "1,,2"])
def test_a_shape_that_cannot_be_used_is_refused(shape):
    with pytest.raises(ValueError, match="llowed:"):
        ModelSettings(shape=shape)


def test_a_shape_may_be_written_as_torch_prints_it():
    assert read_shape("(10,)") == (10,)
    assert read_shape(" [1, 1, 8, 8] ") == (1, 1, 8, 8)


@pytest.mark.parametrize(
    ("layers", "shape", "said"),
    [
        ("Linear(4096, 4096)", "1", "would keep 16,781,312 numbers"),
        ("Linear(1, 1000)", "300, 1", "would hold 300,000 numbers"),
        ("Conv2d(1, 64, 1, padding=4)", "1, 100, 100", "would hold 746,496 numbers"),
        ("Conv2d(64, 40, 5, padding=2), Conv2d(40, 64, 5)", "64, 26, 26", "products"),
    ],
)
def test_what_would_be_too_large_is_refused_before_it_is_made(layers, shape, said):
    with at_most(2), pytest.raises(ValueError, match=said):
        ModelSettings(layers=layers, shape=shape)


def test_the_largest_models_take_a_moment():
    largest_of_all = ModelSettings(layers="Conv2d(64, 64, 5)", shape="64, 26, 26")
    with at_most(100):
        build.__wrapped__(largest_of_all)


def test_the_limits_rest_on_formulas_that_agree_with_torch():
    reached = 0
    for settings in [ModelSettings(layers=CNN, shape="2, 1, 8, 8"), *some_models(60)]:
        for step in build(settings).steps:
            assert step.count == parameters_of(step.layer)
            if step.returned is not None:
                assert step.returned == output_shape(step.layer, step.given)
                reached += 1
    assert reached > 60


@pytest.mark.parametrize(("layers", "shape"), [(COURSE, "5, 10"), (CNN, "3, 1, 8, 8"), (EVERY, "2, 1, 8, 8")])
def test_weights_and_flops_are_those_of_torch(layers, shape):
    settings = ModelSettings(layers=layers, shape=shape, seed=7)
    with torch.random.fork_rng():
        torch.manual_seed(7)
        theirs = [getattr(nn, layer.kind)(**layer.values) for layer in settings.model]
        x = torch.rand(settings.input_shape)
    model, generator = fresh(settings)
    ours = [getattr(model, name) for name in model.names]
    for one, other in zip(ours, theirs, strict=True):
        assert repr(one) == repr(other)
        for mine, its in zip(one.state_dict().values(), other.state_dict().values(), strict=True):
            assert torch.equal(mine, its)
    assert torch.equal(torch.rand(settings.input_shape, generator=generator), x)
    with FlopCounterMode(display=False) as counter:
        nn.Sequential(*theirs).eval()(x)
    assert build(settings).flops == counter.get_total_flops()


def test_the_course_s_model_is_what_the_course_prints():
    built = build(ModelSettings())
    assert built.printed == COURSE_PRINTED
    assert [step.name for step in built.steps] == ["hidden_layer", "activation", "output_layer"]
    assert (built.count, built.flops, largest(built)) == (834, 2 * (640 + 128), ["hidden_layer"])
    assert largest(build(ModelSettings(layers="Linear(3, 3), Linear(3, 3)", shape="3"))) == [
        "hidden_layer",
        "output_layer",
    ]
    assert largest(build(ModelSettings(layers="ReLU()"))) == []


def test_every_change_that_is_proposed_mends_the_layer_that_failed():
    failed = mended = 0
    for settings in some_models(150, seed=2):
        found = build(settings).mismatch
        while found:
            failed += 1
            assert "does not fit" not in found.meaning
            assert "{" not in found.meaning
            if found.layers is None:
                break
            again = build(replace(settings, layers=found.layers)).mismatch
            flattens = found.fix.startswith("Lay each")
            assert again is None or again.place > found.place + flattens
            settings, found, mended = replace(settings, layers=found.layers), again, mended + 1
    assert failed > 100
    assert mended > 50


@pytest.mark.parametrize(
    ("layers", "shape", "fix"),
    [
        ("Linear(64, 32), ReLU(), Linear(64, 10)", "1, 64", "Write `Linear(32, 10)` instead of `Linear(64, 10)`."),
        ("Linear(64, 10)", "1, 1, 8, 8", "Lay each image out as one row first: `Flatten()`."),
        ("Conv2d(3, 8, 3)", "1, 1, 8, 8", "Write `Conv2d(1, 8, 3)` instead of `Conv2d(3, 8, 3)`."),
        ("BatchNorm1d(10)", "10", "Give it a batch, even of one: the input shape `1, 10`."),
    ],
)
def test_a_mismatch_has_a_concrete_way_out(layers, shape, fix):
    assert build(ModelSettings(layers=layers, shape=shape)).mismatch.fix == fix


def test_the_programs_print_what_the_page_says():
    chosen = [
        ModelSettings(),
        ModelSettings(layers=EVERY, shape="2, 1, 8, 8", seed=3),
        ModelSettings(layers=CNN, shape="3, 8, 8"),
        ModelSettings(layers="Flatten(), ReLU"),
    ]
    programs = [build_program(build(settings)) for settings in chosen]
    assert programs[0].text == source("neural_networks")
    said = printed((program.text for program in programs), warnings_are_errors=True)
    assert said == [list(program.prints) for program in programs]


def test_the_numbers_of_a_layer_are_in_its_words():
    steps = build(ModelSettings(layers=EVERY, shape="2, 1, 8, 8")).steps
    assert counted(steps[0]) == "1 × 3 × 3 × 4 = 36"
    assert counted(steps[1]) == "4 + 4 = 8"
    assert counted(steps[3]) == "nothing to learn"
    for step in steps:
        assert by_hand(step).endswith(f"**{4 * step.count:,} bytes**.")
    course = by_hand(build(ModelSettings()).steps[0])
    assert "10 × 64 = 640 weights, plus 64 biases: 640 + 64 = 704 numbers." in course
    assert "64 outputs × 10 products = 640" in course


@pytest.mark.parametrize("settings", [ModelSettings(), *some_models(4, seed=5)], ids=range(5))
def test_the_picture_has_a_box_for_each_layer_and_a_table_that_adds_up(settings):
    built = build(settings)
    picture = model_picture(built, 0)
    assert len(picture.figure.layout.shapes) == len(built.steps)
    assert len(picture.caption.split()) <= 45
    table = layer_table(built)
    assert table["count"][:-1].sum() == table["count"].iloc[-1] == built.count


ENTRY_POINTS = {
    "build": lambda: build.__wrapped__(ModelSettings(layers=EVERY, shape="2, 1, 8, 8")).said,
    "run": lambda: [y.sum().item() for y in run_layers.__wrapped__(ModelSettings(), RunSettings()).trained],
    "parameters": lambda: list_parameters.__wrapped__(ModelSettings(), ParameterSettings()).entries[0].values.sum(),
    "mistakes": lambda: [try_mistake.__wrapped__(MistakeSettings(mistake=name)) for name in MISTAKES],
    "weights": lambda: saved(ModelSettings(layers=CNN, shape="1, 1, 8, 8")),
}


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_the_global_generator_is_neither_moved_nor_asked(name):
    results = []
    with torch.random.fork_rng():
        for seed in (1, 2):
            torch.manual_seed(seed)
            before = torch.random.get_rng_state()
            results.append(ENTRY_POINTS[name]())
            assert torch.equal(torch.random.get_rng_state(), before)
    assert results[0] == results[1]


def test_what_may_be_typed_is_listed_as_it_must_be_written():
    assert signature("Conv2d") == ("`Conv2d(in_channels, out_channels, kernel_size, stride=1, padding=0, bias=True)`")


def test_a_mismatch_on_the_page_is_mended_by_its_button():
    at = visit("neural_networks", layers="Flatten(), Linear(64, 32), Linear(64, 10)", shape="1, 1, 8, 8")
    assert not at.exception
    assert "takes 64 numbers along the last dimension and gets 32" in at.error[0].value
    at.button(key="neural_networks-mend").click().run()
    assert not at.error
    assert at.session_state["neural_networks"]["layers"] == "Flatten(), Linear(64, 32), Linear(32, 10)"


def test_while_the_text_is_wrong_the_last_model_stays():
    at = visit("neural_networks", layers="Linear(10, 7)")
    at.text_input(key="neural_networks.layers").set_value("Linear(10, 7").run()
    assert not at.exception
    assert "is not a layer" in at.error[0].value
    assert any("Linear(in_features=10, out_features=7" in code.value for code in at.code)
