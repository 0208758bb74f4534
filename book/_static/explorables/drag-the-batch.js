/* Drag the batch: every output depends on every input, as long as the layer trains. */
(function (root) {
  "use strict";

  const node = typeof module === "object" && module.exports;
  const F = node ? require("./formulas.js") : root.BNFormulas;
  const E = node ? require("./explorable.js") : root.BNExplorable;
  const { number, clamp } = E;

  /* The input line runs from -8 to 8, the output line from -4 to 4, or twice as far if need be. */
  const INPUT = 8;
  const OUTPUTS = [4, 8];
  /* The moving statistics, for inference. */
  const STORED = { mean: 1, variance: 9 };
  const START = [-5, -2, 0.5, 2.5, 6, -6.5, 4.25, -3.5];
  /* Settings at the start. */
  const SETTINGS = { mode: "train", size: 5, gamma: 1, beta: 0, epsilon: 0.001 };

  /** Position on a line of the given half-width, in per cent of the drawing. */
  const at = (value, half) => Number((50 + (46 * clamp(value, -half, half)) / half).toFixed(3));

  function forward(state, x) {
    const options = { gamma: state.gamma, beta: state.beta, epsilon: state.epsilon };
    const batch = x.slice(0, state.size);
    return state.mode === "train" ? F.train(batch, options) : F.infer(batch, { ...options, ...STORED });
  }

  const tick = (value, half, y) =>
    `<line class="bnx-tick" x1="${at(value, half)}%" x2="${at(value, half)}%" y1="${y}" y2="${y + 6}"/><text x="${at(value, half)}%" y="${y + 20}">${number(value, 0)}</text>`;
  const axis = (half, y) =>
    `<line class="bnx-axis" x1="4%" x2="96%" y1="${y}" y2="${y}"/>` +
    [-1, -0.5, 0, 0.5, 1].map((share) => tick(share * half, half, y)).join("");

  function band({ mean, variance }) {
    const spread = Math.sqrt(variance);
    const [low, high] = [at(mean - spread, INPUT), at(mean + spread, INPUT)];
    return `<rect class="bnx-band" x="${low}%" width="${Number((high - low).toFixed(3))}%" y="44" height="32" rx="4"/><line class="bnx-mean" x1="${at(mean, INPUT)}%" x2="${at(mean, INPUT)}%" y1="38" y2="82"/>`;
  }

  const point = (state, result) => (x, i) =>
    `<g class="bnx-point${i === state.point ? " bnx-chosen" : ""}" role="slider" tabindex="0" data-point="${i}" aria-label="Input of point ${i + 1}" aria-valuemin="${-INPUT}" aria-valuemax="${INPUT}" aria-valuenow="${x}" aria-valuetext="${number(x)}, output ${number(result.y[i])}"><circle cx="${at(x, INPUT)}%" cy="60" r="13"/><text x="${at(x, INPUT)}%" y="64.5">${i + 1}</text></g>`;

  const link = (result, half) => (x, i) =>
    `<line class="bnx-link" x1="${at(x, INPUT)}%" y1="60" x2="${at(result.y[i], half)}%" y2="170"/>`;

  const square = (kind, half) => (y, i) =>
    `<svg x="${at(y, half)}%" y="170" overflow="visible"><rect class="bnx-${kind}" x="-9" y="-9" width="18" height="18"/>${kind === "output" ? `<text class="bnx-on" y="4.5">${i + 1}</text>` : ""}</svg>`;

  function view(state) {
    const x = state.x.slice(0, state.size);
    const result = forward(state, state.x);
    const start = forward(state, START);
    const half = OUTPUTS.find((limit) => [...result.y, ...start.y].every((y) => Math.abs(y) <= limit));
    return `<svg class="bnx-svg" role="group" aria-label="Inputs above, outputs below" width="100%" height="210"><text class="bnx-name" x="0" y="16">input x</text><text class="bnx-name" x="0" y="134">output y</text>${band(result)}${axis(INPUT, 60)}${axis(half, 170)}${x.map(link(result, half)).join("")}${start.y.map(square("ghost", half)).join("")}${result.y.map(square("output", half)).join("")}${x.map(point(state, result)).join("")}</svg><ul class="bnx-legend"><li><i class="bnx-key bnx-key-round"></i>input</li><li><i class="bnx-key bnx-key-square"></i>output</li><li><i class="bnx-key bnx-key-ghost"></i>output if no point had been moved, same settings</li><li><i class="bnx-key bnx-key-band"></i>mean in use ± one standard deviation</li></ul>`;
  }

  /* ---- in words. Two sentences compare, and each changes one thing: the points under the same
   * settings, or the settings under the same points. ---- */
  /* As far as the eye can follow. */
  const said = (value) => number(Math.round(100 * value) / 100);

  function by(changes) {
    const [low, high] = [Math.min(...changes), Math.max(...changes)];
    /* Not even by what rounding hides. */
    if (!low && !high) return "by nothing";
    return said(low) === said(high) ? `by ${said(low)}` : `by ${said(low)} to ${said(high)}`;
  }

  function moving(state, result, who) {
    const inBatch = (x) => String(x.slice(0, state.size));
    if (inBatch(state.x) === inBatch(START)) return "No point of the batch has been moved.";
    const start = forward(state, START).y;
    const change = result.y.map((y, i) => y - start[i]);
    const others = change.filter((_, i) => i !== who);
    const rest = others.length ? `, and those of the other ${others.length} ${by(others)}` : "";
    return `With these settings and no point moved it would give ${said(start[who])}: moving changed its output ${by([change[who]])}${rest}.`;
  }

  function settings(state, who) {
    const { size, gamma, beta, epsilon } = SETTINGS;
    if (Object.keys(SETTINGS).every((key) => state[key] === SETTINGS[key])) return "";
    const { y } = forward(SETTINGS, state.x);
    const then = who < size ? `it would give ${said(y[who])}` : "it would not be in the batch";
    return ` With the starting settings (training, batch size ${size}, gamma ${gamma}, beta ${beta}, epsilon ${epsilon}) and the points as they are, ${then}.`;
  }

  function describe(state) {
    const result = forward(state, state.x);
    const who = Math.min(state.point, state.size - 1);
    const mode = state.mode === "train" ? "Training: batch" : "Inference: stored";
    return `${mode} mean ${said(result.mean)}, variance ${said(result.variance)}. Point ${who + 1} at ${said(state.x[who])} gives ${said(result.y[who])}. ${moving(state, result, who)}${settings(state, who)}`;
  }

  /* ---- moving a point: keys, drag, or a tap on the line ---- */
  const KEYS = {
    ArrowRight: 0.25, ArrowUp: 0.25, ArrowLeft: -0.25, ArrowDown: -0.25,
    PageUp: 1, PageDown: -1, Home: -Infinity, End: Infinity,
  };

  function connect(host) {
    const move = (i, value) => {
      const x = [...host.state.x];
      x[i] = clamp(Math.round(value * 20) / 20, -INPUT, INPUT);
      host.set({ x, point: i });
    };
    const which = (target) => {
      const found = target.closest("[data-point]");
      return found && Number(found.dataset.point);
    };
    const place = (event) => {
      const box = host.querySelector(".bnx-svg").getBoundingClientRect();
      return (((event.clientX - box.left) / box.width - 0.5) * INPUT) / 0.46;
    };
    host.addEventListener("keydown", (event) => {
      const i = which(event.target);
      if (i === null || !(event.key in KEYS)) return;
      event.preventDefault();
      move(i, host.state.x[i] + KEYS[event.key]);
    });
    host.addEventListener("focusin", (event) => {
      const i = which(event.target);
      if (i !== null && i !== host.state.point) host.set({ point: i });
    });
    host.addEventListener("pointerdown", (event) => {
      const svg = event.target.closest(".bnx-svg");
      if (!svg || event.button) return;
      const i = which(event.target);
      const y = event.clientY - svg.getBoundingClientRect().top;
      if (i === null && Math.abs(y - 60) > 24) return;
      host.dragged = i === null ? host.state.point : i;
      if (i === null) move(host.dragged, place(event));
      host.setPointerCapture(event.pointerId);
    });
    host.addEventListener("pointermove", (event) => {
      if (host.dragged !== undefined) move(host.dragged, place(event));
    });
    for (const end of ["pointerup", "pointercancel"])
      host.addEventListener(end, () => { host.dragged = undefined; });
  }

  const EPSILONS = [0.00001, 0.001, 0.1, 1, 10, 100];
  const figure = E.define({
    name: "drag-the-batch",
    title: "Drag the batch",
    predict:
      "Point 5 is an outlier. If you pull it further to the right, where do the outputs of the <em>other</em> points go? And in inference mode?",
    help: "Drag a point; or focus it with Tab and press the arrow keys (Page Up and Page Down: larger steps); or tap the line to bring the selected point there. Stored statistics for inference: mean 1, variance 9.",
    defaults: { ...SETTINGS, point: 4, x: START },
    controls: [
      { kind: "choice", key: "mode", label: "Mode", options: { train: "training", infer: "inference" } },
      { kind: "range", key: "size", label: "batch size", min: 1, max: 8, step: 1, format: String },
      { kind: "range", key: "gamma", label: "gamma", min: 0, max: 2, step: 0.1, format: (v) => number(v, 1) },
      { kind: "range", key: "beta", label: "beta", min: -2, max: 2, step: 0.1, format: (v) => number(v, 1) },
      { kind: "range", key: "epsilon", label: "epsilon", list: EPSILONS, format: String },
    ],
    hidden: [
      { kind: "range", key: "point", min: 0, max: 7, step: 1 },
      ...START.map((_, i) => ({ kind: "range", key: `x.${i}`, min: -INPUT, max: INPUT, step: 0.05 })),
    ],
    presets: {
      "Pull point 5": { x: [-5, -2, 0.5, 2.5, 8, -6.5, 4.25, -3.5] },
      "Batch of one": { size: 1, point: 0 },
    },
    longest: { mode: "infer", size: 8, gamma: 1.9, beta: -1.9, epsilon: 0.00001, point: 5, x: START.map((x, i) => x - 0.5 - i / 10) },
    view,
    describe,
    connect,
  });
  if (node) module.exports = { ...figure, START, STORED };
})(typeof globalThis === "object" ? globalThis : this);
