const STATE = new WeakMap();
const UNDO = 50, REACH = 1.3;  // how far, in pixels of the square, a stroke leaves ink

const say = (s, text) => { s.output.textContent = text; };
const erases = (s) => s.root.querySelector("input[name=pen]:checked").value === "none";

function draw(s) {
  const u = Math.min(2, window.devicePixelRatio || 1), n = Math.round((s.canvas.clientWidth || 288) * u);
  if (s.canvas.width !== n) s.canvas.width = s.canvas.height = n;
  const g = s.canvas.getContext("2d"), cell = n / s.side;
  g.clearRect(0, 0, n, n);
  s.pixels.forEach((v, i) => {
    const shade = Math.round(255 * (1 - v / s.most));
    g.fillStyle = `rgb(${shade}, ${shade}, ${shade})`;
    g.fillRect((i % s.side) * cell, Math.floor(i / s.side) * cell, cell + 1, cell + 1);
  });
  g.strokeStyle = "rgba(128, 134, 140, 0.5)"; g.lineWidth = u; g.beginPath();
  for (let k = 1; k < s.side; k++) {
    g.moveTo(k * cell, 0); g.lineTo(k * cell, n); g.moveTo(0, k * cell); g.lineTo(n, k * cell);
  }
  g.stroke();
  if (s.focused) {
    g.strokeStyle = "#D55E00"; g.lineWidth = 3 * u;
    g.strokeRect(s.cursor[0] * cell + 2 * u, s.cursor[1] * cell + 2 * u, cell - 4 * u, cell - 4 * u);
  }
}

function stamp(s, x, y) {  // x and y in pixels of the square, from its upper left corner
  const gone = erases(s);
  for (let r = 0; r < s.side; r++) for (let c = 0; c < s.side; c++) {
    const far = Math.hypot(c + 0.5 - x, r + 0.5 - y), i = r * s.side + c;
    if (gone) { if (far < 0.8) s.pixels[i] = 0; continue; }
    const ink = Math.round(s.most * Math.min(1, Math.max(0, REACH - far)));
    s.pixels[i] = Math.max(s.pixels[i], ink);
  }
}

function stroke(s, [x, y]) {
  const [a, b] = s.last ?? [x, y], parts = Math.max(1, Math.ceil(Math.hypot(x - a, y - b) / 0.25));
  for (let k = 1; k <= parts; k++) stamp(s, a + (x - a) * k / parts, b + (y - b) * k / parts);
  s.last = [x, y];
  draw(s);
}

function remember(s) {
  s.past.push([...s.pixels]);
  if (s.past.length > UNDO) s.past.shift();
}
function commit(s, text) {
  s.seq += 1;
  s.send("drawn", { seq: s.seq, pixels: s.pixels });
  say(s, text);
  draw(s);
}

function place(s, event) {
  const box = s.canvas.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width * s.side, (event.clientY - box.top) / box.height * s.side];
}

function pointers(s) {
  const { canvas } = s;
  canvas.onpointerdown = (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    remember(s);
    s.last = null; s.down = true;
    stroke(s, place(s, event));
  };
  canvas.onpointermove = (event) => {
    if (!s.down) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) stroke(s, place(s, one));
  };
  canvas.onpointerup = () => {
    if (!s.down) return;
    s.down = false;
    commit(s, erases(s) ? "Erased." : "Drawn.");
  };
  canvas.onpointercancel = () => {
    if (!s.down) return;
    s.down = false; s.pixels = s.past.pop(); draw(s);
  };
}

function keys(s, event) {
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const [x, y] = s.cursor, at = () => s.cursor[1] * s.side + s.cursor[0];
  const where = () => `row ${s.cursor[1] + 1}, column ${s.cursor[0] + 1}`;
  if (moves[event.key]) {
    const [dx, dy] = moves[event.key], kept = (v) => Math.max(0, Math.min(s.side - 1, v));
    s.cursor = [kept(x + dx), kept(y + dy)];
    say(s, `${where()}: ink ${s.pixels[at()]} of ${s.most}`);
    draw(s);
  } else if (event.key === "Enter" || event.key === " ") {
    remember(s);
    stamp(s, x + 0.5, y + 0.5);
    commit(s, `${erases(s) ? "Erased" : "Drawn"} at ${where()}.`);
  } else if (event.key === "Delete" || event.key === "Backspace") {
    remember(s);
    s.pixels[at()] = 0;
    commit(s, `Erased at ${where()}.`);
  } else return;
  event.preventDefault();
}

export default function ({ data, parentElement, setStateValue }) {
  let s = STATE.get(parentElement);
  if (!s) {
    s = { seq: 0, past: [], pixels: [], cursor: [3, 3], focused: false, down: false, last: null };
    s.root = parentElement.querySelector(".digit");
    s.canvas = parentElement.querySelector("canvas");
    s.output = parentElement.querySelector("output");
    STATE.set(parentElement, s);
  }
  Object.assign(s, { send: setStateValue, side: data.side, most: data.most });
  s.canvas.setAttribute("aria-label", data.label);
  if (!s.down && data.seq >= s.seq) {  // never an older answer over a newer stroke
    if (s.pixels.length && s.pixels.join() !== data.pixels.join()) remember(s);  // a text, a reset
    s.pixels = [...data.pixels];
    s.seq = data.seq;
  }
  pointers(s);
  s.canvas.onkeydown = (event) => keys(s, event);
  s.canvas.onfocus = () => { s.focused = s.canvas.matches(":focus-visible"); draw(s); };
  s.canvas.onblur = () => { s.focused = false; draw(s); };
  for (const button of parentElement.querySelectorAll("button")) {
    button.onclick = () => {
      if (button.dataset.do === "undo") {
        if (!s.past.length) { say(s, "There is nothing to undo."); return; }
        s.pixels = s.past.pop(); commit(s, "Undone.");
      } else if (s.pixels.some((v) => v)) {
        remember(s); s.pixels = s.pixels.map(() => 0); commit(s, "Empty; Undo brings the drawing back.");
      }
    };
  }
  const resize = new ResizeObserver(() => draw(s));
  resize.observe(s.canvas);
  draw(s);
  return () => resize.disconnect();
}
