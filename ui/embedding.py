"""A page inside another page: no menu there, but a way out of the frame."""

import streamlit as st

_JS = """
export default function ({ parentElement }) {
  const link = parentElement.querySelector("a");
  const aim = () => {  // at the address as it is now, which says what is on the screen
    const url = new URL(location.href);
    for (const name of ["embed", "embed_options"]) url.searchParams.delete(name);
    link.href = url;
  };
  for (const event of ["pointerdown", "focus", "contextmenu"]) link.addEventListener(event, aim);
  aim();
}
"""

_component = st.components.v2.component(
    "whole_app",
    html='<a target="_blank" rel="noopener">Open the whole app</a>',
    css="a { color: var(--st-link-color); font-family: var(--st-font); }",
    js=_JS,
)


def whole_app_link() -> None:
    """Where the page is embedded: a link to what is on the screen, with the menu, in a tab of its own."""
    if st.context.is_embedded:
        _component(key="whole_app")
