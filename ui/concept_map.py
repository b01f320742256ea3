"""The map of the concepts: a card for each page, an arrow from each to those that build on it. A card is a link."""

from html import escape

import streamlit as st

from ui.concepts import CONCEPTS, Concept, depth

_CSS = """
.map { position: relative; display: grid; gap: 1.25rem 3.5rem; grid-auto-flow: column; align-items: center;
  font-family: var(--st-font); color: var(--st-text-color); padding: 4px; }
.step { display: grid; gap: 1.25rem; }
svg { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; overflow: visible; }
path { fill: none; stroke: var(--st-border-color); stroke-width: 2; }
marker path { fill: var(--st-border-color); stroke: none; }
a { display: block; position: relative; z-index: 1; padding: 0.75rem 1rem;
  border: 1px solid var(--st-border-color); border-radius: 0.35rem; background: var(--st-secondary-background-color);
  color: inherit; text-decoration: none; }
a:hover { border-color: var(--st-primary-color); }
a:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
strong { display: block; color: var(--st-link-color); }
span { display: block; font-size: 0.9rem; }
.needs { margin-top: 0.35rem; }
@media (max-width: 700px) { .map { grid-auto-flow: row; } svg { display: none; } }
"""

_JS = r"""
export default function ({ data, parentElement, setTriggerValue }) {
  const map = parentElement.querySelector(".map"), svg = parentElement.querySelector("svg .arrows");
  const place = (name) => parentElement.querySelector(`a[data-name="${name}"]`).getBoundingClientRect();
  function draw() {
    const origin = map.getBoundingClientRect();
    svg.innerHTML = data.arrows.map(([from, to]) => {
      const a = place(from), b = place(to);
      const x1 = a.right - origin.left + 2, y1 = (a.top + a.bottom) / 2 - origin.top;
      const x2 = b.left - origin.left - 8, y2 = (b.top + b.bottom) / 2 - origin.top, bend = (x2 - x1) / 2;
      return `<path d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}" marker-end="url(#head)"/>`;
    }).join("");
  }
  for (const link of parentElement.querySelectorAll("a")) {
    link.onclick = (event) => {  // without loading the app anew; with a held key, the browser opens the link
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      setTriggerValue("open", link.dataset.name);
    };
  }
  const watcher = new ResizeObserver(draw);
  watcher.observe(map);
  return () => watcher.disconnect();
}
"""


def _card(concept: Concept) -> str:
    titles = ", ".join(escape(known.title) for known in CONCEPTS if known.name in concept.needs)
    needs = f'<span class="needs">Builds on: {titles}</span>' if titles else ""
    name, title, about = escape(concept.name), escape(concept.title), escape(concept.about)
    return f'<a href="{name}" data-name="{name}"><strong>{title}</strong><span>{about}</span>{needs}</a>'


def _html() -> str:
    steps: dict[int, list[str]] = {}
    for concept in CONCEPTS:
        steps.setdefault(depth(concept), []).append(_card(concept))
    columns = "".join(f'<div class="step">{"".join(steps[step])}</div>' for step in sorted(steps))
    return f"""<nav class="map" aria-label="Map of the concepts">{columns}
<svg aria-hidden="true"><defs><marker id="head" viewBox="0 0 8 8" refX="2" refY="4" markerWidth="6" markerHeight="6"
orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs><g class="arrows"></g></svg></nav>"""


_component = st.components.v2.component("concept_map", html=_html(), css=_CSS, js=_JS)


def concept_map() -> None:
    """Shows the map, and goes to the page whose card was chosen."""
    arrows = [(need, concept.name) for concept in CONCEPTS for need in concept.needs]
    chosen = _component(key="concept-map", data={"arrows": arrows}, on_open_change=lambda: None).open
    if chosen in [concept.name for concept in CONCEPTS]:
        st.switch_page(f"pages/{chosen}.py")
