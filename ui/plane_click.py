"""A click or a tap anywhere on a chart's plane, in the numbers of its axes.

    plane_click("contour", take=lambda x, y: controls.set(x=x, y=y))

Plotly itself tells only of clicks on marks. The browser's part here has no picture of its own: it watches a chart that
it finds by its key. What counts as a click is a press that does not move, with mouse, pen or finger, on the plane
itself and not on the legend. It is not checked here, beyond being two finite numbers: `take` must.
"""

import math
from collections.abc import Callable

import streamlit as st

_JS = r"""
const STATE = new WeakMap();
const STILL = 6;  // pixels that a finger may move and still be said to click
const OTHERS = ".modebar, .legend, .rangeslider-container, .updatemenu-container";

function placeOn(key, event) {
  const plot = document.querySelector(`.st-key-${key} .js-plotly-plot`), layout = plot?._fullLayout;
  if (!layout?.xaxis || event.target.closest?.(OTHERS) || !plot.contains(event.target)) return null;
  const box = plot.getBoundingClientRect(), { xaxis, yaxis } = layout;
  const x = event.clientX - box.left - xaxis._offset, y = event.clientY - box.top - yaxis._offset;
  if (x < 0 || y < 0 || x > xaxis._length || y > yaxis._length) return null;
  return { x: xaxis.p2d(x), y: yaxis.p2d(y) };
}

export default function ({ data, parentElement, setStateValue }) {
  let s = STATE.get(parentElement);
  if (!s) {
    s = { held: null, style: document.createElement("style") };
    s.down = (event) => {
      const place = event.isPrimary && event.button === 0 ? placeOn(s.key, event) : null;
      s.held = place && { place, at: [event.clientX, event.clientY] };
    };
    s.up = (event) => {
      if (s.held && Math.hypot(event.clientX - s.held.at[0], event.clientY - s.held.at[1]) <= STILL) {
        s.send("place", { ...s.held.place, seq: Date.now() });
      }
      s.held = null;
    };
    s.cancel = () => { s.held = null; };  // the browser took it for a scroll
    // On the document, before plotly: it lays a cover over the page while a button is down.
    s.listeners = { pointerdown: s.down, pointerup: s.up, pointercancel: s.cancel };
    for (const [name, listener] of Object.entries(s.listeners)) document.addEventListener(name, listener, true);
    document.head.append(s.style);
    STATE.set(parentElement, s);
  }
  s.send = setStateValue;
  s.key = data.chart;
  s.style.textContent = `.st-key-${data.chart} .nsewdrag { cursor: crosshair !important; }`;
  return () => {
    for (const [name, listener] of Object.entries(s.listeners)) document.removeEventListener(name, listener, true);
    s.style.remove();
    STATE.delete(parentElement);
  };
}
"""

_component = st.components.v2.component("plane_click", html="<span hidden></span>", js=_JS)


def plane_click(chart: str, take: Callable[[float, float], None]) -> None:
    """Listens to a chart whose x and y axes are linear.

    Args:
        chart: its key.
        take: gets the place as a callback, before the page runs again; it may set controls.
    """
    key = f"{chart}-plane-click"

    def clicked() -> None:
        sent = st.session_state[key].get("place")
        place = [sent.get("x"), sent.get("y")] if isinstance(sent, dict) else []
        if len(place) == 2 and all(type(v) in (int, float) and math.isfinite(v) for v in place):
            take(float(place[0]), float(place[1]))

    _component(key=key, data={"chart": chart}, on_place_change=clicked)


def rounded(value: float, low: float, high: float) -> float:
    """A clicked number inside its bounds, with as many digits as a thousandth of the picture's width has."""
    digits = math.floor(-math.log10(max(high - low, 1e-300) / 1000))
    return round(min(max(value, low), high), digits)
