// Draws with the plotly.js that Streamlit ships, and keeps the chart: zoom and the view of a landscape outlast new data.
// A scrubber elsewhere on the page says at which moment of which run a chart stands; a chart of another run waits.
const STATE = new WeakMap();
const CONFIG = { displayModeBar: false, showTips: false, typesetMath: false, doubleClick: "reset" };
const HEIGHT = 450;  // plotly's own, where a figure names none
const PHONE = matchMedia("(max-width: 640px)");
const NARROW = 200;  // pixels of width with room for the plot alone
const NEAR = 100;  // pixels beyond the window that count as in sight
const LATE = 3000;  // milliseconds after which a chart is drawn even if its scrubber has said nothing
const STILL = 6;  // pixels that a finger may move and still be said to click
const FINGER = matchMedia("(pointer: coarse)");
const TWICE = 300;  // milliseconds, as plotly has it: a second click within them makes a double click, which ends a zoom
const ARRAYS = { f8: Float64Array, f4: Float32Array, i4: Int32Array, u4: Uint32Array, i2: Int16Array, u2: Uint16Array,
  i1: Int8Array, u1: Uint8Array };
const moments = (window.scrubberMoments ??= new Map());

let loading;
async function library(files) {  // each as seen from the folder of Streamlit's own program
  for (const file of files) {
    const url = new URL(file, document.querySelector("script[type=module]").src);
    for (const again of ["", `?${Date.now()}`]) {  // browsers may remember a failure by its address
      await import(`${url}${again}`).catch((error) => console.warn(`No plotly.js at ${url}: ${error.message}`));
      if (window.Plotly) return;
    }
  }
  loading = null;
  throw new Error("No copy of plotly.js could be loaded.");
}

function load(s, files) {
  (loading ??= library(files)).then(
    () => { if (!s.plot._fullLayout) s.plot.replaceChildren(); schedule(s); },
    () => { s.plot.textContent = "The chart could not be loaded. Change a control to try again, or reload the page."; });
}

// --- What is drawn -----------------------------------------------------------------------------------------------

// A colour between two of the form #rrggbb; opaque, since lines in space know no transparency.
function between(one, other, share) {
  const parts = (color) => [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16));
  const [from, to] = [parts(one), parts(other)];
  return `rgb(${from.map((part, i) => Math.round(part + (to[i] - part) * share)).join()})`;
}

function theme(element, small) {
  const style = getComputedStyle(element), value = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const text = value("text-color"), clear = "rgba(0,0,0,0)";
  const grid = between(value("background-color"), value("border-color"), 0.25);
  const font = { family: value("font"), size: small ? 11 : 12, color: text };
  const larger = { ...font, size: small ? 11 : 14 };
  const axis = { gridcolor: grid, zerolinecolor: grid, tickcolor: grid, tickfont: font, automargin: true,
    title: { font: larger, standoff: small ? 10 : 20 } };
  const solid = { gridcolor: grid, zerolinecolor: grid, tickfont: font, title: { font }, showbackground: false };
  return {
    data: { scatter: [{ type: "scatter", marker: { line: { width: 0 } } }] },
    layout: {
      font, title: { font: { ...font, family: value("heading-font"), size: small ? 13 : 16 } }, margin: { l: 0, r: 0, pad: 8 },
      paper_bgcolor: clear, plot_bgcolor: clear, colorway: value("chart-categorical-colors").split(","),
      xaxis: { ...axis, showgrid: false, zeroline: false }, yaxis: { ...axis, ticklabelposition: "outside" },
      scene: { xaxis: solid, yaxis: solid, zaxis: solid },
      hoverlabel: { bgcolor: value("background-color"), bordercolor: value("border-color"), font },
      coloraxis: { colorbar: { thickness: 16, title: { font: larger } } },
    },
  };
}

// On a phone, whose style sheet also leaves less height, the plot itself gets most of the room: letters and margins are
// small, a scale that is the only one stands upright; a very narrow chart has neither scale nor titles.
function lean(s) {
  const narrow = s.plot.clientWidth < NARROW, none = { text: "" };
  const upright = { orientation: "v", x: 1.01, xanchor: "left", y: 0.5, yanchor: "middle", len: 1, thickness: 8 };
  const scaled = s.data.filter((trace) => trace.colorbar && trace.showscale !== false);
  s.data = s.data.map((trace) => !scaled.includes(trace) ? trace : { ...trace, showscale: !narrow,
    colorbar: { ...trace.colorbar, ...(scaled.length === 1 ? upright : {}) } });
  const axes = Object.entries(s.layout).filter(([name]) => narrow && /^[xy]axis/.test(name));
  s.layout = { ...s.layout, ...Object.fromEntries(axes.map(([name, axis]) => [name, { ...axis, title: none }])),
    margin: { l: 0, r: 0, t: s.layout.title ? 28 : 6, b: 0 },
    legend: { ...s.layout.legend, orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { size: 10 } } };
}

