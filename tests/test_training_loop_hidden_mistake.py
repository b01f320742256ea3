"""The hidden mistake: every one is hidden sometime, its tensors tell it apart, and the answer is judged by the run."""

from dataclasses import replace

import pytest
from visitor import charts, link_of, visit

from core.training_loop.hidden_mistake import evidence, hidden
from core.training_loop.settings import TrainingLoopSettings
from core.training_loop.train import train
from pages.training_loop.mistakes import MISTAKES

NAMES = list(MISTAKES)[1:]


def number_of(name):
    return next(number for number in range(1, 100) if hidden(number, NAMES) == name)


def test_the_tensors_tell_the_mistakes_apart():
    assert {hidden(number, NAMES) for number in range(1, 100)} == set(NAMES)
    small = TrainingLoopSettings(data_high=30, num_epochs=1)
    found = {name: evidence(train(replace(small, **change))) for name, (change, _) in MISTAKES.items()}
    moved = {name: (rows["largest step"] > 0).all() for name, rows in found.items()}
    assert [name for name in moved if not moved[name]] == ["no step", "step before backward"]
    gradients = {name: rows["largest |.grad|"].tolist() for name, rows in found.items()}
    assert gradients["no zero_grad"][2] > 2 * gradients["the course's loop"][2]  # three batches have added up
    assert found["no shuffle"]["numbers a"][0] == "0 to 3"  # neighbours


@pytest.mark.parametrize(
    ("name", "guess", "said"),
    [
        ("no shuffle", "no shuffle", "Right: it is"),
        ("no step", "step before backward", "Right, as far as losses can tell: it is"),
        ("no zero_grad", "no shuffle", "No, they differ: it is"),
    ],
)
def test_an_answer_is_judged_by_the_losses_and_explained(name, guess, said):
    at = visit("training_loop", view="mistakes", data_high="5", **{"mistakes.puzzle": str(number_of(name))})
    (radio,) = [radio for radio in at.radio if radio.label.startswith("Which mistake")]
    whole = f"{said} **{name}**. {MISTAKES[name][1]}"
    assert not any("it is **" in info.value for info in at.info)
    radio.set_value(guess).run()
    assert not at.exception
    assert [info.value for info in at.info if "it is **" in info.value] == [whole]
    assert any(chart["key"] == "hidden" for chart in charts(at))
    at.button(key="training_loop-puzzle").click().run()
    assert f"mistakes.puzzle={number_of(name) + 1}" in link_of(at)
