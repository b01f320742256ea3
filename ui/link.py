"""The address of what is on screen: read once when a visitor arrives, rewritten whenever a control changes.

The names in a link are the names of the settings (`?lr=0.01&hidden=64`). They are not Streamlit's bound keys: those
are shared by all pages, so that one page's `lr` would become the next page's. The address is rewritten
in place (`history.replaceState`), so the browser's Back leads to the page before, not to the slider before.
"""

from urllib.parse import urlencode

import streamlit as st

LONGEST_LINK = 8_000  # characters; browsers and chat programs pass links of this length on unharmed
REMEMBERED = 100  # addresses of our own that may still come back with a delayed request

_address_bar = st.components.v2.component(
    "address_bar",
    html="<span hidden></span>",
    js="""
export default function ({ data }) {
  const address = window.location.pathname + (data.query ? "?" + data.query : "");
  if (address !== window.location.pathname + window.location.search) {
    window.history.replaceState(window.history.state, "", address);
  }
}
""",
)


def arrived(page: str) -> dict[str, list[str]]:
    """The values of a link that the visitor has just followed, by name; empty where nothing new arrived.

    A request carries the address that the browser showed when it was sent. Addresses that this
    session wrote itself are no news, unless the visitor has just come to the page by one.
    """
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    entered = st.session_state.get("page") != page
    st.session_state["page"] = page
    written = st.session_state.setdefault(f"{page}:written", [])
    return query if query and (entered or _encoded(query) not in written) else {}


def show_address(page: str, query: dict[str, list[str]]) -> None:
    """Writes the query into the browser's address bar and remembers that it is ours."""
    text = _encoded(query)
    written = st.session_state.setdefault(f"{page}:written", [])
    arrived_text = _encoded({name: st.query_params.get_all(name) for name in st.query_params})
    for known in (arrived_text, text):
        if known not in written:
            written.append(known)
    del written[:-REMEMBERED]
    _address_bar(key=f"{page}-address", data={"query": text})


def _encoded(query: dict[str, list[str]]) -> str:
    return urlencode(sorted((name, value) for name, values in query.items() for value in values), safe=",:;")
