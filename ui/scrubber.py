"""Time as a slider: first, back, play, forward, last; `scrubber.js` plays a whole run in some seconds.

The charts carry their own frames, so the pictures move in the browser without a request to the server. When the reader
rests at a moment, the server hears of it and whatever stands beside the charts follows.

Where no chart has frames (`charts` is empty), the steps are shown by the server: it then hears of every step.

A chart and its scrubber may reach the browser in any order. So that they never show two moments, a chart is told of
which run it is, here by `st.session_state["scrubbed"]`, and waits for the scrubber of that run.

A line that grows with time need not be in every frame: the figure's trace holds the whole of it and says with
`meta={"upto": [0, 4, 9]}` that at the first moment its first point is shown, at the second its first five, and so on.
"""

from pathlib import Path

import streamlit as st

from ui.controls import Controls

SPEEDS = (0.5, 1, 2, 4)


def _button(go: str, label: str, path: str) -> str:
    icon = f'<svg viewBox="0 0 16 16" aria-hidden="true"><path d="{path}"/></svg>'
    return f'<button type="button" data-go="{go}" aria-label="{label}">{icon}</button>'


_HTML = f"""
<div class="scrubber" role="group">
  <div class="buttons">
    {_button("first", "First moment", "M2 2h2v12H2zM14 2v12L5 8z")}
    {_button("back", "One moment back", "M12 2v12L3 8z")}
    <button type="button" data-go="play">Play</button>
    {_button("forward", "One moment forward", "M4 2v12l9-6z")}
    {_button("last", "Last moment", "M12 2h2v12h-2zM2 2v12l9-6z")}
  </div>
  <input type="range" min="0" step="1">
  <label>Speed <select>{"".join(f'<option value="{speed:g}">{speed:g}×</option>' for speed in SPEEDS)}</select></label>
  <output aria-live="polite"></output>
  <small></small>
</div>
"""

_CSS = """
.scrubber { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 0.75rem; color: var(--st-text-color);
  font-family: var(--st-font); font-size: 0.95rem; padding: 2px; }
.buttons { display: flex; gap: 0.25rem; }
button { min-width: 2.5rem; min-height: 2.5rem; border: 1px solid var(--st-border-color); background: transparent;
  color: inherit; border-radius: var(--st-button-radius); cursor: pointer; font: inherit; }
svg { width: 1rem; height: 1rem; fill: currentColor; vertical-align: -0.1rem; }
button:hover { border-color: var(--st-primary-color); }
:is(button, input, select):focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
[data-go="play"] { min-width: 5.5rem; font-weight: 600; border: 2px solid var(--st-primary-color); }
input { flex: 1 1 9rem; min-width: 8rem; min-height: 2rem; accent-color: var(--st-primary-color); }
select { min-height: 2.5rem; padding: 0 0.35rem; border: 1px solid var(--st-border-color); font: inherit;
  border-radius: var(--st-button-radius); background: var(--st-background-color); color: inherit; }
output { flex: 1 1 100%; font-variant-numeric: tabular-nums; min-height: 1.5em; }
small { flex: 1 1 100%; }
small:empty { display: none; }
@media (max-width: 640px) {  /* little room, and always the same, so that the figure below keeps its place */
  .scrubber { gap: 0.25rem 0.5rem; }
  [data-go="first"], [data-go="last"] { display: none; }  /* the slider reaches both */
  [data-go="play"] { min-width: 4rem; padding: 0; }
  input { flex-basis: 4rem; min-width: 4rem; }
  label { font-size: 0; }
  select { font-size: 0.95rem; }
  output { line-height: 1.3; height: 2.6em; overflow: auto; }
  small { font-size: 0.75rem; }
}
@media print { .buttons, label, input, small { display: none; } }
"""

_JS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_component = st.components.v2.component("scrubber", html=_HTML, css=_CSS, js=_JS)


def scrubber(
    controls: Controls,
    field: str,
    updates: list[int],
    labels: list[str],
    charts: list[str],
    run: str,
    name: str = "Moment in training",
    opening: int | None = None,
) -> int:
    """Shows the transport and returns the index of the moment at which the reader rests.

    Args:
        field: the control that holds the update at which the reader rests; its upper bound stands for "the end".
        updates: the update of each moment, increasing.
        labels: what to say at each moment.
        charts: keys of the charts to move; each picture has one frame a moment. They hear of each moment by the
            document's event `scrubber-moment`, and so does what is no chart, such as a canvas.
        run: changes when the recorded run does; the browser then lets go of its own position.
        name: what the slider is for, for screen readers.
        opening: the moment shown when the field's update lies beyond the last one; the last one if None.
    """
    key = f"{controls.page}-scrubber"
    end = controls.kinds[field].high
    index = moment_index(updates, controls.values[field])
    if opening is not None and controls.values[field] > updates[-1]:
        index = opening

    def rested() -> None:
        state = st.session_state[key].get("rest")
        chosen = state.get("index") if isinstance(state, dict) else None
        seq = state.get("seq") if isinstance(state, dict) else None
        if type(chosen) is int and 0 <= chosen < len(updates) and type(seq) is int:
            st.session_state[f"{key}:seq"] = seq
            last = chosen == len(updates) - 1 and opening is None
            controls.set(**{field: end if last else updates[chosen]})

    st.session_state["scrubbed"] |= dict.fromkeys(charts, run)
    controls.shown.append(field)
    data = {"index": index, "labels": labels, "charts": charts, "run": run, "label": name, "note": recorded(updates)}
    _component(key=key, data=data | {"seq": st.session_state.get(f"{key}:seq", 0)}, on_rest_change=rested)
    controls.show_problem(field)
    return index


def recorded(updates: list[int]) -> str:
    """What to say where not every moment of the run can be looked at."""
    moments = updates[-1] - updates[0] + 1
    if len(updates) == moments:
        return ""
    return f"The start and every step make {moments:,} moments; the slider shows {len(updates):,}."


def moment_index(updates: list[int], at: int) -> int:
    """The last moment that is not later than update `at`."""
    return max((i for i, update in enumerate(updates) if update <= at), default=0)
