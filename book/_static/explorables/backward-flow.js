/* Backward flow: the three terms of dx, and what breaks when a statistic is detached. */
(function (root) {
  "use strict";

  const node = typeof module === "object" && module.exports;
  const F = node ? require("./formulas.js") : root.BNFormulas;
  const E = node ? require("./explorable.js") : root.BNExplorable;
  const { number, clamp } = E;

  const X = [1.6, 2, 2.8, 3.2, 4, 4.4]; // a batch with mean 3 and variance 1
  const SETTINGS = { gamma: 1, epsilon: 0.001 };
  const UPSTREAM = [-1, -0.5, 1.5, 0.5, 1, 0.5];
  const LIMIT = 3.4; // no bar is longer, whatever the sliders say
  const MIDDLE = 120;
  const UNIT = 34; // pixels

  const gradient = (state) =>
    F.backward(X, state.g, { ...SETTINGS, detachMean: state.mean, detachVariance: state.variance });

  /** What the sum of xhat * dx is when nothing is detached: of the order of epsilon. */
  function scaleRule(state) {
    const { xhat } = gradient(state);
    const { variance } = F.moments(X);
    const dgamma = xhat.reduce((total, value, i) => total + value * state.g[i], 0);
    return (SETTINGS.gamma * SETTINGS.epsilon * dgamma) / (variance + SETTINGS.epsilon) ** 1.5;
  }

  const TERMS = [
    ["direct", "bnx-a"],
    ["viaMean", "bnx-b"],
    ["viaVariance", "bnx-c"],
  ];

  function bar(value, x, kind) {
    const length = Number((UNIT * clamp(Math.abs(value), 0, LIMIT)).toFixed(2));
    const top = value > 0 ? Number((MIDDLE - length).toFixed(2)) : MIDDLE;
    return `<svg x="${x}%" overflow="visible"><rect class="bnx-bar ${kind}" x="-6" y="${top}" width="11" height="${length}"/></svg>`;
  }

  function group(result, i) {
    const centre = Number((((i + 0.5) * 100) / X.length).toFixed(3));
    const bars = TERMS.map(([term, kind], k) => bar(result[term][i], centre - 4.2 + 3.6 * k, kind));
    const y = Number((MIDDLE - UNIT * clamp(result.dx[i], -LIMIT, LIMIT)).toFixed(2));
    return `${bars.join("")}<svg x="${Number((centre + 6.2).toFixed(3))}%" y="${y}" overflow="visible"><path class="bnx-total" d="M0 -7L7 0L0 7L-7 0Z"/></svg><text x="${centre}%" y="246">${i + 1}</text><text class="bnx-small" x="${centre}%" y="264">${number(result.xhat[i], 2)}</text>`;
  }

  const pattern = (id, body) =>
    `<pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse">${body}</pattern>`;
  const PATTERNS = `<defs>${pattern("bnx-stripes", '<rect class="bnx-b0" width="6" height="6"/><path class="bnx-b1" d="M0 6L6 0M-1 1L1 -1M5 7L7 5"/>')}${pattern("bnx-dots", '<rect class="bnx-c0" width="6" height="6"/><circle class="bnx-c1" cx="3" cy="3" r="1.6"/>')}</defs>`;

  const holds = (ok, chance) =>
    ok ? (chance ? "zero for this dy only" : "the rule holds") : "the rule is broken";

  function rules(state) {
    const result = gradient(state);
    const detached = state.mean || state.variance;
    return {
      sum: { value: result.sum, ok: Math.abs(result.sum) < 1e-9, chance: state.mean },
      along: {
        value: result.along,
        ok: Math.abs(result.along - scaleRule(state)) < 1e-9,
        chance: detached && state.variance,
      },
    };
  }

  const line = (name, { value, ok, chance }) =>
    `<div><dt>${name}</dt><dd><b>${number(value, 3)}</b> <span class="bnx-mark">${ok && !chance ? "✓" : ok ? "(✓)" : "✗"}</span> ${holds(ok, chance).replace("the rule ", "")}</dd></div>`;

  function view(state) {
    const result = gradient(state);
    const grid = [-3, -2, -1, 0, 1, 2, 3].map(
      (value) =>
        `<line class="${value ? "bnx-grid" : "bnx-axis"}" x1="0" x2="100%" y1="${MIDDLE - UNIT * value}" y2="${MIDDLE - UNIT * value}"/>${value % 2 ? "" : `<text class="bnx-small bnx-start" x="0" y="${MIDDLE - UNIT * value - 3}">${number(value, 0)}</text>`}`,
    );
    const { sum, along } = rules(state);
    return `<svg class="bnx-svg" role="img" aria-label="Bars of the three terms of dx for six examples; the numbers are in the text below" width="100%" height="270">${PATTERNS}${grid.join("")}${X.map((_, i) => group(result, i)).join("")}</svg><ul class="bnx-legend"><li><i class="bnx-key"></i>direct</li><li><i class="bnx-key bnx-key-stripes"></i>via the mean</li><li><i class="bnx-key bnx-key-dots"></i>via the variance</li><li><i class="bnx-key bnx-key-total"></i>their sum, dx</li><li>below: example, its normalised value</li></ul><dl class="bnx-rules">${line("sum of dx", sum)}${line("sum of x̂·dx", along)}</dl>`;
  }

  function describe(state) {
    const { dx } = gradient(state);
    const { sum, along } = rules(state);
    const detached = [state.mean && "mean", state.variance && "variance"].filter(Boolean);
    const start = detached.length ? `Detached: ${detached.join(" and ")}. ` : "";
    return `${start}dx of the six examples: ${dx.map((value) => number(value, 2)).join("; ")}. Sum of dx: ${number(sum.value, 3)}, ${holds(sum.ok, sum.chance)}. Sum of x̂·dx: ${number(along.value, 3)}, ${holds(along.ok, along.chance)}.`;
  }

  const all = (value) => X.map(() => value);
  const figure = E.define({
    name: "backward-flow",
    title: "Backward flow",
    predict:
      "Which examples get a gradient if only one of them has a loss? And which sum stops being zero once the mean is treated as a constant?",
    help: "The upstream gradient dy is yours to set, example by example. The batch is fixed: mean 3, variance 1; gamma 1, epsilon 0.001. The sum of dx must be 0, the sum of x̂·dx of the order of epsilon.",
    defaults: { g: UPSTREAM, mean: false, variance: false },
    controls: [
      ...X.map((_, i) => ({
        kind: "range", key: `g.${i}`, label: `dy of ${i + 1}`, min: -2, max: 2, step: 0.1, format: (v) => number(v, 1),
      })),
      { kind: "check", key: "mean", label: "detach the mean" },
      { kind: "check", key: "variance", label: "detach the variance" },
    ],
    presets: {
      "One loss": (state) => ({ ...state, g: [0, 2, 0, 0, 0, 0] }),
      "All equal": (state) => ({ ...state, g: all(1) }),
      "Along x̂": (state) => ({ ...state, g: X.map((x) => Number((x - 3).toFixed(1))) }),
    },
    longest: { g: [-1.4, -1, -0.2, 0.2, 1, 1.4], mean: true, variance: false },
    view,
    describe,
  });
  if (node) module.exports = { ...figure, X, SETTINGS };
})(typeof globalThis === "object" ? globalThis : this);
