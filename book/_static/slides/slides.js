/* A page as slides, made of the page itself: every figure, formula, card, prediction, table and
 * list gets a slide, below the first sentences of the text before it. The whole text becomes the
 * speaker's notes. Figures stay alive: they are moved, not copied. */
"use strict";
(() => {
  const LEAD = 2; // sentences above a block
  const BARE = 4; // sentences on a slide without a block
  const NARROW = 600; // pixels: a window below has slides of its own shape
  const SHORT = 25; // letters that are no sentence: "Proof."

  /* From the items of a section, each { kind: "heading" | "text" | "block" }, to its slides. */
  function split(items) {
    const slides = [];
    let heading = null, texts = [], bare = true;
    const close = () => {
      if (bare && (heading || texts.length)) slides.push({ heading, lead: texts.slice(0, BARE), block: null, notes: texts });
      else if (texts.length) slides.at(-1).notes.push(...texts);
      texts = [];
    };
    for (const item of items) {
      if (item.kind === "heading") {
        close();
        heading = item;
        bare = true;
      } else if (item.kind === "text") {
        texts.push(item);
      } else {
        slides.push({ heading, lead: texts.slice(-LEAD), block: item, notes: texts });
        texts = [];
        bare = false;
      }
    }
    close();
    return slides;
  }

  /* The first sentence of a paragraph, with its formulas and links, as a new paragraph. */
  function firstSentence(paragraph) {
    const copy = document.createElement("p");
    for (const node of paragraph.childNodes) {
      const next = node.nextSibling?.textContent ?? " ";
      const enough = copy.textContent.length + node.textContent.length > SHORT;
      const end = enough && node.nodeType === Node.TEXT_NODE ? node.data.search(/[.?!]\s+["“(A-Z]/) : -1;
      if (end >= 0) {
        copy.append(node.data.slice(0, end + 1));
        break;
      }
      copy.append(node.cloneNode(true));
      if (enough && /[.?!]\s*$/.test(node.textContent) && /^\s+[A-Z]/.test(next)) break;
    }
    return withoutNames(copy);
  }

  function withoutNames(copy) {
    for (const named of copy.querySelectorAll("[id]")) named.removeAttribute("id");
    return copy;
  }

  /* Reveal takes every section of a slide, such as a theorem's text, for one more slide. */
  function withoutSections(element) {
    for (const section of element.querySelectorAll("section")) {
      const box = document.createElement("div");
      for (const { name, value } of section.attributes) box.setAttribute(name, value);
      box.append(...section.childNodes);
      section.replaceWith(box);
    }
    return element;
  }

  const kindOf = (element) => /^H[1-6]$/.test(element.tagName) ? "heading" : element.tagName === "P" ? "text" : "block";
  const isShown = (element) => !element.matches("span, script, style, .toctree-wrapper, .comment") && (element.textContent.trim() || element.querySelector("img, svg"));

  const isSection = (element) => element.tagName === "SECTION";

  /* The items of a section, or of some of its children, those of its subsections after their headings. */
  function itemsOf(section, children = [...section.children]) {
    return children.flatMap((child) =>
      isSection(child) ? itemsOf(child) : isShown(child) ? [{ kind: kindOf(child), element: child, anchor: section.id }] : []);
  }

  function slideOf({ heading, lead, block, notes }) {
    const slide = document.createElement("section");
    slide.dataset.anchor = (heading ?? block ?? notes[0])?.anchor ?? "";
    if (heading) slide.append(withoutNames(titleOf(heading.element)));
    for (const { element } of lead) slide.append(firstSentence(element));
    if (block) slide.append(withoutSections(block.element));
    const aside = document.createElement("aside");
    aside.className = "notes";
    aside.append(...notes.map(({ element }) => withoutNames(element.cloneNode(true))));
    if (notes.length) slide.append(aside);
    return slide;
  }

  function titleOf(heading) {
    const title = heading.cloneNode(true);
    title.querySelector(".headerlink")?.remove();
    return title;
  }

  /* A stack for the page's beginning, and one for each of its sections. */
  function deckOf(article) {
    const top = article.querySelector("section");
    const children = [...top.children];
    const beginning = itemsOf(top, children.filter((child) => !isSection(child)));
    const parts = children.filter(isSection).map((part) => itemsOf(part));
    return [beginning, ...parts].map(split).filter((slides) => slides.length).map((slides) => {
      const stack = document.createElement("section");
      stack.append(...slides.map(slideOf));
      return stack;
    });
  }

  function controls(back, toggle) {
    const bar = Object.assign(document.createElement("nav"), { className: "bn-slide-bar", ariaLabel: "Slides" });
    const notes = Object.assign(document.createElement("button"), { type: "button", textContent: "Notes" });
    notes.setAttribute("aria-pressed", "false");
    notes.addEventListener("click", () => notes.setAttribute("aria-pressed", String(toggle())));
    const page = Object.assign(document.createElement("a"), { href: back(), textContent: "Back to the page" });
    page.addEventListener("click", () => { page.href = back(); });
    bar.append(notes, " ", page);
    return { bar, notes };
  }

  /* Where the presentation stands is in the address: ?present=2.1 is the third stack's second. */
  function placed(deck, query) {
    const [h, v] = (query.get("present") || "").split(".").map(Number);
    if (h) return [h, v || 0];
    const name = CSS.escape(decodeURIComponent(location.hash.slice(1)));
    const slide = name && (deck.querySelector(`#${name}`)?.closest(".slides > section > section") ??
      deck.querySelector(`section section[data-anchor="${name}"]`));
    if (!slide) return [0, 0];
    return [[...deck.children].indexOf(slide.parentElement), [...slide.parentElement.children].indexOf(slide)];
  }

  /* A slide's own size, which is scaled to the window: on a phone as tall, and its letters readable. */
  function sizeFor({ innerWidth, innerHeight }) {
    if (innerWidth >= NARROW) return { width: 1120, height: 720 };
    return { width: 560, height: Math.round((560 * innerHeight) / innerWidth) };
  }

  function present() {
    const query = new URLSearchParams(location.search);
    if (query.has("print-pdf")) { // Reveal's own sheets would cut answers, which open for printing
      query.delete("print-pdf");
      history.replaceState(null, "", `?${query}${location.hash}`);
    }
    const article = document.querySelector("article.bd-article");
    const slides = Object.assign(document.createElement("div"), { className: "slides" });
    slides.append(...deckOf(article));
    const root = Object.assign(document.createElement("div"), { className: "reveal bd-article" });
    root.append(slides);
    const start = placed(slides, query);
    const anchor = () => Reveal.getCurrentSlide()?.dataset.anchor ?? "";
    const back = () => `${location.pathname}${Reveal.isReady() ? `#${anchor()}` : ""}`;
    const { bar, notes } = controls(back, () => {
      const { showNotes } = Reveal.getConfig();
      Reveal.configure({ showNotes: !showNotes });
      return !showNotes;
    });
    for (const part of document.body.children) part.hidden = true; // the theme's scripts look for it
    document.body.append(root, bar);
    const busy = "input, select, textarea, button, summary, a, [tabindex]:not(.slides *:not([tabindex]))";
    Reveal.initialize({
      ...sizeFor(window), margin: 0.06, center: false, transition: "none", backgroundTransition: "none",
      controlsTutorial: false, hash: false, slideNumber: "h.v",
      showNotes: query.has("notes"), help: true,
      keyboardCondition: () => !document.activeElement?.matches(busy),
      keyboard: { 78: () => notes.click() },
    }).then(() => {
      Reveal.slide(...start);
      matchMedia(`(min-width: ${NARROW}px)`).addEventListener("change", () => Reveal.configure(sizeFor(window)));
      document.documentElement.classList.add("bn-presenting", "print-pdf"); // without Reveal's rules for paper
      notes.setAttribute("aria-pressed", String(query.has("notes")));
      Reveal.on("slidechanged", ({ indexh, indexv }) => {
        query.set("present", `${indexh}.${indexv}`);
        history.replaceState(null, "", `?${query}${location.hash}`);
      });
    });
  }

  if (typeof module === "object") module.exports = { sizeFor, split };
  else present();
})();
