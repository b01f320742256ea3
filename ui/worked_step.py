"""One step of the computation with the numbers of this run, small enough to be checked by hand."""

import streamlit as st


def worked_step(text: str) -> None:
    """Shows the step; every number in it comes from the run."""
    st.markdown(f"**Check it by hand.** {text}")
