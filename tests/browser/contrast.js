// Every visible text of the page whose contrast is too low: [{where, text, color, background, ratio, needed}].
// Contrast as in WCAG 2.2, 1.4.3: 4.5:1, or 3:1 for large text and for icons.
// Exempt: disabled controls, and text that lies on the cells of a heat map or of a picture.
() => {
  const TRANSPARENT = { r: 0, g: 0, b: 0, a: 0 };
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();

  function color(text) {  // any CSS colour as the browser paints it, 0 to 255 and alpha 0 to 1
    if (!text || text === "none") return TRANSPARENT;
    const numbers = text.match(/^rgba?\(([^)]*)\)$/)?.[1].split(/[\s,/]+/).map(Number);
    if (numbers) return { r: numbers[0], g: numbers[1], b: numbers[2], a: numbers[3] ?? 1 };
    if (!known.has(text)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = "rgba(0,0,0,0)";
      pen.fillStyle = text;
      pen.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
      known.set(text, { r, g, b, a: a / 255 });
    }
    return known.get(text);
  }
  const mix = (below, above, share) => ({
    r: below.r + (above.r - below.r) * share,
    g: below.g + (above.g - below.g) * share,
    b: below.b + (above.b - below.b) * share, a: 1 });
  const over = (below, above) => mix(below, above, above.a);

  const parent = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;
  // Most texts have most of their ancestors in common: what is asked of an element is asked once.
  const once = (ask) => {
    const answers = new Map();
    return (element) => answers.get(element) ?? answers.set(element, ask(element)).get(element);
  };
  const chain = once((element) => (element ? [...chain(parent(element)), element] : []));
  const filled = (box) => {
    if (!box) return TRANSPARENT;
    const { fill, fillOpacity } = getComputedStyle(box), painted = color(fill);
    return { ...painted, a: painted.a * Number(fillOpacity) };
  };
  const paint = once((element) => {
    const style = getComputedStyle(element), layout = element.closest(".js-plotly-plot")?._fullLayout;
    const plot = element.matches(".js-plotly-plot") ? color(layout?.paper_bgcolor)
      : element.matches("g.legend") ? color(layout.legend.bgcolor)
      : element.matches(".annotation-text-g") ? filled(element.querySelector("rect.bg")) : TRANSPARENT;
    const box = element.getBoundingClientRect(), opacity = Number(style.opacity);
    return { box, plot, opacity, background: color(style.backgroundColor),
      everywhere: style.overflowY !== "visible" || element.matches("html, body, pre"),
      hidden: element.inert || opacity === 0 || clipped(style, box) };
  });

  // The colour that is seen at a point where the innermost element paints `ink` (or nothing): each element that lies
  // there puts its background on what is behind it, then its content, and its opacity mixes that with what is behind.
  // What an element scrolls or clips lies on it, wherever it is now; what only hangs on it, such as a slider's value
  // above its thumb, does not.
  function seen(elements, point, ink, behind = { r: 255, g: 255, b: 255, a: 1 }, at = 0) {
    if (at === elements.length) return ink ? over(behind, ink) : behind;
    const { everywhere, box, background, plot, opacity } = paint(elements[at]);
    const there = everywhere
      || (box.left <= point.x && point.x <= box.right && box.top <= point.y && point.y <= box.bottom);
    const painted = there ? over(over(behind, background), plot) : behind;
    return mix(behind, seen(elements, point, ink, painted, at + 1), opacity);
  }

  function luminance({ r, g, b }) {
    const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  }
  function ratio(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  const clipped = (style, box) => style.clip === "rect(0px, 0px, 0px, 0px)" || style.clip === "rect(1px, 1px, 1px, 1px)"
    || style.clipPath === "inset(50%)" || (style.overflow === "hidden" && (box.width <= 1 || box.height <= 1));
  function visible(element, box, elements) {
    return box.width > 1 && box.height > 1
      && element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })
      && !elements.some((e) => paint(e).hidden);
  }
  const off = once((e) => e.matches(":disabled, [disabled], [aria-disabled=true]")
    || (e.matches("[data-testid=stWidgetLabel]")
      && e.parentElement.querySelector(":is(input, textarea, button[role=radio]):disabled") !== null));
  const disabled = (elements) => elements.some(off);
  const onHeatMap = (element) => element.closest(".textpoint, .annotation, .heatmap-label, .hm")
    && element.closest(".js-plotly-plot")?.querySelector(".heatmaplayer image, .hm image, .im image");

  function describe(element) {
    const known = element.closest("[class*=st-key-]");
    const key = known && [...known.classList].find((name) => name.startsWith("st-key-"));
    const test = element.closest("[data-testid]")?.dataset.testid;
    const own = [...element.classList].filter((name) => !name.includes("emotion") && !/^e\w{6,}\d+$/.test(name));
    const svg = element.closest("[class$=title], [class*=tick], .legendtext, .annotation-text-g")?.getAttribute("class");
    return [key && `.${key}`, test && `[data-testid=${test}]`, svg, [element.localName, ...own].join(".")]
      .filter(Boolean).join(" ");
  }

  const failures = new Map();
  let looked = 0;
  function look(element, box, text, ink) {
    const elements = chain(element);
    if (!visible(element, box, elements) || disabled(elements) || onHeatMap(element)) return;
    looked += 1;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
    const icon = element.closest("[data-testid=stIconMaterial]");
    const needed = size >= 24 || (size >= 18.66 && bold) || icon ? 3 : 4.5;
    const point = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    const [front, back] = [seen(elements, point, ink), seen(elements, point, null)];
    const found = ratio(front, back);
    if (found >= needed - 0.005) return;
    const css = ({ r, g, b }) => "#" + [r, g, b].map((v) => Math.round(v).toString(16).padStart(2, "0")).join("");
    const failure = { where: describe(element), text: text.trim().slice(0, 40), color: css(front), background: css(back),
      ratio: Math.round(found * 100) / 100, needed };
    failures.set([failure.where, failure.color, failure.background].join(), failure);
  }

  function walk(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === Node.ELEMENT_NODE) {
        if (node.shadowRoot) walk(node.shadowRoot);
        if (node.matches("input:not([type=range], [type=checkbox], [type=radio], [type=file]), textarea")) {
          const shown = node.value || node.placeholder;
          const style = getComputedStyle(node, node.value ? null : "::placeholder");
          const ink = color(style.color);
          if (shown) look(node, node.getBoundingClientRect(), shown, { ...ink, a: ink.a * Number(node.value ? 1 : style.opacity) });
        }
        continue;
      }
      const element = node.parentElement ?? node.getRootNode().host;
      if (!node.data.trim() || element.matches("style, script, noscript, title, template, option")) continue;
      const style = getComputedStyle(element);
      const letters = color(element instanceof SVGElement ? style.fill : style.webkitTextFillColor || style.color);
      const ink = { ...letters, a: letters.a * (element instanceof SVGElement ? Number(style.fillOpacity) : 1) };
      const range = document.createRange();
      range.selectNodeContents(node);
      look(element, range.getBoundingClientRect(), node.data, ink);
    }
  }
  walk(document.body);
  return { looked, failures: [...failures.values()].sort((a, b) => a.ratio - b.ratio) };
}
