const STATE = new WeakMap();
const BLUE = "#0072B2", VERMILLION = "#D55E00", PURPLE = "#CC79A7", GREEN = "#009E73";
const UNDO = 100, DOUBLE = 800, REACH = { mouse: 11, pen: 14, touch: 20 };

const tidy = (s, v) => Math.round(Math.max(-s.half, Math.min(s.half, v)) / s.snap) * s.snap;
const toPixel = (s, [x, y]) => [(x / s.half + 1) / 2 * s.size, (1 - y / s.half) / 2 * s.size];
function toPlane(s, event) {
  const box = s.canvas.getBoundingClientRect();
  return [tidy(s, ((event.clientX - box.left) / box.width * 2 - 1) * s.half),
    tidy(s, (1 - (event.clientY - box.top) / box.height * 2) * s.half)];
}
function nearest(s, place, reach) {
  const [x, y] = toPixel(s, place), scale = s.size / s.canvas.getBoundingClientRect().width;
  let best = -1, least = (reach * scale) ** 2;
  s.points.forEach((point, i) => {
    const [a, b] = toPixel(s, point), far = (a - x) ** 2 + (b - y) ** 2;
    if (far <= least) { least = far; best = i; }
  });
  return best;
}
const say = (s, text) => { s.output.textContent = text; };
const where = ([x, y]) => `(${+x.toFixed(4)}, ${+y.toFixed(4)})`;
const count = (s) => `${s.points.length} point${s.points.length === 1 ? "" : "s"}`;
const pen = (s) => s.root.querySelector("input[name=pen]:checked").value;

function draw(s) {
  const u = Math.min(2, window.devicePixelRatio || 1), n = Math.round((s.canvas.clientWidth || 400) * u);
  if (s.canvas.width !== n) s.canvas.width = s.canvas.height = n;
  s.size = n;
  const g = s.canvas.getContext("2d"), style = getComputedStyle(s.canvas);
  const ink = style.getPropertyValue("--st-text-color").trim() || "#000";
  s.paper = style.getPropertyValue("--st-background-color").trim() || "#fff";
  g.clearRect(0, 0, n, n);
  const line = s.lines[Math.max(0, Math.min(s.index, s.lines.length - 1))];
  if (line) sides(s, g, line);
  const field = s.field && tint(s, g);
  grid(s, g, ink, u);
  if (!s.dirty) trace(s, g, ink, u);
  if (line) boundary(s, g, line, u);
  if (field) border(s, g, field, ink, u);
  s.points.forEach((point, i) => mark(s, g, point, i === s.held ? 1.4 : 1, u));
  const wrong = s.points[s.rings[s.index]];
  if (wrong && !s.dirty) {
    const [x, y] = toPixel(s, wrong);
    g.strokeStyle = GREEN; g.lineWidth = 4 * u; g.beginPath(); g.arc(x, y, 14 * u, 0, 7); g.stroke();
  }
  if (s.cursor && s.focused) {
    const [x, y] = toPixel(s, s.cursor);
    g.strokeStyle = ink; g.lineWidth = 2 * u; g.beginPath();
    for (const [a, b] of [[-14, -5], [5, 14]]) {
      g.moveTo(x + a * u, y); g.lineTo(x + b * u, y); g.moveTo(x, y + a * u); g.lineTo(x, y + b * u);
    }
    g.stroke();
  }
}

function sides(s, g, [w1, w2, b]) {  // the half-plane of class 1 and the other, each cut off at the edge of the square
  const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]].map((corner) => corner.map((v) => v * s.half));
  for (const [sign, color] of [[1, "rgba(213,94,0,0.13)"], [-1, "rgba(0,114,178,0.11)"]]) {
    g.fillStyle = color; g.beginPath();
    corners.forEach((one, i) => {
      const other = corners[(i + 1) % 4], here = sign * (w1 * one[0] + w2 * one[1] + b);
      const there = sign * (w1 * other[0] + w2 * other[1] + b), share = here / (here - there);
      if (here > 0) g.lineTo(...toPixel(s, one));
      if (here * there < 0) g.lineTo(...toPixel(s, one.map((v, k) => v + share * (other[k] - v))));
    });
    g.fill();
  }
}

