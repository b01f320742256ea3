"""The address of what is on screen: read when a visitor comes to a page, rewritten whenever a control changes.

The names in a link are the names of the settings (`?lr=0.01&hidden=64`). They are not Streamlit's bound keys: those
are shared by all pages, so that one page's `lr` would become the next page's. The address is rewritten
in place (`history.replaceState`), so the browser's Back leads to the page before, not to the slider before.

Streamlit tells a session only the address by which its visitor once came. Where the server has lost a session, because
it was started anew or the connection was cut for long, the next one would throw the visitor back there: so the browser
says at what address it stands as soon as it is connected again.
"""

from urllib.parse import parse_qs, urlencode
from uuid import uuid4

import streamlit as st

LONGEST_LINK = 8_000  # characters; browsers and chat programs pass links of this length on unharmed
STREAMLIT_S = ("embed", "embed_options")  # names that say how the app is shown, not what

_reconnection = st.components.v2.component(
    "reconnection",
    html="<span hidden></span>",
    js="""
export default function ({ data, setTriggerValue }) {
  const app = document.querySelector("[data-testid=stApp]"), connection = "data-test-connection-state";
  const watcher = new MutationObserver(() => {
    if (app.getAttribute(connection) !== "CONNECTED") return;
    setTriggerValue("again", { session: data.session, query: window.location.search.slice(1) });
  });
  watcher.observe(app, { attributeFilter: [connection] });
  return () => watcher.disconnect();
}
""",
)
_address_bar = st.components.v2.component(
    "address_bar",
    html="<span hidden></span>",
    js="""
export default function ({ data }) {
  const { pathname, search } = window.location;
  const kept = search.slice(1).split("&").filter((part) => data.kept.includes(part.split("=")[0].toLowerCase()));
  const query = [...kept, data.query].filter(Boolean).join("&");
  const address = pathname + (query ? "?" + query : "");
  if (address !== pathname + search) window.history.replaceState(window.history.state, "", address);
  // Another view begins at its top, also where a button far below has opened it.
  const main = document.querySelector("[data-testid=stMain]"), view = new URLSearchParams(data.query).get("view") ?? "";
  if (main.dataset.view !== undefined && main.dataset.view !== view) main.scrollTo(0, 0);
  main.dataset.view = view;
}
""",
)


def arrived(page: str) -> dict[str, list[str]] | None:
    """The values of the link by which the visitor has just come, by name; None where they came without or were here."""
    session = st.session_state.setdefault("session", uuid4().hex)
    st.session_state["page"] = page
    sent = _reconnection(key=f"link-read-{page}", data={"session": session}, on_again_change=lambda: None).again
    lost = _of_lost_session(sent, session)
    if lost is not None:
        return lost
    if st.session_state.get("link taken") == page:
        return None
    return {name: st.query_params.get_all(name) for name in st.query_params} or None


def taken(page: str) -> None:
    """Says that the link of the page on screen has done its work; until then every run takes it."""
    st.session_state["link taken"] = page


def _of_lost_session(sent: object, session: str) -> dict[str, list[str]] | None:
    """The query that the browser showed when it was connected again; None if it still has this session.

    Args:
        sent: whatever the browser sent; expected are the session that it knew, and its query.
    """
    if not isinstance(sent, dict) or sent.get("session") == session:
        return None
    text = sent.get("query")
    if not isinstance(text, str) or len(text) > LONGEST_LINK:
        return None
    query = parse_qs(text, keep_blank_values=True)
    return {name: values for name, values in query.items() if name.lower() not in STREAMLIT_S}


def show_address(page: str, query: dict[str, list[str]]) -> None:
    """Writes the query into the browser's address bar; how the app is shown stays there."""
    taken(page)
    _address_bar(key=f"link-write-{page}", data={"query": _encoded(query), "kept": STREAMLIT_S})


def _encoded(query: dict[str, list[str]]) -> str:
    return urlencode(sorted((name, value) for name, values in query.items() for value in values), safe=",:;")
