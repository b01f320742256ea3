"""What several views of this page say: what each strategy does."""

from collections.abc import Iterable

import streamlit as st

from core.bandits.settings import STRATEGIES

ABOUT = {
    "greedy": "always pulls the arm with the highest estimate, the average of what it has paid so far.",
    "epsilon": "pulls a random arm with probability ε, else the one with the highest estimate.",
    "decaying": "does as ε-greedy, with an ε that falls with the step t: 1/tᵖ.",
    "optimistic": "is greedy, but first believes that every arm pays Q₁. As long as arms disappoint, it tries others.",
    "ucb": "adds a bonus c √(ln t / n) to each estimate: the less often an arm was pulled (n), the larger. It pulls "
    "the arm with the highest sum.",
    "gradient": "keeps no estimates but preferences. What pays more than the average so far becomes more likely, in "
    "steps of size α.",
    "no_baseline": "does as the gradient strategy, but compares rewards with 0 instead of their average.",
    "thompson": "draws for every arm a mean that is possible after what it has seen, and pulls the highest draw. "
    "At first it expects means about σ away from 0.",
}


def what_they_do(strategies: Iterable[str]) -> None:
    """A sentence for each strategy, behind a lid."""
    with st.expander("What the strategies do"):
        st.markdown("\n".join(f"- **{STRATEGIES[name]}** {ABOUT[name]}" for name in strategies))
