/* Effective rate: how long a kernel before a normalisation gets, and how far each update turns it. */
(function (root) {
  "use strict";

  const node = typeof module === "object" && module.exports;
  const E = node ? require("./explorable.js") : root.BNExplorable;
  const { number, clamp } = E;

  const RATES = [0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1];
  const DECAYS = [0, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3];
  const NORMS = [0.25, 0.5, 1, 2, 4, 8];
  const LONGER = 4; // the second kernel starts so many times as long
  const UPDATES = 10000;
  const GRADIENT = 1; // its norm where that of the kernel is 1
  const POINTS = 64; // of a curve, evenly over the decades

  const places = [...new Set(Array.from({ length: POINTS + 1 }, (_, i) => Math.round(UPDATES ** (i / POINTS))))];

  /** Norm of a kernel before a normalisation after each update of SGD, and the angle of each. */
  function turning(norm, rate, decay, gradient, updates) {
    const [norms, angles, kept] = [[], [], 1 - rate * decay];
    for (let length = norm, t = 0; t < updates; t++) {
      const [along, across] = [kept * length, (rate * gradient) / length];
      norms.push((length = Math.hypot(along, across)));
      angles.push(Math.atan2(across, along));
    }
    return { norms, angles };
  }

  /** The three kernels: as chosen, longer at the start, and without decay. */
  function kernels({ rate, decay, norm }) {
    const run = (start, lambda) => turning(start, rate, lambda, GRADIENT, UPDATES);
    return { a: run(norm, decay), b: run(LONGER * norm, decay), c: run(norm, 0) };
  }

  const goal = ({ rate, decay }) => Math.sqrt(2 * rate * decay);

  /* ---- charts with both axes in powers of ten ---- */
  const [TOP, HIGH] = [28, 120];
  const across = (update) => (100 * Math.log10(update)) / Math.log10(UPDATES);
  const down = (value, [low, high]) =>
    (100 * (Math.log10(high) - clamp(Math.log10(value), Math.log10(low), Math.log10(high)))) / Math.log10(high / low);

  /* Each kernel has a colour and a pattern. */
  const STROKES = {
    a: 'style="stroke:var(--bnx-a)"',
    b: 'style="stroke:var(--bnx-b)" stroke-dasharray="9 4"',
    c: 'style="stroke:var(--bnx-c)" stroke-dasharray="2 4"',
  };

  function chart(name, label, runs, range, ticks, line) {
    const y = (value) => (TOP + (HIGH * down(value, range)) / 100).toFixed(2);
    const rows = ticks.map(
      ([value, text]) => `<line class="bnx-grid" x1="12%" x2="97%" y1="${y(value)}" y2="${y(value)}"/><text class="bnx-end bnx-small" x="11%" y="${Number(y(value)) + 4}">${text}</text>`,
    );
    const columns = ["1", "10", "100", "1000", "10 000"].map(
      (text, i) => `<text class="bnx-small${i === 4 ? " bnx-end" : ""}" x="${i === 4 ? 100 : 12 + 21.25 * i}%" y="${TOP + HIGH + 18}">${text}</text>`,
    );
    const curves = Object.entries(runs).map(([kind, values]) => {
      const points = places.map((t) => `${across(t).toFixed(2)},${down(values[t - 1], range).toFixed(2)}`);
      return `<polyline class="bnx-curve" data-kernel="${kind}" ${STROKES[kind]} points="${points.join(" ")}"/>`;
    });
    const end = line ? `<line class="bnx-axis" x1="12%" x2="97%" y1="${y(line)}" y2="${y(line)}"/><text class="bnx-end" x="97%" y="${Number(y(line)) - 6}">√(2ηλ)</text>` : "";
    return `<svg class="bnx-svg" role="img" aria-label="${label}; the numbers are in the text below" width="100%" height="${TOP + HIGH + 30}">${rows.join("")}<svg x="12%" y="${TOP}" width="85%" height="${HIGH}" viewBox="0 0 100 100" preserveAspectRatio="none">${curves.join("")}</svg>${end}${columns.join("")}<text class="bnx-name" x="0" y="12">${name}</text></svg>`;
  }

  const KINDS = { a: "as chosen", b: `${LONGER} times as long at the start`, c: "as chosen, without decay" };
  const legend = (runs) =>
    Object.keys(runs).map(
      (kind) => `<li><svg width="32" height="10" aria-hidden="true"><path class="bnx-curve" ${STROKES[kind]} d="M0 5H32"/></svg> ${KINDS[kind]}</li>`,
    );

  const only = (runs, key) => Object.fromEntries(Object.entries(runs).map(([kind, run]) => [kind, run[key]]));

  function view(state) {
    const runs = kernels(state);
    const angles = chart("angle of an update in radians, by updates", "Angle by updates", only(runs, "angles"), [5e-6, 2], [[1, "1"], [0.01, "10⁻²"], [0.0001, "10⁻⁴"]], goal(state));
    const norms = chart("length of the kernel, by updates", "Length by updates", only(runs, "norms"), [0.1, 100], [[100, "100"], [10, "10"], [1, "1"], [0.1, "0.1"]]);
    return `<ul class="bnx-legend">${legend(runs).join("")}</ul>${angles}${norms}`;
  }

  function describe(state) {
    const runs = kernels(state);
    const last = ({ norms, angles }) => `${number(norms[UPDATES - 1])} long and turns by ${number(angles[UPDATES - 1], 4)}`;
    const start = `Learning rate ${state.rate}, weight decay ${state.decay}: after ${UPDATES} updates the kernel that started at ${number(state.norm)} is ${last(runs.a)} an update, the one that started at ${number(LONGER * state.norm)} is ${last(runs.b)}.`;
    return state.decay
      ? `${start} √(2ηλ) is ${number(goal(state), 4)}. Without decay the first would be ${last(runs.c)}.`
      : `${start} Without decay there is no angle to end at: both grow, and turn ever less.`;
  }

  const figure = E.define({
    name: "effective-rate",
    title: "Effective rate",
    predict:
      "With weight decay, each update ends up turning the kernel by the same angle, however long the kernel was at the start. With four times the weight decay, will that angle be half as large, twice as large, or four times as large?",
    help: "A kernel before a normalisation, in SGD. Its gradient stands at right angles to it and has the norm 1 / length. Both axes are in powers of ten.",
    defaults: { rate: 0.1, decay: 0.05, norm: 0.5 },
    controls: [
      { kind: "range", key: "rate", label: "rate η", list: RATES, format: String },
      { kind: "range", key: "decay", label: "decay λ", list: DECAYS, format: String },
      { kind: "range", key: "norm", label: "first length", list: NORMS, format: String },
    ],
    presets: {
      "Four times the decay": { decay: 0.2 },
      "A long start": { norm: 8 },
      "No decay": { decay: 0 },
    },
    longest: { rate: 0.01, decay: 0.0005, norm: 8 },
    view,
    describe,
  });
  if (node) module.exports = { ...figure, turning, kernels, goal };
})(typeof globalThis === "object" ? globalThis : this);
