// The transport: it moves through the moments of a run, and tells the charts of the page where it stands.
const STATE = new WeakMap();
const RUN_MS = 7000;  // in which a whole run is played
const LONGEST_MS = 1200;  // at one moment, where there are few
const SERVED_MS = 400;  // the shortest at one moment that the server has to draw
const FRAME_MS = 16, REST_MS = 250;
const EARLY = 0.05;  // of a moment, by which a timer may be early

const moments = (window.scrubberMoments ??= new Map());  // chart -> the run and the moment at which it stands
window.scrubberSpeed ??= "1";  // of every scrubber, as the reader has chosen it

function show(s, index) {
  s.index = Math.max(0, Math.min(s.labels.length - 1, index));
  s.range.value = s.index;
  s.range.setAttribute("aria-valuetext", s.labels[s.index]);
  s.output.textContent = s.labels[s.index];
  say(s);
}

function say(s) {
  const { charts, index, run } = s;
  for (const key of charts) moments.set(key, { index, run });
  const detail = { charts, index, run, playing: Boolean(s.playing) };
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
  s.output.setAttribute("aria-live", "polite");
}

// Plays on from here, at the end from the start. Where drawing takes longer than a moment may, moments are left out.
function play(s) {
  const last = s.labels.length - 1, shortest = served(s) ? SERVED_MS : FRAME_MS;
  if (s.index === last) { show(s, 0); if (served(s)) rest(s, 0); }
  s.play.textContent = "Pause";
  s.output.setAttribute("aria-live", "off");
  let from = s.index, since = performance.now(), speed = window.scrubberSpeed;
  const each = () => Math.min(LONGEST_MS, RUN_MS / last) / Number(speed);
  const wait = () => { s.playing = setTimeout(next, Math.max(shortest, each())); };
  const next = () => {
    const now = performance.now(), index = Math.min(last, from + Math.floor((now - since) / each() + EARLY));
    if (index === last) { pause(s); show(s, last); rest(s); return; }
    if (index !== s.index) { show(s, index); if (served(s)) rest(s, 0); }
    if (speed !== window.scrubberSpeed) [from, since, speed] = [index, now, window.scrubberSpeed];
    wait();
  };
  wait();
}

function begin(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const s = { seq: 0, run: null, playing: null, frame: find(".scrubber"), range: find("input"), output: find("output"),
    play: find("[data-go=play]"), speed: find("select"), note: find("small") };
  STATE.set(parentElement, s);
  return s;
}

export default function ({ data, parentElement, setStateValue }) {
  const s = STATE.get(parentElement) ?? begin(parentElement);
  Object.assign(s, { send: setStateValue, charts: data.charts, labels: data.labels });
  s.frame.setAttribute("aria-label", data.label);
  s.range.setAttribute("aria-label", data.label);
  s.range.max = data.labels.length - 1;
  s.note.textContent = data.note;
  s.speed.value = window.scrubberSpeed;
  s.speed.onchange = () => { window.scrubberSpeed = s.speed.value; };
  if (s.run !== data.run) {  // another run: let go of our own place in time
    pause(s); clearTimeout(s.resting); s.unsent = false;
    s.run = data.run; s.seq = data.seq; show(s, data.index);
  } else if (!s.playing && !s.unsent && data.seq >= s.seq && data.index !== s.index) {
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
