// A network whose neurons are pictures of the plane; a scrubber says which moment of the run they show.
const STATE = new WeakMap();
const BLUE = [0, 114, 178], VERMILLION = [213, 94, 0];
const moments = (window.scrubberMoments ??= new Map());  // see scrubber.js
const NARROW = 560;  // pixels of width below which layers are rows, not columns
const TITLE = 44, NAME = 16;  // there: room for the names of layers beside the rows, and of inputs above the first
const TALL = 230;  // there: the height that rows share, if they need no more
const MINUS = "−";

const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const number = (v) => (Number.isFinite(v) ? Math.abs(v).toFixed(2) : "?");

function palette(element, discrete) {  // 256 colours, from blue over the theme's own background to vermillion
  const dark = getComputedStyle(element).getPropertyValue("--st-background-color").trim();
  const middle = luminance(dark) < 128 ? [46, 52, 60] : [240, 238, 232];
  return Array.from({ length: 256 }, (_, i) => {
    const t = discrete ? Math.sign(i - 128) : (i - 128) / 127, end = t < 0 ? BLUE : VERMILLION, share = Math.min(1, Math.abs(t));
    return middle.map((m, k) => Math.round(m + share * (end[k] - m)));
  });
}

function luminance(color) {
  const found = /^#([0-9a-f]{6})/i.exec(color);
  const v = found ? parseInt(found[1], 16) : 0xffffff;
  return 0.299 * (v >> 16) + 0.587 * ((v >> 8) & 255) + 0.114 * (v & 255);
}

function paint(s, canvas, values, side) {
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const g = canvas.getContext("2d"), image = g.createImageData(side, side);
  for (let i = 0; i < side * side; i++) image.data.set([...s.colors[values[i]], 255], 4 * i);
  g.putImageData(image, 0, 0);
}

// The values of a node's picture at a moment.
function picture(s, layer, node) {
  const size = s.side * s.side;
  if (layer === 0) return s.inputs.subarray(node * size, (node + 1) * size);
  if (layer === s.names.length - 1) return s.output.subarray(s.index * s.large ** 2, (s.index + 1) * s.large ** 2);
  const start = s.index * s.nHidden + s.first[layer] + node;
  return s.hidden.subarray(start * size, (start + 1) * size);
}

// The numbers that come into a node at a moment: its weights, and its bias.
function incoming(s, layer, node) {
  const n = s.names[layer - 1].length, start = s.index * s.nWeights + s.offsets[layer];
  const bias = s.weights[start + n * s.names[layer].length + node];
  return [s.weights.subarray(start + node * n, start + (node + 1) * n), bias];
}

function equation(s, layer, node) {
  if (layer === 0) return `${s.names[0][node]}, an input`;
  const [weights, bias] = incoming(s, layer, node);
  const terms = [...weights].map((w, i) => [w, s.names[layer - 1][i]]).concat([[bias, ""]]);
  const text = terms.map(([w, name], i) => {
    const sign = w < 0 ? (i ? ` ${MINUS} ` : MINUS) : i ? " + " : "";
    return `${sign}${number(w)}${name && ` ${name}`}`;
  }).join("");
  const f = s.activations[layer - 1];
  return `${s.names[layer][node]} = ${f ? `${f}(${text})` : text}`;
}

function layOut(s) {
  const width = s.plan.clientWidth, rows = s.frame.clientWidth < NARROW, layers = s.names.length;
  const most = Math.max(...s.names.map((layer) => layer.length));
  const room = width - TITLE;
  const tile = rows ? Math.min(26, room / most - 6) : Math.min(36, (width - 40) / layers - 26, 290 / most - 5);
  const down = tile + Math.max(12, Math.min(26, TALL / layers - tile));
  const across = rows ? down : (width - tile - 46) / (layers - 1), along = rows ? room / most : tile + 5;
  const length = Math.max(most * along, rows ? 0 : 180);
  s.plan.style.height = `${rows ? NAME + layers * across : Math.max(length, 180) + 22}px`;
  s.tile = tile;
  s.places = s.names.map((layer, l) => layer.map((_, n) => {
    const side = (length - layer.length * along) / 2 + n * along;
    return rows ? [TITLE + side + (along - tile) / 2, NAME + l * across] : [38 + l * across, 20 + side];
  }));
  s.rows = rows;
  s.buttons.forEach((layer, l) => layer.forEach((button, n) => {
    const [x, y] = s.places[l][n];
    Object.assign(button.style, { left: `${x}px`, top: `${y}px`, width: `${tile}px`, height: `${tile}px` });
  }));
  s.labels.forEach((label, l) => {
    const [x, y] = s.places[l][0];
    Object.assign(label.style, { left: `${rows ? 0 : x}px`, top: `${rows ? y + tile / 2 - 9 : y - 20}px` });
  });
  draw(s);
}

