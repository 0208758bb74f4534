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
