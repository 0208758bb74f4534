"use strict";
// The search page: what is asked, the sections that answer, and a piece of each one's text.
// The data are in data.js and, loaded last, more.js; the index is MiniSearch's, the stemmer Sphinx'.
const bnSearch = (() => {
  const BOOST = { title: 5, page: 1.5, text: 1, code: 0.3 };
  const SYNONYM = 0.5; // weight of a word that was not asked for but means the same
  const MOST = 30;
  const LENGTH = 220; // characters of an excerpt
  // Where readers want to land first: prose, then labs, then lists of everything.
  const KINDS = [
    [/-lab\.html$/, 0.7, "lab"],
    [/ledger\.html$/, 0.5, ""],
    [/bibliography\.html$|instructors\//, 0.6, ""],
  ];
  const SIDES = /^(check yourself|exercises?|sources|summary|what you will be able to do)$/i;

  const wordsIn = (text) => text.toLowerCase().match(/[\p{L}\p{M}\p{N}_]+/gu) ?? [];

  // British and American spellings, and all endings of a word, come to one stem.
  const stemmed = (stemmer) => {
    const known = new Map();
    return (word) => {
      if (!known.has(word)) {
        const american = word.replace(/([iy])s(?=(e|ed|es|er|ers|ing|able|ations?)$)/, "$1z");
        known.set(word, /^[a-z]{3,}$/.test(american) ? stemmer.stemWord(american) : american);
      }
      return known.get(word);
    };
  };

  const kindOf = (address) => KINDS.find(([pattern]) => pattern.test(address)) ?? [null, 1, ""];

  const importance = (section) => kindOf(section.address)[1] * (SIDES.test(section.title) ? 0.5 : 1);

  const create = (data, MiniSearch, stemmer) => {
    const stem = stemmed(stemmer);
    const weak = new Set(data.weak);
    const asked = (text) => wordsIn(text).filter((word) => !weak.has(word)).map(stem);
    const same = data.same.map((phrases) => phrases.map(asked));
    const index = new MiniSearch({
      fields: Object.keys(BOOST),
      storeFields: [],
      tokenize: wordsIn,
      processTerm: (word) => (weak.has(word) ? null : stem(word)),
    });
    const known = [];
    const add = (sections) => {
      index.addAll(sections.map((section, at) => ({ ...section, id: known.length + at })));
      known.push(...sections);
    };
    add(data.sections);

    // From each word that was asked for to the words that stand for it.
    const meanings = (stems) => {
      const groups = new Map(stems.map((one) => [one, new Set()]));
      for (const phrases of same) {
        const hit = phrases.filter((phrase) => phrase.every((word) => groups.has(word)));
        for (const word of hit.flat()) phrases.flat().forEach((other) => groups.get(word).add(other));
      }
      return groups;
    };

    // How much of the question a section answers, counting each word once.
    const share = (groups, found) => {
      const answered = [...groups].map(([word, others]) =>
        found.has(word) ? 1 : [...others].some((other) => found.has(other)) ? 0.8 : 0);
      return answered.reduce((sum, one) => sum + one, 0) / groups.size;
    };

    const look = (groups, fuzzy) => {
      const own = new Set(groups.keys());
      const all = new Set([...own, ...[...groups.values()].flatMap((others) => [...others])]);
      return index.search([...all].join(" "), {
        boost: BOOST,
        boostDocument: (id) => importance(known[id]),
        boostTerm: (term) => (own.has(term) ? 1 : SYNONYM),
        processTerm: (term) => term, // they are stems already
        prefix: (term) => own.has(term) && term.length > 3,
        fuzzy: fuzzy ? 0.25 : false,
      });
    };

    // What a piece of text marks: of words that mean the same, only what stands for a missing one.
    const marked = (groups, terms) => {
      const begins = (word) => (term) => term.startsWith(word);
      const met = (word) => terms.some(begins(word));
      const idle = (term) => {
        const meant = [...groups].filter(([, others]) => others.has(term));
        return meant.length > 0 && meant.every(([word]) => met(word));
      };
      return new Set(terms.filter((term) => [...groups.keys()].some((word) => begins(word)(term)) || !idle(term)));
    };

    const find = (question) => {
      const groups = meanings(asked(question));
      if (!groups.size) return [];
      const found = [false, true].map((fuzzy) => () => look(groups, fuzzy));
      const hits = found.reduce((hits, again) => (hits.length ? hits : again()), []);
      return hits
        .map((hit) => ({
          section: known[hit.id],
          stems: marked(groups, hit.terms),
          score: hit.score * share(groups, new Set(hit.queryTerms)) ** 2,
        }))
        .sort((one, other) => other.score - one.score)
        .slice(0, MOST);
    };
    return { add, find, excerpt: (text, stems) => excerpt(text, (word) => stems.has(stem(word))) };
  };

  // The stretch of a text with the most different words that were found, cut at spaces, as
  // pieces of which every second one is such a word.
  const excerpt = (text, isHit) => {
    const hits = [...text.matchAll(/[\p{L}\p{M}\p{N}_]+/gu)].filter((m) => isHit(m[0].toLowerCase()));
    const start = bestStart(text, hits);
    const end = text.length - start <= LENGTH ? text.length : text.lastIndexOf(" ", start + LENGTH);
    const pieces = [start > 0 ? "… " : ""];
    let at = start;
    for (const hit of hits.filter((m) => m.index >= start && m.index + m[0].length <= end)) {
      pieces[pieces.length - 1] += text.slice(at, hit.index);
      pieces.push(hit[0], "");
      at = hit.index + hit[0].length;
    }
    pieces[pieces.length - 1] += text.slice(at, end) + (end < text.length ? " …" : "");
    return pieces;
  };

  const bestStart = (text, hits) => {
    const worth = (first) => new Set(
      hits.filter((m) => m.index >= first.index && m.index < first.index + LENGTH - 40)
        .map((m) => m[0].toLowerCase().slice(0, 5)),
    ).size;
    const best = hits.reduce((best, hit) => (!best || worth(hit) > worth(best) ? hit : best), null);
    if (!best || best.index < LENGTH / 2) return 0;
    const sentence = Math.max(...[". ", "? ", ": "].map((end) => text.lastIndexOf(end, best.index)));
    if (best.index - sentence < LENGTH / 2) return sentence + 2;
    return text.indexOf(" ", best.index - 40) + 1;
  };

  return { create, excerpt, kindOf };
})();

// ---- the page -----------------------------------------------------------------------------
if (typeof document !== "undefined") {
  const form = document.querySelector("main form.bd-search");
  const field = form.querySelector("input");
  const list = document.getElementById("bn-hits");
  const status = document.getElementById("bn-hits-status");
  const root = document.documentElement.dataset.content_root;
  const search = bnSearch.create(bnSearchData, MiniSearch, new Stemmer());
  let whole = false; // until more.js, which is loaded last, calls bnSearchMore

  const element = (name, text, options = {}) =>
    Object.assign(document.createElement(name), { textContent: text, ...options });

  const place = ({ section }) => {
    const kind = bnSearch.kindOf(section.address)[2];
    return section.page + (kind && !section.page.toLowerCase().includes(kind) ? `, ${kind}` : "");
  };

  const item = (hit) => {
    const { section, stems } = hit;
    const one = document.createElement("li");
    const href = `${root}${section.address}#${section.anchor}`;
    const text = document.createElement("p");
    search.excerpt(section.text, stems).forEach((piece, index) =>
      text.append(index % 2 ? element("mark", piece) : piece));
    one.append(element("a", section.title, { href }), " ",
      element("span", section.title === section.page ? "" : place(hit), { className: "bn-hit-page" }), text);
    return one;
  };

  const report = (question, hits) => {
    if (!question) return "";
    if (!hits.length && !whole) return "Searching …";
    if (!hits.length) return `Nothing found for “${question}”. Fewer or other words may help.`;
    return `${hits.length} section${hits.length > 1 ? "s" : ""} for “${question}”, the best first:`;
  };

  const show = () => {
    const question = field.value.trim();
    const hits = search.find(question);
    list.replaceChildren(...hits.map(item));
    status.textContent = report(question, hits);
  };

  const keepAddress = () => {
    const address = new URL(location.href);
    address.search = new URLSearchParams({ q: field.value });
    try {
      history.replaceState(null, "", address);
    } catch {
      // a browser that does not let a file change its address
    }
  };

  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.addEventListener("input", () => { show(); keepAddress(); });
  window.bnSearchMore = (sections) => { search.add(sections); whole = true; show(); };
  form.addEventListener("submit", (event) => { event.preventDefault(); show(); keepAddress(); });
  show();
}

if (typeof module !== "undefined") module.exports = bnSearch;
