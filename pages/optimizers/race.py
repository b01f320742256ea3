"""The race."""

import streamlit as st

from core.optimizers.race import race
from core.optimizers.settings import RaceSettings
from figures.optimizers.losses import losses
from pages.optimizers.shared import read_entry, read_surface, show_surface, with_rates
from ui.chart import chart
from ui.controls import Controls


def show(controls: Controls) -> None:
    picture, side = st.columns([2.6, 1], gap="large")
    with side:
        show_surface(controls)
        controls.show("lr", "steps")
        controls.show_more("contestants", "rule", "x", "y")
        controls.reset_button()
        surface = read_surface(controls)
        settings = controls.read_or_explain(RaceSettings)
        entries = [read_entry(controls, name) for name in controls.values["contestants"]]
    with picture:
        if surface is None or settings is None or None in entries:
            return
        run = race(surface, with_rates(entries, settings), settings.steps)
        chart(losses(run), "losses")
