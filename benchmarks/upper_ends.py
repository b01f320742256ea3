"""Links that ask for as much as the controls allow: numbers at their upper ends, everything that can be chosen."""

import random
from collections.abc import Iterator
from functools import cache
from unittest import mock
from urllib.parse import urlencode

from streamlit.testing.v1 import AppTest

from benchmarks.places import places
from benchmarks.server import APP
from core.settings import Choice, Parameter, Several, Switch, Text
from ui.controls import Controls

SHARE = 0.6  # of the parameters of a link that are not at their default


@cache
def parameters_of(page: str) -> dict[str, Parameter]:
    """What a link can say to a page, heard while the page is opened."""
    found = {}

    class Listening(Controls):
        def __init__(self, *args: object, **prefixed: object) -> None:
            super().__init__(*args, **prefixed)
            found.update(self.kinds)

    at = AppTest.from_file(APP, default_timeout=120)
    at.switch_page(f"pages/{page}.py")
    with mock.patch("ui.controls.Controls", Listening):
        at.run()
    return found


def upper_end(kind: Parameter, chance: random.Random) -> object:
    """The value that asks for most, as far as the kind tells."""
    if isinstance(kind, Several):
        return tuple(kind.options)
    if isinstance(kind, Choice):
        return chance.choice(list(kind.options))
    return True if isinstance(kind, Switch) else kind.high


def links(n: int, seed: int) -> Iterator[tuple[str, str]]:
    """So many links, page and query each; the same for the same seed. What is typed or uploaded stays as it is."""
    chance = random.Random(seed)
    with_settings = [place for place in places() if place.page]
    for _ in range(n):
        place = chance.choice(with_settings)
        view = place.name.partition(" ")[2]
        query = {"view": view} if "view=" in place.query else {}
        for name, kind in parameters_of(place.page).items():
            prefix, _, field = name.rpartition(".")
            if field == "seed":
                query[name] = str(chance.randrange(100))
            elif prefix in ("", view) and field != "view" and not isinstance(kind, Text) and chance.random() < SHARE:
                query[name] = kind.write(upper_end(kind, chance))
        yield place.page, urlencode(query)
