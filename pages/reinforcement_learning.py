"""Reinforcement learning: how does an agent learn from rewards?"""

from ui.page import begin, show_page

begin(
    "How does an agent learn from rewards?",
    "Nobody shows it the right answer. It tries a move, gets a reward or a penalty, and finds itself somewhere else. "
    "From this alone it has to learn which moves bring the most in the long run. Drive it yourself first.",
)

from core.reinforcement_learning.settings import (
    CompareSettings,
    LearningSettings,
    LoopSettings,
    MapSettings,
    PlanningSettings,
    PolicySettings,
    PredictionSettings,
    RewardsViewState,
)
from pages.reinforcement_learning import compare, learning, loop, planning, policy, prediction
from ui.controls import Controls

VIEWS = {
    "loop": loop,
    "planning": planning,
    "prediction": prediction,
    "learning": learning,
    "compare": compare,
    "policy": policy,
}

controls = Controls(
    "reinforcement_learning",
    RewardsViewState,
    MapSettings,
    loop=LoopSettings,
    planning=PlanningSettings,
    prediction=PredictionSettings,
    learning=LearningSettings,
    compare=CompareSettings,
    policy=PolicySettings,
)
show_page(controls, VIEWS)
