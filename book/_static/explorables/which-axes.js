/* Which axes: what each normalisation averages together in a block N x H x W x C. */
(function (root) {
  "use strict";

  const node = typeof module === "object" && module.exports;
  const F = node ? require("./formulas.js") : root.BNFormulas;
  const E = node ? require("./explorable.js") : root.BNExplorable;

  const SHAPE = [4, 2, 2, 6];
  const [N, H, W, C] = SHAPE;
  const GROUPS = [1, 2, 3, 6];
  const NAMES = {
    bn: "batch", ln: "layer (Keras' default)", lnhwc: "layer over H, W, C",
    in: "instance", gn: "group", rms: "RMS",
  };
  const SIDE = 19; // a value is a square of this size, in pixels
  const ROW = 2 * SIDE + 20;

  const key = (state, index) => F.statistic(state.layer, index, SHAPE, state.groups);
  const chosen = (state) => [state.n, state.h, state.w, state.c];

  function square(state, index, mine) {
    const [, h, w, c] = index;
    const here = String(index) === String(chosen(state));
    const x = ((c + 0.5) * 100) / C;
    const kind = key(state, index) === mine ? "bnx-in" : "bnx-out";
    const [left, top] = [(w - W / 2) * SIDE, h * SIDE];
    const mark = here ? `<circle class="bnx-here" cx="${left + SIDE / 2 - 0.5}" cy="${top + SIDE / 2 - 0.5}" r="5"/>` : "";
    return `<svg x="${Number(x.toFixed(3))}%" overflow="visible"><rect class="${kind}" x="${left}" y="${top}" width="${SIDE - 1}" height="${SIDE - 1}"/>${mark}</svg>`;
  }

  function row(state, n, mine) {
    const squares = F.indices(SHAPE).filter((index) => index[0] === n);
    return `<svg y="${24 + n * ROW}" overflow="visible"><text class="bnx-start bnx-small" x="0" y="-5">example ${n + 1}</text>${squares.map((index) => square(state, index, mine)).join("")}</svg>`;
  }

  const tuple = (values) => (values.length === 1 ? `(${values[0]},)` : `(${values.join(", ")})`);
  const listed = (names, shape) => names.map((name) => `${name} ${tuple(shape)}`).join(", ");

  function facts(state) {
    const result = F.axes(state.layer, SHAPE, state.groups);
    const stored = result.moving.length ? listed(result.moving, result.parameter) : "none";
    return { ...result, learned: listed(result.trainable, result.parameter), stored };
  }

  function view(state) {
    const mine = key(state, chosen(state));
    const info = facts(state);
    const rows = Array.from({ length: N }, (_, n) => row(state, n, mine));
    const names = Array.from({ length: C }, (_, c) => `<text x="${Number((((c + 0.5) * 100) / C).toFixed(3))}%" y="${N * ROW + 26}">${c + 1}</text>`);
    return `<svg class="bnx-svg" role="img" aria-label="The block: a row per example, a column per channel, 2 by 2 positions in each; the text below says which values are averaged" width="100%" height="${N * ROW + 54}"><defs><pattern id="bnx-mesh" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="bnx-a0" width="6" height="6"/><path class="bnx-a1" d="M0 6L6 0M-1 1L1 -1M5 7L7 5"/></pattern></defs>${rows.join("")}${names.join("")}<text x="50%" y="${N * ROW + 46}">channel</text></svg><ul class="bnx-legend"><li><i class="bnx-key bnx-key-here"></i>the chosen value</li><li><i class="bnx-key bnx-key-in"></i>averaged together with it</li><li><i class="bnx-key bnx-key-out"></i>the rest</li></ul><dl class="bnx-rules bnx-wide"><div><dt>Keras</dt><dd><code>${info.call.replace("layers.", "layers.<wbr>")}</code></dd></div><div><dt>learned</dt><dd>${info.learned}</dd></div><div><dt>stored</dt><dd>${info.stored}</dd></div></dl>`;
  }

  const OVER = {
    bn: "all examples and positions of one channel",
    ln: "the channels of one position of one example",
    lnhwc: "everything of one example",
    in: "the positions of one channel of one example",
    rms: "the channels of one position of one example; no mean is subtracted",
  };

  function describe(state) {
    const info = facts(state);
    const size = C / state.groups;
    const span = size === 1 ? "one channel" : `${size} neighbouring channels`;
    const over = OVER[state.layer] || `the positions of ${span} of one example`;
    const name = NAMES[state.layer].replace(/ .*/, "");
    const what = info.centred ? "means and variances" : "root mean squares";
    return `${name[0].toUpperCase()}${name.slice(1)} normalisation averages over ${over}: ${info.values} values at a time, so this block has ${info.statistics} ${what}. Each reads ${state.layer === "bn" ? "the whole batch: an output depends on the batch mates" : "one example alone: batch mates play no part"}.`;
  }

  /** Tapping a value chooses it. */
  function connect(host) {
    host.addEventListener("pointerup", (event) => {
      const svg = event.target.closest(".bnx-svg");
      if (!svg) return;
      const box = svg.getBoundingClientRect();
      const column = ((event.clientX - box.left) / box.width) * C;
      const c = E.clamp(Math.floor(column), 0, C - 1);
      const across = (column - c - 0.5) * (box.width / C);
      const down = event.clientY - box.top - 24;
      const n = Math.floor(down / ROW);
      const h = Math.floor((down - n * ROW) / SIDE);
      if (n < 0 || n >= N || h >= H || Math.abs(across) > SIDE) return;
      host.set({ n, h, w: across < 0 ? 0 : 1, c });
    });
  }

  const index = (key, label, size) => ({
    kind: "range", key, label, min: 0, max: size - 1, step: 1, format: (v) => `${v + 1} of ${size}`,
  });
  const figure = E.define({
    name: "which-axes",
    title: "Which axes?",
    predict:
      "A value of an image batch is normalised. Which other values have a say in it: under batch, layer, instance and group normalisation? And does group normalisation with one group equal Keras' layer normalisation?",
    help: "Tap a value to choose it, or use the sliders. The block has 4 examples of 2 by 2 positions and 6 channels, in Keras' order (N, H, W, C).",
    defaults: { layer: "bn", groups: 2, n: 1, h: 0, w: 0, c: 1 },
    controls: [
      { kind: "choice", key: "layer", label: "Normalisation", options: NAMES },
      { kind: "range", key: "groups", label: "groups", list: GROUPS, format: String, off: (state) => state.layer !== "gn" },
      index("n", "example", N),
      index("h", "row", H),
      index("w", "column", W),
      index("c", "channel", C),
    ],
    presets: {},
    view,
    describe,
    connect,
  });
  if (node) module.exports = { ...figure, SHAPE };
})(typeof globalThis === "object" ? globalThis : this);
