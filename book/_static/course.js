"use strict";
// What does not fit scrolls in its box: such a box can be reached by keyboard, and has a name.
(() => {
  const BOXES = {
    ".bn-scroll": "Formula, scrolls sideways",
    ".pst-scrollable-table-container": "Table, scrolls sideways",
    ".cell_output .text_html": "Output, scrolls sideways",
  };
  const mark = (box, name) => {
    if (box.scrollWidth > box.clientWidth + 1) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", name);
    } else {
      for (const attribute of ["tabindex", "role", "aria-label"]) box.removeAttribute(attribute);
    }
  };
  // A box is asked when it has got its size, also in what was folded away; a font may widen a formula.
  const seen = new Map();
  const watch = new ResizeObserver((boxes) => boxes.forEach(({ target }) => {
    seen.set(target, Object.keys(BOXES).find((where) => target.matches(where)));
    mark(target, BOXES[seen.get(target)]);
  }));
  for (const box of document.querySelectorAll(Object.keys(BOXES).join(", "))) watch.observe(box);
  document.fonts.addEventListener("loadingdone", () => seen.forEach((where, box) => mark(box, BOXES[where])));
})();

// The switch between the looks says which one is chosen, and keeps the focus.
(() => {
  const MODES = { auto: "as the system", light: "light", dark: "dark" };
  const root = document.documentElement;
  const buttons = document.querySelectorAll(".theme-switch-button");
  if (!buttons.length) return;
  const status = document.createElement("div");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  document.querySelector("main").append(status);

  let said;
  const say = () => {
    const words = `Colours: ${MODES[root.dataset.mode] || MODES.auto}`;
    if (words === said) return;
    for (const button of buttons) button.ariaLabel = button.title = words;
    if (said) status.textContent = words;
    said = words;
  };
  for (const button of buttons) button.blur = () => {}; // the theme blurs it at each click
  new MutationObserver(say).observe(root, { attributeFilter: ["data-mode"] });
  say();
})();

// The page as slides, if its address asks for them; else a way there, below the page's contents.
(() => {
  const folder = new URL(".", document.currentScript.src);
  const load = (path) => new Promise((done, failed) => {
    const style = path.endsWith(".css");
    const element = document.createElement(style ? "link" : "script");
    Object.assign(element, style ? { rel: "stylesheet" } : {}, { [style ? "href" : "src"]: new URL(path, folder).href, onload: done, onerror: failed });
    document.head.append(element);
  });
  if (new URLSearchParams(location.search).has("present")) {
    const first = ["vendor/reveal/reveal.css", "slides/slides.css", "vendor/reveal/reveal.js"];
    Promise.all(first.map(load)).then(() => load("slides/slides.js"));
    return;
  }
  const contents = document.querySelector(".bd-sidebar-secondary .sidebar-secondary-item");
  if (!contents || !document.querySelector(".bd-article section section")) return;
  contents.append(Object.assign(document.createElement("a"), { className: "bn-present", href: "?present", textContent: "Show as slides" }));
})();