function drawLinks(s) {
  const u = Math.min(2, window.devicePixelRatio || 1), canvas = s.wires;
  canvas.width = s.plan.clientWidth * u; canvas.height = s.plan.clientHeight * u;
  const g = canvas.getContext("2d"), half = s.tile / 2;
  g.scale(u, u);
  nameInputs(s, g);
  for (let l = 1; l < s.names.length; l++) {
    g.setLineDash(l - 1 === s.frozen ? [3, 3] : []);
    s.places[l].forEach(([x, y], n) => {
      const [weights, bias] = incoming(s, l, n);
      s.places[l - 1].forEach(([a, b], m) => line(s, g, weights[m], [a, b], [x, y], half));
      g.fillStyle = color(bias);  // the bias: a square at the lower left corner of its neuron
      const r = Math.min(9, 3 + 3 * Math.abs(bias || 0));
      g.fillRect(x - r / 2 - 2, y + s.tile - r / 2, r, r);
    });
  }
}

function nameInputs(s, g) {  // beside their tiles, in rows above them
  const style = getComputedStyle(s.frame), half = s.tile / 2;
  g.fillStyle = style.color; g.font = `13px ${style.fontFamily}`; g.textAlign = s.rows ? "center" : "right";
  s.places[0].forEach(([x, y], i) => g.fillText(s.names[0][i], s.rows ? x + half : x - 4, s.rows ? y - 4 : y + half + 4));
}

const color = (w) => `rgb(${w < 0 ? BLUE : VERMILLION})`;

function line(s, g, w, [a, b], [x, y], half) {
  if (!Number.isFinite(w)) return;
  g.strokeStyle = color(w);
  g.globalAlpha = Math.min(0.9, 0.1 + 0.5 * Math.abs(w));
  g.lineWidth = Math.min(6, 0.4 + 1.1 * Math.abs(w));
  g.beginPath();
  if (s.rows) {
    g.moveTo(a + half, b + s.tile); g.bezierCurveTo(a + half, (b + s.tile + y) / 2, x + half, (b + s.tile + y) / 2, x + half, y);
  } else {
    const middle = (a + s.tile + x) / 2;
    g.moveTo(a + s.tile, b + half); g.bezierCurveTo(middle, b + half, middle, y + half, x, y + half);
  }
  g.stroke();
  g.globalAlpha = 1;
}

function drawLarge(s) {
  const [layer, node] = s.chosen, last = layer === s.names.length - 1;
  const small = s.scratch, g = s.big.getContext("2d"), u = Math.min(2, window.devicePixelRatio || 1);
  const n = Math.max(1, Math.round(s.big.clientWidth * u));
  if (s.big.width !== n) s.big.width = s.big.height = n;
  paint(s, small, picture(s, layer, node), last ? s.large : s.side);
  g.imageSmoothingEnabled = true;
  g.drawImage(small, 0, 0, n, n);
  for (const point of s.points) if (s.tests || !point[3]) mark(s, g, point, n, u);
  s.said.textContent = equation(s, layer, node);
}

