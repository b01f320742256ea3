"""Start with `streamlit run app.py`."""

import streamlit as st

from ui.navigation import navigation

st.set_page_config(page_icon="ui/favicon.png", layout="wide")
st.logo("ui/logo.svg", size="large")
navigation().run()