function tint(s, g) {  // paints the field's moment, and returns its values
  const { side, values, half, scratch } = s.field, n = side * side, moments = values.length / n;
  const at = Math.max(0, Math.min(s.index, moments - 1)), now = values.subarray(at * n, at * n + n);
  scratch.width = scratch.height = side;
  const paper = scratch.getContext("2d"), image = paper.createImageData(side, side);
  now.forEach((v, i) => {
    const share = (v - 128) / 127;
    image.data.set([...(share < 0 ? [0, 114, 178] : [213, 94, 0]), 255 * (0.06 + 0.3 * Math.abs(share))], 4 * i);
  });
  paper.putImageData(image, 0, 0);
  const [x, y] = toPixel(s, [-half, half]), [right] = toPixel(s, [half, 0]);
  g.imageSmoothingEnabled = true;
  g.drawImage(scratch, x, y, right - x, right - x);
  return now;
}

function border(s, g, values, ink, u) {  // between neighbouring values of both signs: marching squares
  const { side, half } = s.field, at = (r, c) => values[r * side + c] - 127.5;
  const place = (r, c) => toPixel(s, [((c + 0.5) / side * 2 - 1) * half, (1 - (r + 0.5) / side * 2) * half]);
  g.strokeStyle = ink; g.lineWidth = 3 * u; g.lineCap = "round"; g.beginPath();
  for (let r = 0; r + 1 < side; r++) for (let c = 0; c + 1 < side; c++) {
    const corners = [[r, c], [r, c + 1], [r + 1, c + 1], [r + 1, c]], crossings = [];
    corners.forEach(([a, b], i) => {
      const [d, e] = corners[(i + 1) % 4], here = at(a, b), there = at(d, e);
      if (here * there < 0) crossings.push(place(a + (d - a) * here / (here - there), b + (e - b) * here / (here - there)));
    });
    for (let i = 0; i + 1 < crossings.length; i += 2) { g.moveTo(...crossings[i]); g.lineTo(...crossings[i + 1]); }
  }
  g.stroke(); g.lineCap = "butt";
}

function grid(s, g, ink, u) {
  g.fillStyle = ink; g.strokeStyle = ink; g.lineWidth = u;
  g.font = `${13 * u}px ${getComputedStyle(s.root).fontFamily}`;
  for (let k = -3; k <= 3; k++) {
    const v = k * s.half / 4, [x, y] = toPixel(s, [v, v]);
    g.globalAlpha = k ? 0.14 : 0.5;
    g.beginPath(); g.moveTo(x, 0); g.lineTo(x, s.size); g.moveTo(0, y); g.lineTo(s.size, y); g.stroke();
    g.globalAlpha = 1;
    const text = `${v}`.replace("-", "−");
    g.textAlign = "center"; g.fillText(text, x, s.size - 5 * u);
    g.textAlign = "left"; if (k) g.fillText(text, 4 * u, y + 4 * u);
  }
  g.textAlign = "right"; g.fillText(s.axes[0], s.size - 6 * u, s.size - 5 * u);
  g.textAlign = "left"; g.fillText(s.axes[1], 4 * u, 15 * u);
}

function trace(s, g, ink, u) {
  g.strokeStyle = ink; g.lineWidth = 2.5 * u; g.setLineDash([2.5 * u, 5 * u]); g.beginPath();
  let on = false;
  for (const [x, y] of s.curve) {
    if (y !== null) g[on ? "lineTo" : "moveTo"](...toPixel(s, [x, y]));
    on = y !== null;
  }
  g.stroke(); g.setLineDash([]);
}

