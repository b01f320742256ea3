"""Time as a slider: first, back, play, forward, last.

The charts carry their own frames, so the pictures move in the browser without a request to the server. When the reader
rests at a moment, the server hears of it and whatever stands beside the charts follows.

Where no chart has frames (`charts` is empty), the steps are shown by the server: it then hears of every step, and Play
leaves time to read each.

A line that grows with time need not be in every frame: the figure's trace holds the whole of it and says with
`meta={"upto": [0, 4, 9]}` that at the first moment its first point is shown, at the second its first five, and so on.
"""

import streamlit as st

from ui.controls import Controls


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
  <output aria-live="polite"></output>
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
button:focus-visible, input:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
[data-go="play"] { min-width: 5.5rem; font-weight: 600; border: 2px solid var(--st-primary-color); }
input { flex: 1 1 9rem; min-width: 8rem; min-height: 2rem; accent-color: var(--st-primary-color); }
output { flex: 1 1 100%; font-variant-numeric: tabular-nums; min-height: 1.5em; }
"""

_JS = r"""
const STATE = new WeakMap();
const FRAME_MS = 90, SERVED_MS = 1200, LEAST_MS = 15, REST_MS = 250;

const moments = (window.scrubberMoments ??= new Map());  // where charts read at which moment to begin

function show(s, index, fresh = false) {
  s.index = Math.max(0, Math.min(s.labels.length - 1, index));
  s.range.value = s.index;
  s.range.setAttribute("aria-valuetext", s.labels[s.index]);
  s.output.textContent = s.labels[s.index];
  say(s, fresh);
}

function say(s, fresh = false) {
  for (const key of s.charts) moments.set(key, s.index);
  const detail = { charts: s.charts, index: s.index, playing: Boolean(s.playing), fresh };
  document.dispatchEvent(new CustomEvent("scrubber-moment", { detail }));
}

function rest(s, wait = REST_MS) {
  clearTimeout(s.resting);
  s.unsent = true;  // until then, no answer to an earlier rest may move us
  s.resting = setTimeout(() => {
    s.unsent = false; s.seq += 1; s.send("rest", { seq: s.seq, index: s.index });
  }, wait);
}

const served = (s) => s.charts.length === 0;  // the steps are shown by the server

function pause(s) {
  clearTimeout(s.playing);
  s.playing = null;
  s.play.textContent = "Play";
}

function play(s) {
  if (s.index === s.labels.length - 1) show(s, 0);
  if (served(s)) rest(s, 0);
  s.play.textContent = "Pause";
  const next = () => {
    const began = performance.now();
    show(s, s.index + 1);
    if (s.index === s.labels.length - 1) { pause(s); say(s); rest(s); return; }
    if (served(s)) rest(s, 0);
    s.playing = setTimeout(next, served(s) ? SERVED_MS : Math.max(LEAST_MS, FRAME_MS - (performance.now() - began)));
  };
  s.playing = setTimeout(next, served(s) ? SERVED_MS : FRAME_MS);
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  let s = STATE.get(parentElement);
  if (!s) {
    s = { seq: 0, run: null, playing: null };
    s.range = parentElement.querySelector("input");
    s.output = parentElement.querySelector("output");
    s.play = parentElement.querySelector("[data-go=play]");
    STATE.set(parentElement, s);
  }
  s.send = setStateValue;
  s.charts = data.charts;
  s.labels = data.labels;
  parentElement.querySelector(".scrubber").setAttribute("aria-label", data.label);
  s.range.setAttribute("aria-label", data.label);
  s.range.max = data.labels.length - 1;
  if (s.run !== data.run) {  // another run: let go of our own place in time
    pause(s); clearTimeout(s.resting); s.unsent = false;
    s.run = data.run; s.seq = data.seq; show(s, data.index, true);
  }
  else if (!s.playing && !s.unsent && data.seq >= s.seq && data.index !== s.index) {
    s.seq = data.seq; show(s, data.index);
  }
  s.range.oninput = () => { pause(s); show(s, Number(s.range.value)); rest(s); };
  for (const button of parentElement.querySelectorAll("button")) {
    button.onclick = () => {
      const go = button.dataset.go, wasPlaying = s.playing;
      pause(s);
      if (go === "play") { if (!wasPlaying) { play(s); return; } }
      else show(s, { first: 0, back: s.index - 1, forward: s.index + 1, last: s.labels.length - 1 }[go]);
      rest(s);
    };
  }
  return () => {
    clearTimeout(s.playing);
    clearTimeout(s.resting);
    for (const key of s.charts) moments.delete(key);
  };
}
"""

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

    data = {"index": index, "labels": labels, "charts": charts, "run": run, "label": name}
    _component(key=key, data=data | {"seq": st.session_state.get(f"{key}:seq", 0)}, on_rest_change=rested)
    controls.show_problem(field)
    return index


def moment_index(updates: list[int], at: int) -> int:
    """The last moment that is not later than update `at`."""
    return max((i for i, update in enumerate(updates) if update <= at), default=0)
