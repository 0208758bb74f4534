/* The mathematics of the interactive figures: pure functions, nothing about pages.
 * A classic script in the browser (it defines BNFormulas), a module in Node.
 * The tests compare every function with what bnutils.reference gives. */
(function (root) {
  "use strict";

  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const mean = (values) => sum(values) / values.length;

  /** Mean and population variance (divided by the number of values). */
  function moments(x) {
    const centre = mean(x);
    return { mean: centre, variance: mean(x.map((value) => (value - centre) ** 2)) };
  }

  /** gamma * (x - mean) / sqrt(variance + epsilon) + beta, for given statistics. */
  function standardise(x, { mean, variance, gamma, beta, epsilon }) {
    const scale = 1 / Math.sqrt(variance + epsilon);
    const xhat = x.map((value) => (value - mean) * scale);
    return { mean, variance, xhat, y: xhat.map((value) => gamma * value + beta) };
  }

  /** Training mode: the statistics are those of the batch itself. */
  const train = (x, options) => standardise(x, { ...options, ...moments(x) });

  /** Inference mode: the statistics are the stored ones. */
  const infer = (x, options) => standardise(x, options);

  /** The gradient with respect to x as three terms: straight through, through the batch mean,
   * through the batch variance. Detaching a statistic drops its term. */
  function backward(x, upstream, { gamma, epsilon, detachMean, detachVariance }) {
    const { variance, xhat } = train(x, { gamma, beta: 0, epsilon });
    const scale = gamma / Math.sqrt(variance + epsilon);
    const shift = mean(upstream);
    const slope = mean(upstream.map((value, i) => value * xhat[i]));
    const direct = upstream.map((value) => scale * value);
    const viaMean = x.map(() => (detachMean ? 0 : -scale * shift));
    const viaVariance = xhat.map((value) => (detachVariance ? 0 : -scale * value * slope));
    const dx = direct.map((value, i) => value + viaMean[i] + viaVariance[i]);
    const along = sum(dx.map((value, i) => value * xhat[i]));
    return { xhat, direct, viaMean, viaVariance, dx, sum: sum(dx), along };
  }

  /** The weight of the old value: `momentum` itself in Keras, 1 - momentum in PyTorch. */
  const oldWeight = (momentum, convention) =>
    convention === "pytorch" ? Number((1 - momentum).toPrecision(12)) : momentum;

  /** The share of the initial statistics that is left after some updates. */
  const share = (momentum, steps, convention) => oldWeight(momentum, convention) ** steps;

  /** A moving statistic after updates that all saw the same batch value. */
  const moving = (initial, batch, left) => left * initial + (1 - left) * batch;

  /** Updates until at most this share of the initial statistics is left. */
  function updatesUntil(target, momentum, convention) {
    const keep = oldWeight(momentum, convention);
    return keep <= 0 ? 1 : keep >= 1 ? Infinity : Math.ceil(Math.log(target) / Math.log(keep));
  }

  /* What a layer averages together in a block indexed [n, h, w, c]: the entries with the
   * same key. `parameter` is the shape of gamma (or scale) for a block of the given shape. */
  const LAYERS = {
    bn: { key: ([, , , c]) => [c], call: "BatchNormalization()" },
    ln: { key: ([n, h, w]) => [n, h, w], call: "LayerNormalization()" },
    lnhwc: { key: ([n]) => [n], call: "LayerNormalization(axis=[1, 2, 3])", whole: true },
    in: { key: ([n, , , c]) => [n, c], call: "GroupNormalization(groups=-1)" },
    gn: {
      key: ([n, , , c], shape, groups) => [n, Math.floor((c * groups) / shape[3])],
      call: (groups) => `GroupNormalization(groups=${groups})`,
    },
    rms: { key: ([n, h, w]) => [n, h, w], call: "RMSNormalization()", uncentred: true },
  };

  /** Every index of a block, last axis fastest (the order of NumPy's ravel). */
  function indices([N, H, W, C]) {
    const all = [];
    for (let n = 0; n < N; n++)
      for (let h = 0; h < H; h++)
        for (let w = 0; w < W; w++) for (let c = 0; c < C; c++) all.push([n, h, w, c]);
    return all;
  }

  /** Which statistic the entry at `index` belongs to, as a string to compare. */
  const statistic = (layer, index, shape, groups) =>
    LAYERS[layer].key(index, shape, groups).join(",");

  /** Sizes, parameter shapes and the Keras call of a layer on a block of this shape. */
  function axes(layer, shape, groups) {
    const entry = LAYERS[layer];
    const all = indices(shape);
    const statistics = new Set(all.map((index) => statistic(layer, index, shape, groups))).size;
    const call = typeof entry.call === "function" ? entry.call(groups) : entry.call;
    return {
      statistics,
      values: all.length / statistics,
      parameter: entry.whole ? shape.slice(1) : [shape[3]],
      trainable: entry.uncentred ? ["scale"] : ["gamma", "beta"],
      moving: layer === "bn" ? ["moving_mean", "moving_variance"] : [],
      centred: !entry.uncentred,
      call: `keras.layers.${call}`,
    };
  }

  const formulas = {
    moments, train, infer, backward, oldWeight, share, moving, updatesUntil,
    indices, statistic, axes, layers: Object.keys(LAYERS),
  };
  root.BNFormulas = formulas;
  if (typeof module === "object" && module.exports) module.exports = formulas;
})(typeof globalThis === "object" ? globalThis : this);
