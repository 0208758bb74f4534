/* The moving-average clock: how much of the initial statistics is left after some updates. */
(function (root) {
  "use strict";

  const node = typeof module === "object" && module.exports;
  const F = node ? require("./formulas.js") : root.BNFormulas;
  const E = node ? require("./explorable.js") : root.BNExplorable;
  const { number, clamp } = E;

  const BATCH = { mean: 6, variance: 9 }; // what every batch of the example has
  const INITIAL = { mean: 0, variance: 1 }; // what the layer starts with
  const EPSILON = 0.001;
  const MOMENTA = [0.001, 0.01, 0.05, 0.1, 0.5, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999];
  const LAST = 1500;
  const HORIZONS = [20, 100, 500, LAST];

  const left = (state, steps = state.steps) => F.share(state.momentum, steps, state.convention);

  /** The stored statistics now, and mean and spread of the output in inference. */
  function layer(state) {
    const share = left(state);
    const mean = F.moving(INITIAL.mean, BATCH.mean, share);
    const variance = F.moving(INITIAL.variance, BATCH.variance, share);
    const std = Math.sqrt(variance + EPSILON);
    const centre = (BATCH.mean - mean) / std;
    return { share, mean, variance, centre, spread: Math.sqrt(BATCH.variance) / std };
  }

  const percent = (share) => `${number(100 * share, 1)} %`;

  /* ---- the dial: the wedge is the share of the start that is left ---- */
  function dial(share) {
    const turn = 2 * Math.PI * clamp(share, 0, 0.999); // a whole turn would end where it began
    const [x, y] = [50 * Math.sin(turn), -50 * Math.cos(turn)].map((v) => v.toFixed(2));
    return `<svg class="bnx-svg bnx-dial" role="img" aria-label="Dial: ${percent(share)} of the initial statistics left" width="132" height="132" viewBox="-66 -66 132 132"><defs><pattern id="bnx-hatch" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="bnx-b0" width="6" height="6"/><path class="bnx-b1" d="M0 6L6 0M-1 1L1 -1M5 7L7 5"/></pattern></defs><circle class="bnx-face" r="50"/><path class="bnx-wedge" d="M0 0V-50A50 50 0 ${share > 0.5 ? 1 : 0} 1 ${x} ${y}Z"/><circle class="bnx-rim" r="50"/><path class="bnx-hand" d="M0 0L${x} ${y}"/></svg>`;
  }

  /* ---- the curve: share left against updates ---- */
  const horizon = (steps) => HORIZONS.find((limit) => steps <= 0.9 * limit) || LAST;

  function curve(state, share) {
    const limit = horizon(state.steps);
    const points = [];
    for (let i = 0; i <= 60; i++)
      points.push(`${((100 * i) / 60).toFixed(1)},${(100 * (1 - left(state, (limit * i) / 60))).toFixed(2)}`);
    const x = 10 + (86 * state.steps) / limit;
    const ticks = [0, 0.5, 1].map((part) => `<text x="${10 + 86 * part}%" y="148">${limit * part}</text>`);
    const rows = [0, 0.5, 1].map(
      (part) => `<line class="bnx-grid" x1="10%" x2="96%" y1="${124 - 104 * part}" y2="${124 - 104 * part}"/><text class="bnx-start bnx-small" x="0" y="${128 - 104 * part}">${part}</text>`,
    );
    return `<svg class="bnx-svg bnx-grow" role="img" aria-label="Share left falls with the number of updates" width="100%" height="154">${rows.join("")}<svg x="10%" y="20" width="86%" height="104" viewBox="0 0 100 100" preserveAspectRatio="none"><polyline class="bnx-curve" points="${points.join(" ")}"/></svg><svg x="${Number(x.toFixed(3))}%" y="${(124 - 104 * share).toFixed(2)}" overflow="visible"><circle class="bnx-now" r="7"/></svg>${ticks.join("")}<text class="bnx-name" x="10%" y="12">share left, by updates</text></svg>`;
  }

  /* ---- the outputs: mean ± one standard deviation, as trained and as used ---- */
  const at = (value) => Number((50 + (46 * clamp(value, -9, 9)) / 9).toFixed(3));
  function interval(centre, spread, y, kind, name) {
    const [low, high] = [at(centre - spread), at(centre + spread)];
    return `<text class="bnx-name" x="0" y="${y - 14}">${name}</text><rect class="${kind}" x="${low}%" y="${y - 8}" width="${Number((high - low).toFixed(3))}%" height="16"/><line class="bnx-mean" x1="${at(centre)}%" x2="${at(centre)}%" y1="${y - 11}" y2="${y + 11}"/>`;
  }
  function outputs(now) {
    const ticks = [-8, -4, 0, 4, 8].map(
      (v) => `<line class="bnx-tick" x1="${at(v)}%" x2="${at(v)}%" y1="108" y2="114"/><text x="${at(v)}%" y="128">${number(v, 0)}</text>`,
    );
    return `<svg class="bnx-svg" role="img" aria-label="Outputs in training and in inference; the numbers are in the text below" width="100%" height="134">${interval(0, 1, 30, "bnx-band", "output in training")}${interval(now.centre, now.spread, 84, "bnx-stale", "output in inference")}<line class="bnx-axis" x1="4%" x2="96%" y1="108" y2="108"/>${ticks.join("")}</svg>`;
  }

  function view(state) {
    const now = layer(state);
    return `<div class="bnx-row">${dial(now.share)}${curve(state, now.share)}</div>${outputs(now)}`;
  }

  function describe(state) {
    const now = layer(state);
    const keep = F.oldWeight(state.momentum, state.convention);
    const name = state.convention === "keras" ? "Keras" : "PyTorch";
    const until = F.updatesUntil(0.01, state.momentum, state.convention);
    return `${name}, momentum ${state.momentum}: each update keeps ${percent(keep)} of the old value. After ${state.steps} ${state.steps === 1 ? "update" : "updates"}, ${percent(now.share)} of the initial statistics is left (at most 1 % after ${until}). Stored mean ${number(now.mean)}, variance ${number(now.variance)}; every batch had 6 and 9. In inference this batch comes out with mean ${number(now.centre)} and standard deviation ${number(now.spread)}; in training with 0 and 1.`;
  }

  const figure = E.define({
    name: "moving-average-clock",
    title: "The moving-average clock",
    predict:
      "With Keras' default momentum of 0.99, what share of the statistics used in inference is still the initial 0 and 1 after 100 updates: a tenth, a third, or two thirds?",
    help: "The wedge is what is left of the start: mean 0, variance 1. TensorFlow issue 36446 trained on two images: at epoch 6 (six updates, if both make one batch) the loss was 0.04, and 3238 for the same images in validation.",
    defaults: { convention: "keras", momentum: 0.99, steps: 0 }, // so that "+100" shows what is asked
    controls: [
      { kind: "choice", key: "convention", label: "Convention", options: { keras: "Keras", pytorch: "PyTorch" } },
      { kind: "range", key: "momentum", label: "momentum", list: MOMENTA, format: String },
      { kind: "range", key: "steps", label: "updates", min: 0, max: LAST, step: 1, format: String },
    ],
    presets: {
      "+1 update": (state) => ({ ...state, steps: clamp(state.steps + 1, 0, LAST) }),
      "+100 updates": (state) => ({ ...state, steps: clamp(state.steps + 100, 0, LAST) }),
      "TensorFlow issue 36446": { steps: 6 },
      "PyTorch's default": { convention: "pytorch", momentum: 0.1 },
    },
    longest: { convention: "keras", momentum: 0.98, steps: 1300 },
    view,
    describe,
  });
  if (node) module.exports = { ...figure, layer, BATCH, INITIAL, EPSILON };
})(typeof globalThis === "object" ? globalThis : this);
