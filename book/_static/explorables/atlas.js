/* The atlas: a specification curve. Each setting's difference, sorted; below it, which settings they are. */
(function (root) {
  "use strict";

  const node = typeof module === "object" && module.exports;
  const E = node ? require("./explorable.js") : root.BNExplorable;
  if (node) require("./atlas-table.js");
  const { factors, rates, combinations } = root.BNAtlas;
  const { number } = E;

  const [RUNS, IMAGES] = [4, 360]; // of each network; test images of each run
  const NAMES = Object.keys(factors);
  const STEPS = ["1/64", "1/16", "1/4", "1", "4", "16", "64"]; // times that rate
  const WORDS = { depth: "depth", width: "width", activation: "activation", optimizer: "optimiser", batch_size: "batch size", gain: "initial scale", images: "images" };
  const LEVELS = { sgd: "SGD", adam: "Adam", relu: "ReLU", 0.25: "1/4" };
  const said = (level) => LEVELS[level] || String(level);

  /* ---- settings ---- */
  const share = (hits) => (100 * hits) / (RUNS * IMAGES);
  const point = (levels, seed, rate, step, [plain, norm, low, high]) => ({
    levels, seed, rate, step, plain: share(plain), norm: share(norm), gap: share(norm - plain), low: low / 100, high: high / 100,
  });
  const ALL = { same: [], own: [] };
  for (const [seed, ...rest] of combinations) {
    const levels = rest.slice(0, NAMES.length);
    const [settings, [p, n, low, high]] = rest.slice(NAMES.length);
    const known = rates[factors.optimizer[levels[NAMES.indexOf("optimizer")]]];
    settings.forEach((one, k) => ALL.same.push(point(levels, seed, [known[k]], k, one)));
    const rate = [...new Set([known[p], known[n]])];
    ALL.own.push(point(levels, seed, rate, -1, [settings[p][0], settings[n][1], low, high]));
  }

  /** The settings that fit what is chosen, by difference. */
  function chosen(state) {
    const wanted = NAMES.map((name) => (state[name] === "all" ? -1 : Number(state[name])));
    const step = state.view === "own" || state.rate === "all" ? -1 : Number(state.rate);
    const fits = (one) => wanted.every((level, i) => level < 0 || one.levels[i] === level) && (step < 0 || one.step === step);
    return ALL[state.view].filter(fits).sort((a, b) => a.gap - b.gap);
  }

  /** What they come to. */
  function summary(found) {
    const n = found.length;
    const part = (test) => (100 * found.filter(test).length) / n;
    return {
      n,
      median: (found[Math.floor((n - 1) / 2)].gap + found[Math.ceil((n - 1) / 2)].gap) / 2,
      ahead: part(({ gap }) => gap > 0),
      helps: part(({ low }) => low > 0),
      hurts: part(({ high }) => high < 0),
    };
  }

  const at = (found, place) => Math.round((place / 100) * (found.length - 1));

  /* ---- drawing: places from 0 to 1000 across, points or rows down ---- */
  const [LEFT, RIGHT] = [26, 99]; // per cent
  const [LOW, HIGH] = [-80, 100]; // points
  const [TOP, TALL, ROW, HEAD] = [24, 180, 13, 18];
  const row = (i, of) => Math.round((1000 * i) / of);
  const panel = (y, height, inner, box) => `<svg x="${LEFT}%" y="${y}" width="${RIGHT - LEFT}%" height="${height}" viewBox="0 0 1000 ${box}" preserveAspectRatio="none">${inner}</svg>`;
  const down = (value) => (HIGH - E.clamp(value, LOW, HIGH)).toFixed(1);

  function curve(found) {
    const n = found.length;
    const bars = found.map((one, i) => `M${row(i + 0.5, n)} ${down(one.low)}V${down(one.high)}`);
    const steps = found.map((one, i) => `${i ? "V" : `M0 `}${down(one.gap)}H${row(i + 1, n)}`);
    const grid = [-80, -40, 0, 40, 80].map((value) => {
      const y = (TOP + (TALL * (HIGH - value)) / (HIGH - LOW)).toFixed(1);
      return `<line class="bnx-${value ? "grid" : "axis"}" x1="${LEFT}%" x2="${RIGHT}%" y1="${y}" y2="${y}"/><text class="bnx-end bnx-small" x="${LEFT - 2}%" y="${Number(y) + 4}">${value > 0 ? "+" : ""}${number(value, 0)}</text>`;
    });
    return `<text class="bnx-name" x="0" y="12">Batch norm minus plain, points</text>${grid.join("")}${panel(TOP, TALL, `<path class="bnx-errors" d="${bars.join("")}"/><path class="bnx-curve" d="${steps.join("")}"/>`, HIGH - LOW)}`;
  }

  /** One path for each level: a dash where a setting has it, neighbours joined. */
  function dashes(found, has) {
    const n = found.length;
    let path = "";
    for (let i = 0, start = -1; i <= n; i++) {
      const is = i < n && has(found[i]);
      if (is && start < 0) start = i;
      if (!is && start >= 0) {
        path += `M${row(start, n)} 5H${row(i, n)}`;
        start = -1;
      }
    }
    return path;
  }

  const rows = [
    ...NAMES.flatMap((name, i) => factors[name].map((level, k) => ({ group: !k && WORDS[name], label: said(level), has: (one) => one.levels[i] === k }))),
    ...STEPS.map((label, k) => ({ group: !k && "rate, times the usual one", label, has: (one) => one.step === k })),
  ];
  let bottom = TOP + TALL + 8;
  for (const one of rows) bottom = (one.y = bottom + (one.group ? HEAD : 0)) + ROW;
  const HEIGHT = bottom + 4;

  const matrix = (found) =>
    rows.map(({ group, label, has, y }) => {
      const head = group ? `<text class="bnx-start bnx-small" x="0" y="${y - 3}">${group}</text>` : "";
      const path = dashes(found, has);
      return `${head}<text class="bnx-end bnx-small" x="${LEFT - 2}%" y="${y + 10}">${label}</text>${panel(y, 10, path && `<path class="bnx-dashes" d="${path}"/>`, 10)}`;
    }).join("");

  function mark(found, place) {
    const x = `${(LEFT + ((RIGHT - LEFT) * (place + 0.5)) / found.length).toFixed(2)}%`;
    const y = (TOP + (TALL * down(found[place].gap)) / (HIGH - LOW)).toFixed(1);
    return `<line class="bnx-link" x1="${x}" x2="${x}" y1="${TOP}" y2="${HEIGHT}"/><circle class="bnx-now" r="5" cx="${x}" cy="${y}"/>`;
  }

  function view(state) {
    const found = chosen(state);
    const place = at(found, state.at);
    const lines = found.length ? call(found[place]) : [];
    const code = [...lines, ...Array(CALL - lines.length).fill("\u00a0")].join("\n");
    return `<svg class="bnx-svg" role="img" aria-label="The differences of the chosen settings, sorted, and below which settings they are; the numbers are in the text below" width="100%" height="${HEIGHT}">${curve(found)}${matrix(found)}${found.length ? mark(found, place) : ""}</svg><div class="bnx-call"><code>${E.escape(code)}</code></div>`;
  }

  const CALL = 13; // lines of the longest
  function call({ levels, seed, rate }) {
    const values = NAMES.map((name, i) => `  ${name}=${JSON.stringify(factors[name][levels[i]])},`);
    const both = rate.length > 1 ? ["  learning_rate=", `    (${rate.join(", ")}),`] : [`  learning_rate=${rate[0]},`];
    return ["import bnutils", "bnutils.atlas.compare(", `  seed=${seed},`, ...values, ...both, ")"];
  }

  /* ---- words ---- */
  const tenths = (value) => Math.round(10 * value) / 10;
  const signed = (value) => (tenths(value) > 0 ? "+" : "") + number(tenths(value), 1);
  const percent = (value) => `${number(Math.round(value), 0)} %`;

  function sentence(view, { n, median, ahead, helps, hurts }, place, one) {
    const settings = NAMES.map((name, i) => `${WORDS[name]} ${said(factors[name][one.levels[i]])}`).join(", ");
    const rate = one.rate.length > 1 ? `rates ${one.rate.join(" and ")}` : `rate ${one.rate[0]}`;
    return `${n} ${view === "own" ? "combination" : "setting"}${n > 1 ? "s" : ""}: median ${signed(median)} points; batch norm is ahead in ${percent(ahead)}, clearly in ${percent(helps)}, and clearly behind in ${percent(hurts)}. Point ${place + 1}: ${settings}, ${rate}: plain ${number(one.plain, 1)} %, batch norm ${number(one.norm, 1)} %, difference ${signed(one.gap)} (${signed(one.low)} to ${signed(one.high)}).`;
  }

  /* The longest that it can say, for which room is kept. */
  const WIDE = { levels: [4, 2, 2, 1, 4, 0, 1], rate: [0.000025, 0.000025], plain: 10.1, norm: 10.1, gap: -10.1, low: -10.1, high: -10.1 };
  const WIDEST = { n: combinations.length, median: -10.1, ahead: 100, helps: 100, hurts: 100 };

  function describe(state) {
    if (state.view === "widest") return sentence("own", WIDEST, WIDEST.n, WIDE);
    const found = chosen(state);
    if (!found.length) return "No setting of the atlas has all of these: choose “all” for one of them.";
    const place = at(found, state.at);
    return sentence(state.view, summary(found), place, found[place]);
  }

  /* ---- in the browser: a click chooses a point ---- */
  function connect(host) {
    host.addEventListener("pointerdown", (event) => {
      const svg = event.target.closest(".bnx-svg");
      if (!svg || event.button) return;
      const box = svg.getBoundingClientRect();
      const across = (100 * (event.clientX - box.left)) / box.width;
      if (across >= LEFT) host.set({ at: E.clamp(Math.round((500 * (across - LEFT)) / (RIGHT - LEFT)) / 5, 0, 100) });
    });
  }

  const options = (levels) => ({ all: "all", ...Object.fromEntries(levels.map((level, i) => [String(i), said(level)])) });
  const START = { view: "same", ...Object.fromEntries(NAMES.map((name) => [name, "all"])), rate: "all", at: 50 };

  const figure = E.define({
    name: "atlas",
    title: "The atlas",
    predict: "In what share of the settings is batch normalisation ahead? And if you look at batches of 2 only?",
    help: "A row shows where on the curve its settings lie. The thin lines are 95 % intervals of four pairs. With each at its own best rate, no rate is to be chosen. “Clearly” means that the interval is on one side of 0. The text under the figure trains the chosen point again. Click on the curve, or move the point with the arrow keys.",
    defaults: START,
    controls: [
      { kind: "choice", key: "view", label: "Rates", options: { same: "both at the same rate", own: "each at its own best rate" } },
      ...NAMES.map((name) => ({ kind: "choice", key: name, label: WORDS[name], options: options(factors[name]) })),
      { kind: "choice", key: "rate", label: "rate", options: options(STEPS) },
      { kind: "range", key: "at", label: "point", min: 0, max: 100, step: 0.2, format: (v) => `${number(v, 1)} %` },
    ],
    presets: {
      "Batches of 2": { batch_size: "0" },
      "16 layers": { depth: "4" },
      "Own best rates": { view: "own" },
    },
    longest: { view: "widest" },
    view,
    describe,
    connect,
  });
  if (node) module.exports = { ...figure, chosen, summary };
})(typeof globalThis === "object" ? globalThis : this);
