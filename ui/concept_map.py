"""The map of the concepts: a card for each page, an arrow from each to those that build on it. A card is a link.

An arrow that passes a column goes between its cards. On a phone the cards stand under each other, and say in words what
the arrows say elsewhere.
"""

from html import escape

import streamlit as st

from ui.concepts import CONCEPTS, Concept, column, direct_needs

_CSS = """
.map { position: relative; display: grid; gap: 1.25rem 2.75rem; grid-auto-flow: column; align-items: center;
  grid-auto-columns: minmax(0, 1fr); font-family: var(--st-font); color: var(--st-text-color); padding: 4px; }
.step { display: grid; gap: 1.5rem; }
svg { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; overflow: visible; }
path { fill: none; stroke: var(--st-border-color); stroke-width: 2; }
path.here { stroke: var(--st-primary-color); stroke-width: 3; }
marker path { fill: context-stroke; stroke: none; }
a { display: block; position: relative; z-index: 1; padding: 0.6rem 0.75rem;
  border: 1px solid var(--st-border-color); border-radius: 0.35rem; background: var(--st-secondary-background-color);
  color: inherit; text-decoration: none; }
a:hover { border-color: var(--st-primary-color); }
a:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
strong { display: block; color: var(--st-link-color); }
span { display: block; font-size: 0.9rem; line-height: 1.4; }
.needs { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media (max-width: 1000px) {
  .map { grid-auto-flow: row; } svg { display: none; } .map, .step { gap: 0.6rem; }
  .needs { position: static; width: auto; height: auto; clip-path: none; margin-top: 0.35rem; }
}
"""

_JS = r"""
export default function ({ data, parentElement, setTriggerValue }) {
  const map = parentElement.querySelector(".map"), svg = parentElement.querySelector("svg .arrows");
  const place = (name) => parentElement.querySelector(`a[data-name="${name}"]`).getBoundingClientRect();
  const middle = (box) => (box.top + box.bottom) / 2, nearest = (ys, y) =>
    ys.reduce((best, each) => (Math.abs(each - y) < Math.abs(best - y) ? each : best));
  function between(columns, a, b) {  // the gaps through which an arrow passes columns, the nearest to a straight line
    return columns.flatMap((names, i) => {
      const boxes = names.map(place), wanted = middle(a) + (middle(b) - middle(a)) * (i + 1) / (columns.length + 1);
      const gaps = [boxes[0].top - 12, ...boxes.map(({ bottom }, j) =>
        (boxes[j + 1] ? (bottom + boxes[j + 1].top) / 2 : bottom + 12))], y = nearest(gaps, wanted);
      return [[boxes[0].left - 4, y], [boxes[0].right + 4, y]];
    });
  }
  function draw() {
    const origin = map.getBoundingClientRect();
    svg.innerHTML = data.arrows.map(([from, to]) => {
      const [i, j] = [from, to].map((name) => data.columns.findIndex((names) => names.includes(name)));
      const a = place(from), b = place(to);
      const way = [[a.right + 2, middle(a)], ...between(data.columns.slice(i + 1, j), a, b), [b.left - 8, middle(b)]];
      const points = way.map(([x, y]) => [x - origin.left, y - origin.top]);
      const curves = points.slice(1).map(([x, y], k) => {
        const [x0, y0] = points[k], bend = (x - x0) / 2;
        return `C${x0 + bend} ${y0} ${x - bend} ${y} ${x} ${y}`;
      });
      return `<path data-of="${from} ${to}" d="M${points[0]}${curves.join("")}" marker-end="url(#head)"/>`;
    }).join("");
  }
  const mark = (name) => svg.querySelectorAll("path").forEach((path) =>
    path.classList.toggle("here", path.dataset.of.split(" ").includes(name)));
  for (const link of parentElement.querySelectorAll("a")) {
    link.onmouseenter = link.onfocus = () => mark(link.dataset.name);
    link.onmouseleave = link.onblur = () => mark(null);
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


def _columns() -> list[list[Concept]]:
    """The concepts of each column, those that build on what stands high first, so that few arrows cross."""
    columns: list[list[Concept]] = []
    heights: dict[str, float] = {}
    for at in range(1 + max(map(column, CONCEPTS))):
        here = [concept for concept in CONCEPTS if column(concept) == at]
        if at:
            here.sort(key=lambda concept: sum(heights[name] for name in concept.needs) / len(concept.needs))
        heights |= {concept.name: (i + 1) / (len(here) + 1) for i, concept in enumerate(here)}
        columns.append(here)
    return columns


def _html() -> str:
    columns = "".join(f'<div class="step">{"".join(map(_card, concepts))}</div>' for concepts in _columns())
    return f"""<nav class="map" aria-label="Map of the concepts">{columns}
<svg aria-hidden="true"><defs><marker id="head" viewBox="0 0 8 8" refX="2" refY="4" markerWidth="6" markerHeight="6"
orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs><g class="arrows"></g></svg></nav>"""


_component = st.components.v2.component("concept_map", html=_html(), css=_CSS, js=_JS)


def concept_map() -> None:
    """Shows the map, and goes to the page whose card was chosen."""
    arrows = [(need, concept.name) for concept in CONCEPTS for need in direct_needs(concept)]
    columns = [[concept.name for concept in here] for here in _columns()]
    chosen = _component(
        key="concept-map", data={"arrows": arrows, "columns": columns}, on_open_change=lambda: None
    ).open
    if chosen in [concept.name for concept in CONCEPTS]:
        st.switch_page(f"pages/{chosen}.py")
