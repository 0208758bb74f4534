"use strict";
// Formulas that do not fit scroll in their box: make such a box reachable by keyboard.
(() => {
  const mark = () => {
    for (const box of document.querySelectorAll(".bn-scroll, .cell_output .text_html")) {
      if (box.scrollWidth > box.clientWidth + 1) {
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", box.matches(".bn-scroll") ? "Formula, scrolls sideways" : "Output, scrolls sideways");
      } else {
        box.removeAttribute("tabindex");
      }
    }
  };
  addEventListener("load", mark);
  addEventListener("resize", mark);
  document.fonts?.ready.then(mark);
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