// In the dark theme a trace looks as its meta says under "dark", on a phone as it says under "phone".
function inTheme(s) {
  const dark = getComputedStyle(s.frame).colorScheme === "dark";
  const here = [dark && "dark", s.small && "phone"].filter(Boolean);
  return s.figure.data.map((trace) => here.reduce((so, name) => merged(so, trace.meta?.[name] ?? {}), trace));
}

function dress(s) {
  s.small = PHONE.matches;
  s.data = inTheme(s);
  const template = theme(s.frame, s.small);
  s.layout = { uirevision: axesOf(s.figure.layout), ...s.figure.layout, template, autosize: true };
  delete s.layout.height;  // plotly takes that of the element
  if (FINGER.matches && !s.layout.scene) s.layout.dragmode = false;  // a finger over a chart scrolls the page
  if (s.small) lean(s);
}

// Zoom is kept as long as the axes stay what they are.
function axesOf(layout) {
  const part = ([name, axis]) => [name, axis.title?.text, axis.type, axis.range];
  return JSON.stringify(Object.entries(layout).filter(([name]) => /^[xy]axis/.test(name)).map(part));
}

// Where the axes or the legend's entries change, plotly would keep the margins of the picture before.
function partsOf(s) {
  if (s.layout.scene) return "";  // a turned landscape stays turned
  const entries = s.figure.data.filter((trace) => trace.showlegend !== false).map((trace) => trace.name);
  return JSON.stringify([s.layout.uirevision, entries]);
}

function merged(trace, change) {
  const result = { ...trace };
  for (const [key, value] of Object.entries(change)) {
    const inner = value?.constructor === Object && !("bdata" in value) && trace[key]?.constructor === Object;
    result[key] = inner ? merged(trace[key], value) : value;
  }
  return result;
}

function decoded(values) {  // plotly's own way to send an array
  const Kind = ARRAYS[values?.dtype];
  return Kind ? new Kind(Uint8Array.from(atob(values.bdata), (c) => c.charCodeAt(0)).buffer) : values;
}

// The first points of a line that grows with time.
function begun(s, trace, upto) {
  const axes = ["x", "y", "z"].filter((axis) => axis in trace);
  if (!s.whole.has(trace)) s.whole.set(trace, Object.fromEntries(axes.map((axis) => [axis, decoded(trace[axis])])));
  const whole = s.whole.get(trace);
  return { ...trace, ...Object.fromEntries(axes.map((axis) => [axis, whole[axis].slice(0, upto + 1)])) };
}

function tracesAt(s, moment) {
  const frame = s.figure.frames?.[moment];
  if (s.hidden?.length) return s.data.filter((_, place) => !s.hidden.includes(place));
  if (!frame) return s.data;
  const data = s.data.map((trace) => {
    const counts = trace.meta?.upto;
    return Array.isArray(counts) ? begun(s, trace, counts[moment]) : trace;
  });
  frame.traces.forEach((number, i) => { data[number] = merged(data[number], frame.data[i]); });
  return data;
}

// The moment to show: undefined for a chart without time, null until the scrubber has told that of this run.
function momentOf(s) {
  if (s.still) return 0;
  if (!s.run) return undefined;
  const told = moments.get(s.key);
  return told?.run === s.run ? told.index : null;
}

function draw(s, late = false) {
  if (!s.due || !s.plot.isConnected || !s.plot.clientWidth) return;
  const moment = momentOf(s);
  clearTimeout(s.awaiting);
  if (moment === null && !late) { s.awaiting = setTimeout(() => draw(s, true), LATE); return; }
  s.due = false;
  if (!s.layout || s.small !== PHONE.matches) dress(s);
  if (s.layout === s.plot.layout && moment === s.moment) { s.frame.dataset.drawn = "true"; return; }
  s.moment = moment;
  const parts = partsOf(s);
  if (s.parts && s.parts !== parts) { window.Plotly.purge(s.plot); s.heard = null; }
  s.parts = parts;
  const drawing = window.Plotly.react(s.plot, tracesAt(s, moment), s.layout, CONFIG);
  drawing.then(() => {
    if (!s.due) s.frame.dataset.drawn = "true";
    if (!s.heard) s.heard = s.plot.on("plotly_click", ({ points: [{ x, y }] }) => {
      if (s.marks) s.trigger("mark", { x, y });
    });
  }).catch((error) => { if (s.plot.isConnected) throw error; });  // it may have left the page meanwhile
}

// --- When it is drawn: at once in sight, else when the browser has nothing else to do ------------------------------

const waiting = new Set();
let idle = null;
const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work, 50));

function wake() {
  if (idle || !waiting.size) return;
  idle = whenIdle(() => {
    idle = null;
    const [next] = waiting;
    waiting.delete(next);
    draw(next);
    wake();
  });
}

