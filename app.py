"""Start with `streamlit run app.py`."""

import streamlit as st

if __name__ == "__main__":  # for each visitor, at every change
    from ui.embedding import whole_app_link
    from ui.navigation import navigation

    st.set_page_config(page_icon="ui/favicon.png", layout="wide")
    st.logo("ui/logo.svg", size="large")
    page = navigation()
    whole_app_link()
    page.run()
else:  # once, when the server starts
    from ui.server import routes

    app = st.App("app.py", routes=routes())
