"""Bandits: how does an agent find the best action by trying?"""

from ui.page import begin, show_page

begin(
    "How do you find the best choice by trying?",
    "Somebody, the agent, chooses among some actions again and again. Each choice brings a reward, a number that also "
    "depends on chance. The aim is as much reward as possible in all. The simplest such problem is a row of slot "
    "machines with an arm each, once called one-armed bandits.",
)

from core.bandits.settings import (
    BanditsViewState,
    CompareSettings,
    OneRunSettings,
    PlaySettings,
    StrategySettings,
    StudySettings,
    WorldSettings,
)
from pages.bandits import one_run, parameters, play, testbed
from ui.controls import Controls

VIEWS = {"play": play, "one_run": one_run, "testbed": testbed, "parameters": parameters}

controls = Controls(
    "bandits",
    BanditsViewState,
    StrategySettings,
    WorldSettings,
    play=PlaySettings,
    one_run=OneRunSettings,
    testbed=CompareSettings,
    parameters=StudySettings,
)
show_page(controls, VIEWS)