// A sample: class 1 a cross, the other a disc, each with a light edge, so that it shows on any colour. Those for
// testing are lighter.
function mark(s, g, [x1, x2, target, test], n, u) {
  const x = (x1 / s.half + 1) / 2 * n, y = (1 - x2 / s.half) / 2 * n, r = 2 * u;
  g.beginPath();
  if (target < 0) g.arc(x, y, r, 0, 7);
  else { g.moveTo(x - r, y - r); g.lineTo(x + r, y + r); g.moveTo(x - r, y + r); g.lineTo(x + r, y - r); }
  g.lineWidth = (target < 0 ? 2 : 3.4) * u; g.strokeStyle = "#ffffff"; g.stroke();
  if (target < 0) { g.fillStyle = test ? "#5f9fc4" : "#003a5c"; g.fill(); return; }
  g.lineWidth = 1.6 * u; g.strokeStyle = test ? "#d98b52" : "#5c2900"; g.stroke();
}

function draw(s) {
  s.buttons.forEach((layer, l) => layer.forEach((button, n) => {
    const last = l === s.names.length - 1;
    paint(s, button.firstChild, picture(s, l, n), last ? s.large : s.side);
    button.setAttribute("aria-pressed", s.chosen[0] === l && s.chosen[1] === n);
  }));
  drawLinks(s);
  drawLarge(s);
}

function choose(s, layer, node) {
  s.chosen = [layer, node];
  draw(s);
}

function build(s, data) {
  for (const old of s.plan.querySelectorAll("button, span")) old.remove();
  const title = (l) => (l === 0 ? "inputs" : l === data.names.length - 1 ? "answer" : `layer ${l}`);
  s.buttons = data.names.map((layer, l) => layer.map((name, n) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(document.createElement("canvas"));
    button.setAttribute("aria-label", `${title(l)}, ${name}`);
    button.title = name;
    button.onclick = () => choose(s, l, n);
    s.plan.append(button);
    return button;
  }));
  s.labels = data.names.map((_, l) => {
    const label = document.createElement("span");
    label.textContent = title(l);
    s.plan.append(label);
    return label;
  });
}

function take(s, data) {
  Object.assign(s, data, { inputs: bytes(data.inputs), hidden: bytes(data.hidden), output: bytes(data.output) });
  s.weights = new Float32Array(bytes(data.weights).buffer);
  s.nWeights = s.weights.length / data.moments;
  s.first = [0]; s.offsets = [0, 0];
  data.names.forEach((layer, l) => {
    s.first[l + 1] = s.first[l] + (l === 0 ? 0 : layer.length);
    if (l) s.offsets[l + 1] = s.offsets[l] + (data.names[l - 1].length + 1) * layer.length;
  });
  s.nHidden = s.first[data.names.length - 1];
  const shape = JSON.stringify(data.names);
  if (s.shape !== shape) {
    s.shape = shape;
    s.chosen = [data.names.length - 1, 0];
    build(s, data);
  }
}

function begin(parentElement) {
  const frame = parentElement.querySelector(".network"), s = { frame, plan: frame.querySelector(".plan") };
  s.wires = s.plan.querySelector("canvas");
  s.big = frame.querySelector(".large canvas");
  s.said = frame.querySelector("output");
  s.scratch = document.createElement("canvas");
  STATE.set(parentElement, s);
  s.moved = ({ detail }) => {
    if (!detail.charts.includes(s.key) || detail.run !== s.run || detail.index === s.index) return;
    s.index = Math.min(detail.index, s.moments - 1);
    s.said.setAttribute("aria-live", detail.playing ? "off" : "polite");
    draw(s);
  };
  document.addEventListener("scrubber-moment", s.moved);
  s.resized = new ResizeObserver(() => { if (s.run !== undefined) layOut(s); });
  s.resized.observe(frame);
  return s;
}

export default function ({ data, parentElement }) {
  const s = STATE.get(parentElement) ?? begin(parentElement);
  if (s.run !== data.run) take(s, data);
  const stands = moments.get(data.key);
  s.index = Math.min(stands?.run === data.run ? stands.index : data.index, data.moments - 1);
  s.frame.setAttribute("aria-label", data.alt);
  s.colors = palette(s.frame, data.discrete);
  s.tests = data.tests;
  layOut(s);
  return () => {
    document.removeEventListener("scrubber-moment", s.moved);
    s.resized.disconnect();
    STATE.delete(parentElement);
  };
}