function inSight(s) {
  const box = s.plot.getBoundingClientRect();
  return box.bottom > -NEAR && box.top < window.innerHeight + NEAR;
}

function schedule(s, playing = false) {
  s.due = true;
  s.frame.dataset.drawn = "false";
  if (!window.Plotly || !s.figure) return;
  if (inSight(s)) {
    s.next ??= requestAnimationFrame(() => { s.next = null; draw(s); });
  } else if (!playing) { waiting.add(s); wake(); }
}

// --- Clicks anywhere on a plane, in the numbers of its axes ---------------------------------------------------------

function placeOn(s, event) {
  const layout = s.plot._fullLayout;
  if (!s.places || !layout?._plots || event.target.closest?.(".legend") || !s.plot.contains(event.target)) return null;
  const box = s.plot.getBoundingClientRect();
  const planes = layout._subplots.cartesian.filter((name) => name.startsWith("xy"));  // over the one x axis
  for (const { xaxis, yaxis } of planes.map((name) => layout._plots[name])) {
    const x = event.clientX - box.left - xaxis._offset, y = event.clientY - box.top - yaxis._offset;
    if (x >= 0 && y >= 0 && x <= xaxis._length && y <= yaxis._length) {
      return { x: xaxis.p2d(x), y: yaxis.p2d(y), axis: yaxis._id };
    }
  }
  return null;
}

function listeners(s) {
  let held = null, clicked = null;
  const click = (place) => {
    const again = clicked !== null;
    clearTimeout(clicked);
    clicked = null;
    if (s.plot._fullLayout.xaxis.fixedrange) s.trigger("place", place);
    else if (!again) clicked = setTimeout(() => { clicked = null; s.trigger("place", place); }, TWICE);
  };
  return {
    pointerdown: (event) => {
      const place = event.isPrimary && event.button === 0 ? placeOn(s, event) : null;
      held = place && { place, at: [event.clientX, event.clientY] };
    },
    pointerup: (event) => {
      if (held && Math.hypot(event.clientX - held.at[0], event.clientY - held.at[1]) <= STILL) {
        click(held.place);
      }
      held = null;
    },
    pointercancel: () => { held = null; },  // the browser took it for a scroll
    "scrubber-moment": ({ detail }) => {
      if (detail.charts.includes(s.key) && detail.run === s.run) schedule(s, detail.playing);
    },
  };
}

function fits({ clientWidth, clientHeight, _fullLayout }) {
  return clientWidth === _fullLayout?.width && clientHeight === _fullLayout?.height;
}

function begin(parentElement) {
  const s = { frame: parentElement.querySelector(".chart"), due: false, whole: new WeakMap() };
  s.plot = s.frame.firstElementChild;
  s.size = new ResizeObserver(() => {
    if (s.due || s.small !== PHONE.matches) schedule(s);
    else if (s.plot.clientWidth && !fits(s.plot)) window.Plotly.Plots.resize(s.plot);
  });
  s.size.observe(s.plot);
  s.sight = new IntersectionObserver(() => { if (s.due) schedule(s); }, { rootMargin: `${NEAR}px` });
  s.sight.observe(s.plot);
  // On the document, before plotly: it lays a cover over the page while a button is down.
  s.listeners = listeners(s);
  for (const [name, listener] of Object.entries(s.listeners)) document.addEventListener(name, listener, true);
  STATE.set(parentElement, s);
  return s;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const s = STATE.get(parentElement) ?? begin(parentElement);
  s.key = data.key;
  s.trigger = setTriggerValue;
  s.marks = data.marks;
  s.places = data.places;
  const now = JSON.stringify([data.run, data.still]);
  if (s.now !== now) {  // also at the same moment of time, other traces may be hidden now: NaN is no moment
    Object.assign(s, { now, run: data.run, still: data.still, hidden: data.hidden, moment: NaN });
    schedule(s);
  }
  s.frame.setAttribute("aria-label", data.alt);
  s.frame.classList.toggle("places", data.places);
  const look = JSON.stringify(theme(parentElement));
  if (s.text !== data.figure || s.look !== look) {
    if (s.text !== data.figure) s.figure = JSON.parse(data.figure);
    [s.text, s.look] = [data.figure, look];
    const { meta, height = HEIGHT } = s.figure.layout;
    s.plot.style.height = meta?.height ?? `${height}px`;  // one of CSS where it hangs on the width of the screen
    s.layout = null;
    schedule(s);
    if (!window.Plotly) load(s, data.libraries);
  }
  return () => {
    clearTimeout(s.awaiting);
    s.size.disconnect();
    s.sight.disconnect();
    for (const [name, listener] of Object.entries(s.listeners)) document.removeEventListener(name, listener, true);
    waiting.delete(s);
    window.Plotly?.purge(s.plot);
    STATE.delete(parentElement);
  };
}