function boundary(s, g, [w1, w2, b], u) {
  const length = Math.hypot(w1, w2);
  if (!length) return;
  const foot = [-b * w1 / length ** 2, -b * w2 / length ** 2], far = 4 * s.half;
  const ends = [-far, far].map((t) => toPixel(s, [foot[0] - t * w2 / length, foot[1] + t * w1 / length]));
  g.strokeStyle = PURPLE; g.lineWidth = 4 * u; g.beginPath(); g.moveTo(...ends[0]); g.lineTo(...ends[1]); g.stroke();
  const [x, y] = toPixel(s, foot), dx = w1 / length, dy = -w2 / length, tip = [x + 52 * u * dx, y + 52 * u * dy];
  g.lineWidth = 3 * u; g.beginPath(); g.moveTo(x, y); g.lineTo(...tip);
  for (const turn of [2.6, -2.6]) {
    g.moveTo(...tip);
    g.lineTo(tip[0] + 12 * u * (dx * Math.cos(turn) - dy * Math.sin(turn)),
      tip[1] + 12 * u * (dx * Math.sin(turn) + dy * Math.cos(turn)));
  }
  g.stroke();
}

function mark(s, g, point, grow, u) {
  const [x, y] = toPixel(s, point), r = 6.5 * u * grow;
  if (s.field) {  // a rim in the colour of the page, since the tint is nearly the point's own colour
    g.strokeStyle = g.fillStyle = s.paper; g.lineWidth = 7.5 * u * grow; g.beginPath();
    if (point[2]) {
      g.moveTo(x - r - u, y - r - u); g.lineTo(x + r + u, y + r + u); g.moveTo(x - r - u, y + r + u);
      g.lineTo(x + r + u, y - r - u); g.stroke();
    } else { g.arc(x, y, r + 2 * u, 0, 7); g.fill(); }
  }
  if (point[2]) {
    g.strokeStyle = VERMILLION; g.lineWidth = 4 * u * grow; g.beginPath();
    g.moveTo(x - r, y - r); g.lineTo(x + r, y + r); g.moveTo(x - r, y + r); g.lineTo(x + r, y - r); g.stroke();
  } else {
    g.fillStyle = BLUE; g.beginPath(); g.arc(x, y, r, 0, 7); g.fill();
  }
}

function commit(s, text) {
  s.seq += 1; s.dirty = true;
  s.send("edit", { seq: s.seq, points: s.points });
  say(s, `${text} ${count(s)}.`);
  draw(s);
}
function remember(s) {
  s.past.push(s.points.map((point) => [...point]));
  if (s.past.length > UNDO) s.past.shift();
}
function add(s, place) {
  if (s.points.length >= s.most) {
    say(s, `There are ${s.most} points already; that is the most allowed.`);
    return false;
  }
  remember(s);
  s.points.push([...place, Number(pen(s))]);
  return true;
}
function remove(s, i, place) {
  if (i < 0) { say(s, `No point near ${where(place)}.`); return; }
  remember(s);
  const [gone] = s.points.splice(i, 1);
  commit(s, `Deleted the point ${where(gone)} of class ${gone[2]}.`);
}

function keys(s, event) {
  const step = (event.shiftKey ? 1 : 4) * s.snap;
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  if (moves[event.key]) {
    s.cursor = s.cursor.map((v, i) => tidy(s, v + moves[event.key][i] * step));
    const near = nearest(s, s.cursor, REACH.mouse);
    say(s, where(s.cursor) + (near < 0 ? "" : `, on a point of class ${s.points[near][2]}`));
    draw(s);
  } else if (event.key === "Enter" || event.key === " ") {
    if (pen(s) === "delete") remove(s, nearest(s, s.cursor, REACH.touch), s.cursor);
    else if (add(s, s.cursor)) commit(s, `Added ${where(s.cursor)} of class ${pen(s)}.`);
  } else if (event.key === "Delete" || event.key === "Backspace") {
    remove(s, nearest(s, s.cursor, REACH.touch), s.cursor);
  } else if (event.key === "0" || event.key === "1") {
    s.root.querySelector(`input[value="${event.key}"]`).checked = true;
    say(s, `Enter now adds class ${event.key}.`);
  } else return;
  event.preventDefault();
}

