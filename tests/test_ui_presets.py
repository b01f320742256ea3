"""What a preset shows is said while it is on the screen, but not before a guess that it may answer."""

from visitor import guess, newcomer, set_to

PAGE, SAID = "activation_functions", "**ReLU:** Half of the sums give 0."


def captions(at):
    return [caption.value for caption in at.caption]


def test_what_the_preset_on_screen_shows_is_said_after_the_guess_and_until_a_control_moves():
    at = newcomer(PAGE, view="normal")
    assert SAID not in captions(at)
    at = guess(at, "Higher")
    assert SAID in captions(at)
    at = set_to(at, at.select_slider(key=f"{PAGE}.normal.mean"), -3.0)
    assert SAID not in captions(at)
    assert any(said.startswith("**A bias of −3:**") for said in captions(at))
    at = set_to(at, at.select_slider(key=f"{PAGE}.normal.mean"), 2.0)
    assert not any(said.startswith("**") for said in captions(at))
