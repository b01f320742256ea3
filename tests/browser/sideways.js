// What makes the page scroll sideways: the scrolling areas that are wider than the screen, and every element of the
// main area that sticks out, unless an element around it scrolls by itself or hides it from the eye.
() => {
  const screen = document.documentElement.clientWidth;
  const found = [];
  for (const area of [document.documentElement, ...document.querySelectorAll("[data-testid=stAppViewContainer], .stMain")])
    if (area.scrollWidth > area.clientWidth) found.push(`${area.dataset.testid ?? area.localName}: ${area.scrollWidth} px`);
  const harmless = (element) => {
    for (let e = element; e && !e.matches(".stMain"); e = e.parentElement ?? e.getRootNode().host) {
      const style = getComputedStyle(e), box = e.getBoundingClientRect();
      const forScreenReaders = style.clip.startsWith("rect") || (style.overflow === "hidden" && box.width <= 1);
      if (/auto|scroll/.test(style.overflowX) || forScreenReaders) return true;
    }
    return false;
  };
  function walk(root) {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      if (element.closest("svg") !== element && element.closest("svg")) continue;  // a drawing's parts are clipped by it
      if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || element.closest("[inert]")) continue;
      const box = element.getBoundingClientRect();
      const empty = box.width <= 1 || box.height <= 1;
      if (empty || (box.left > -1 && box.right < screen + 1) || harmless(element)) continue;
      const key = [...(element.closest("[class*=st-key-]")?.classList ?? [])].find((name) => name.startsWith("st-key-"));
      found.push(`${key ?? ""} ${element.localName}[${element.dataset.testid ?? element.className}] `
        + `from ${Math.round(box.left)} to ${Math.round(box.right)} px`);
    }
  }
  walk(document.querySelector(".stMain"));
  return found.slice(0, 20);
}
