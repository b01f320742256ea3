"""The reader pulls the arms, beside a learner who gets the same rewards for the same pulls."""

import streamlit as st

from core.bandits.play import Game, best_payer_is_best, play
from core.bandits.program import play_program
from core.bandits.settings import ARMS, MOST_PULLS, PlaySettings
from figures.bandits.play import by_hand, estimates, standing, totals
from figures.words import fmt
from ui.chart import chart, held_chart
from ui.controls import Controls
from ui.layout import Layout, view_layout
from ui.prediction import prediction
from ui.program import program_panel
from ui.worked_step import worked_step

NEW = {"play.pulls": "", "play.revealed": False}
PRESETS = {
    "Four arms": ("Where the free round misleads.", {"play.pulls": ""}),
    "Ten arms": ("Where trying all of them takes long.", {"play.arms": 10, "play.seed": 1}),
    "A greedy learner": ("It pulls only what has paid best so far.", {"play.learner": "greedy"}),
    "Thompson": ("It draws what could be true, and believes it for one pull.", {"play.learner": "thompson"}),
}
IS_BEST = {True: "Yes, that arm is the best", False: "No, another arm is better"}
HELD = "Each arm has been pulled once, for you and for the learner. After your guess you pull."


def show(controls: Controls) -> None:
    st.markdown(
        "**Which arm pays best, and can you earn more than the learner?** To try an arm that looks bad is to explore, "
        "to take the one that looks best is to exploit. The learner is a program; it pulls each time you do."
    )
    layout = view_layout()
    with layout.side:
        controls.show("play.pulls", "play.learner", "play.revealed")
        controls.show("play.arms", "play.seed", on_change=lambda _: controls.set(**{"play.pulls": ""}))
        settings = controls.read_or_last(PlaySettings)
        game = play(settings)
        controls.show_presets(PRESETS, PlaySettings)
    guessed = _guess(controls, layout, game)
    with layout.run:
        _arms(controls, game, guessed)
    with layout.stage:
        if not guessed:
            held_chart(estimates(game), "play", layout.words, said=HELD)
            return
        chart(estimates(game), "play", layout.words)
    with layout.beside:
        chart(totals(game), "totals")
    with layout.below:
        worked_step(by_hand(game))
        st.markdown(
            f"**Find out.** Who has more after {MOST_PULLS} pulls, you or the learner? Play the same game again and "
            "pull only what looks best: do you ever find the best arm?"
        )
    program_panel(play_program(game))


def _arms(controls: Controls, game: Game, guessed: bool) -> None:
    """A button for each arm, what the last pull paid, and the ways to a new game."""
    pulls = game.settings.letters
    with st.container(horizontal=True, gap="small"):
        for arm in ARMS[: game.settings.arms]:
            pull = {"on_click": controls.set, "kwargs": {"play.pulls": pulls + arm}}
            off = game.over or not guessed
            st.button(f"Arm {arm}", key=f"bandits-arm-{arm}", type="primary", disabled=off, **pull)
    left = f"{MOST_PULLS - len(pulls)} of {MOST_PULLS} pulls are left."
    if game.over:
        st.markdown(f"**{standing(game)}**")
    elif pulls:
        st.markdown(f"Arm {pulls[-1]} paid **{fmt(game.you.rewards[-1].item(), decimals=2)}**. {left}")
    else:
        st.markdown(f"Pull an arm. {left}")
    with st.container(horizontal=True, gap="small"):
        again = {"on_click": controls.set, "kwargs": NEW}
        st.button("Same arms again", key="bandits-again", disabled=not pulls, **again)
        other = {"on_click": controls.set, "kwargs": NEW | {"play.seed": (game.settings.seed + 1) % 1_000}}
        st.button("Other arms", key="bandits-other", disabled=not guessed, **other)


def _guess(controls: Controls, layout: Layout, game: Game) -> bool:
    is_best = best_payer_is_best(game.settings)
    question = "Each arm has been pulled once. Is the arm that paid most really the best one?"
    why = (
        f"The arm with the highest mean {'paid' if is_best else 'did not pay'} most. One pull says little: chance adds "
        "or takes about 1, as much as the arms differ. Pull again, and find out which arm is best."
    )
    about = (game.settings.arms, game.settings.seed)
    return prediction(controls, layout, question, list(IS_BEST.values()), [IS_BEST[is_best]], why, about)