function pointers(s) {
  const { canvas } = s;
  canvas.onpointerdown = (event) => {
    if (event.button) return;
    const place = toPlane(s, event), hit = nearest(s, place, REACH[event.pointerType] ?? 14);
    s.cursor = place;
    if (pen(s) === "delete") { remove(s, hit, place); return; }
    canvas.setPointerCapture(event.pointerId);
    if (hit >= 0) { remember(s); s.held = hit; s.from = [...s.points[hit]]; }
    else if (add(s, place)) { s.held = s.points.length - 1; s.from = null; }
    draw(s);
  };
  canvas.onpointermove = (event) => {
    if (s.held < 0) return;
    const [x, y] = toPlane(s, event), point = s.points[s.held];
    if (point[0] === x && point[1] === y) return;
    point[0] = x; point[1] = y; s.dirty = true;
    say(s, where(point));
    draw(s);
  };
  canvas.onpointerup = () => {
    if (s.held < 0) return;
    const point = s.points[s.held], { from } = s;
    s.held = -1;
    if (!from) {
      s.fresh = { place: where(point), until: performance.now() + DOUBLE };
      commit(s, `Added ${where(point)} of class ${point[2]}.`);
    }
    else if (from[0] !== point[0] || from[1] !== point[1]) commit(s, `Moved ${where(from)} to ${where(point)}.`);
    else { s.past.pop(); say(s, `A point of class ${point[2]} at ${where(point)}.`); draw(s); }
  };
  canvas.onpointercancel = () => {  // the browser took the gesture for something else: as if it had not begun
    if (s.held < 0) return;
    s.points = s.past.pop(); s.held = -1; draw(s);
  };
  canvas.ondblclick = (event) => {
    const place = toPlane(s, event), hit = nearest(s, place, REACH.touch);
    if (pen(s) === "delete" || hit < 0) return;
    const fresh = where(s.points[hit]) === s.fresh.place && performance.now() < s.fresh.until;
    if (!fresh) remove(s, hit, place);  // the first of the two clicks has not just set it
  };
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  let s = STATE.get(parentElement);
  if (!s) {
    s = { seq: 0, held: -1, past: [], points: [], curve: [], index: 0, run: null, cursor: [0, 0], dirty: false,
      focused: false, fresh: { place: "", until: 0 } };
    s.root = parentElement.querySelector(".plane");
    s.canvas = parentElement.querySelector("canvas");
    s.output = parentElement.querySelector("output");
    STATE.set(parentElement, s);
  }
  Object.assign(s, { send: setStateValue, half: data.half, most: data.most, axes: data.axes, snap: data.half / 64 });
  s.canvas.setAttribute("aria-label", data.label);
  if (s.held < 0 && data.seq >= s.seq) {  // never an older answer over a newer edit
    if (s.run !== null && JSON.stringify(s.points) !== JSON.stringify(data.points)) remember(s);  // a table, a reset
    s.points = data.points.map((point) => [...point]);
    s.seq = data.seq; s.dirty = false;
  }
  s.lines = data.lines; s.rings = data.rings; s.curve = data.curve;
  if (!data.field) s.field = null;
  else if (!s.field || s.run !== data.run) {
    const values = Uint8Array.from(atob(data.field.values), (c) => c.charCodeAt(0));
    s.field = { ...data.field, values, scratch: document.createElement("canvas") };
  }
  if (s.run !== data.run) { s.run = data.run; s.index = data.index; }
  const moment = ({ detail }) => { if (detail.charts.includes(data.name)) { s.index = detail.index; draw(s); } };
  document.addEventListener("scrubber-moment", moment);
  pointers(s);
  s.canvas.onkeydown = (event) => keys(s, event);
  s.canvas.onfocus = () => { s.focused = s.canvas.matches(":focus-visible"); draw(s); };
  s.canvas.onblur = () => { s.focused = false; draw(s); };
  for (const button of parentElement.querySelectorAll("button")) {
    button.onclick = () => {
      if (button.dataset.do === "undo") {
        if (!s.past.length) { say(s, "There is nothing to undo."); return; }
        s.points = s.past.pop(); commit(s, "Undone.");
      } else if (s.points.length) {
        remember(s); s.points = []; commit(s, "All points deleted; Undo brings them back.");
      }
    };
  }
  const resize = new ResizeObserver(() => draw(s));
  resize.observe(s.canvas);
  draw(s);
  return () => { resize.disconnect(); document.removeEventListener("scrubber-moment", moment); };
}
