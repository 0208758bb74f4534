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
  // Each value has a tile to tap: a twelfth of the drawing wide, and so many pixels high.
  const TALL = 26;
  const ROW = 2 * TALL + 20;
  const TILE = 100 / (C * W);
  const [WIDE, NEAR] = [0.8 * TILE, 0.06 * TILE]; // drawn smaller, and nearer to its own channel

  const percent = (value) => `${Number(value.toFixed(3))}%`;
  const key = (state, index) => F.statistic(state.layer, index, SHAPE, state.groups);
  const chosen = (state) => [state.n, state.h, state.w, state.c];

  function square(state, index, mine) {
    const [, h, w, c] = index;
    const here = String(index) === String(chosen(state));
    const kind = key(state, index) === mine ? "bnx-in" : "bnx-out";
    const x = TILE * (c * W + w + 0.5) + (w ? -NEAR : NEAR);
    const [left, top] = [percent(x - WIDE / 2), h * TALL];
    const mark = here ? `<circle class="bnx-here" cx="${percent(x)}" cy="${top + TALL / 2}" r="6"/>` : "";
    return `<rect class="${kind}" x="${left}" y="${top + 1}" width="${percent(WIDE)}" height="${TALL - 2}"/>${mark}`;
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
    const call = result.call.replace("layers.", "layers.\u200b"); // may be broken there
    return { ...result, call, learned: listed(result.trainable, result.parameter), stored };
  }

  /** Room for the longest text that a line of the list can have. */
  function room(name) {
    const texts = Object.keys(NAMES).map((layer) => facts({ layer, groups: 1 })[name]);
    return `data-room="${texts.reduce((one, other) => (other.length > one.length ? other : one))}"`;
  }

  function view(state) {
    const mine = key(state, chosen(state));
    const info = facts(state);
    const rows = Array.from({ length: N }, (_, n) => row(state, n, mine));
    const names = Array.from({ length: C }, (_, c) => `<text x="${Number((((c + 0.5) * 100) / C).toFixed(3))}%" y="${N * ROW + 26}">${c + 1}</text>`);
    return `<svg class="bnx-svg bnx-block" role="img" aria-label="The block: a row per example, a column per channel, 2 by 2 positions in each; the text below says which values are averaged" width="100%" height="${N * ROW + 54}"><defs><pattern id="bnx-mesh" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="bnx-a0" width="6" height="6"/><path class="bnx-a1" d="M0 6L6 0M-1 1L1 -1M5 7L7 5"/></pattern></defs>${rows.join("")}${names.join("")}<text x="50%" y="${N * ROW + 46}">channel</text></svg><ul class="bnx-legend"><li><i class="bnx-key bnx-key-here"></i>the chosen value</li><li><i class="bnx-key bnx-key-in"></i>averaged together with it</li><li><i class="bnx-key bnx-key-out"></i>the rest</li></ul><dl class="bnx-rules bnx-wide"><div><dt>Keras</dt><dd><code ${room("call")}><span>${info.call}</span></code></dd></div><div><dt>learned</dt><dd ${room("learned")}><span>${info.learned}</span></dd></div><div><dt>stored</dt><dd ${room("stored")}><span>${info.stored}</span></dd></div></dl>`;
  }

  /** Which values are averaged together with the chosen one, in words. */
  function together({ layer, groups, n, h, w, c }) {
    const size = C / groups;
    const first = Math.floor(c / size) * size + 1;
    const span = size === 1 ? `channel ${first}` : `channels ${first} to ${first + size - 1}`;
    const place = `all channels at row ${h + 1}, column ${w + 1} of example ${n + 1}`;
    return {
      bn: `all positions of channel ${c + 1} in all examples`,
      ln: place,
      lnhwc: `all of example ${n + 1}`,
      in: `all positions of channel ${c + 1} of example ${n + 1}`,
      gn: `all positions of ${span} of example ${n + 1}`,
      rms: place,
    }[layer];
  }

  function describe(state) {
    const info = facts(state);
    const name = NAMES[state.layer].replace(/ .*/, "");
    const what = info.centred ? "means and variances" : "root mean squares (no mean is subtracted)";
    const value = `example ${state.n + 1}, row ${state.h + 1}, column ${state.w + 1}, channel ${state.c + 1}`;
    return `Chosen: ${value}. ${name[0].toUpperCase()}${name.slice(1)} normalisation averages over ${together(state)}: ${info.values} values at a time, so this block has ${info.statistics} ${what}. Each reads ${state.layer === "bn" ? "the whole batch: an output depends on the batch mates" : "one example alone: batch mates play no part"}.`;
  }

  /** Tapping a value chooses it. */
  function connect(host) {
    host.addEventListener("pointerup", (event) => {
      const svg = event.target.closest(".bnx-svg");
      if (!svg) return;
      const box = svg.getBoundingClientRect();
      const column = E.clamp(Math.floor(((event.clientX - box.left) / box.width) * C * W), 0, C * W - 1);
      const down = event.clientY - box.top - 24;
      const n = Math.floor(down / ROW);
      const h = Math.floor((down - n * ROW) / TALL);
      if (n < 0 || n >= N || h >= H) return;
      host.set({ n, h, w: column % W, c: Math.floor(column / W) });
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
    longest: { layer: "rms", groups: 2, n: 3, h: 1, w: 1, c: 5 },
    view,
    describe,
    connect,
  });
  if (node) module.exports = { ...figure, SHAPE };
})(typeof globalThis === "object" ? globalThis : this);
