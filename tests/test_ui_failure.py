"""Where something fails that nobody foresaw: one sentence, ways on, and the traceback in the server's log alone."""

import logging
import tomllib
from unittest import mock

import pytest
from streamlit import error_util
from visitor import ROOT, link_of, visit

from ui.failure import say_what_to_do

PAGE, VIEW = "gradient_descent", "compare"
PLACES = ["ui.controls.Controls._take", "ui.controls.Controls._take_from_link", "pages.gradient_descent.compare.show"]


@pytest.mark.parametrize("place", PLACES, ids=["a callback", "the controls", "a view"])
def test_a_failure_gets_a_sentence_ways_on_and_a_line_in_the_log(place, caplog, monkeypatch):
    monkeypatch.setattr(error_util, "show_uncaught_app_exception", say_what_to_do)
    monkeypatch.setattr(logging.getLogger("streamlit"), "propagate", True)
    with mock.patch(place, side_effect=ZeroDivisionError("/home/app")):
        at = visit(PAGE, view=VIEW)
        if place.endswith("_take"):
            next(button for button in at.button if "-preset-" in button.key).click().run()
        shown = [element.value for kind in ("error", "markdown", "warning") for element in at.get(kind)]
        assert at.error[-1].value.startswith("Something went wrong")
        assert not at.exception
        assert not any("/home/app" in text for text in shown)
        assert at.get("page_link")[0].proto.page == ""
        assert "ZeroDivisionError: /home/app" in caplog.text
    at.button(key="reset-after-failure").click().run()
    assert not at.error
    assert link_of(at) == ""


def test_streamlit_s_own_text_would_show_no_details_either():
    assert tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["client"]["showErrorDetails"] == "none"
    assert error_util.show_uncaught_app_exception is not say_what_to_do  # so that all other tests see the exceptions
