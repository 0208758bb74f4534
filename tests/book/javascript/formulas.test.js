/* The formulas of the interactive figures against the NumPy reference. */
"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");
const F = require("../../../book/_static/explorables/formulas.js");
const { turning } = require("../../../book/_static/explorables/effective-rate.js");
const fixtures = require("./fixtures/formulas.json");

function near(actual, expected, tolerance = 1e-10) {
  const pairs = Array.isArray(expected) ? expected.map((e, i) => [actual[i], e]) : [[actual, expected]];
  if (Array.isArray(expected)) assert.equal(actual.length, expected.length);
  for (const [a, e] of pairs)
    assert.ok(Math.abs(a - e) <= tolerance * Math.max(1, Math.abs(e)), `${a} is not ${e}`);
}

for (const [i, f] of fixtures.train.entries())
  test(`training, case ${i}`, () => {
    const result = F.train(f.x, f);
    for (const key of ["mean", "variance", "xhat", "y"]) near(result[key], f[key]);
  });

for (const [i, f] of fixtures.infer.entries())
  test(`inference, case ${i}`, () => near(F.infer(f.x, f).y, f.y));

for (const [i, f] of fixtures.backward.entries()) {
  test(`gradient, case ${i}`, () => near(F.backward(f.x, f.upstream, f).dx, f.dx, 1e-9));
  const detached = {
    mean_detached: { detachMean: true },
    variance_detached: { detachVariance: true },
    both_detached: { detachMean: true, detachVariance: true },
  };
  for (const [name, switches] of Object.entries(detached))
    test(`gradient, ${name}, case ${i}`, () =>
      near(F.backward(f.x, f.upstream, { ...f, ...switches }).dx, f[name], 2e-6));
  test(`sum rule, case ${i}`, () => {
    near(F.backward(f.x, f.upstream, f).sum, 0, 1e-9);
    const broken = F.backward(f.x, f.upstream, { ...f, detachMean: true }).sum;
    assert.ok(Math.abs(broken) > 0.01, `still ${broken}`);
  });
}

for (const f of fixtures.moving)
  test(`moving average, momentum ${f.momentum}, ${f.steps} updates`, () => {
    const left = F.share(f.momentum, f.steps, "keras");
    near(F.moving(f.initial, f.batch, left), f.value);
    near(F.share(1 - f.momentum, f.steps, "pytorch"), left);
  });

for (const [i, f] of fixtures.turning.entries())
  test(`a kernel that turns, case ${i}`, () => {
    const { norms, angles } = turning(f.norm, f.rate, f.decay, f.gradient, f.updates);
    near(norms, f.norms);
    near(angles, f.angles);
  });

test("updates until a share is reached: one fewer is not enough", () => {
  for (const momentum of [0.5, 0.9, 0.99, 0.999]) {
    const steps = F.updatesUntil(0.01, momentum, "keras");
    assert.ok(F.share(momentum, steps, "keras") <= 0.01);
    assert.ok(F.share(momentum, steps - 1, "keras") > 0.01);
  }
  assert.equal(F.updatesUntil(0.01, 0.99, "keras"), 459);
});

/* Normalise with nothing but the grouping that the figure draws. */
function normalise({ layer, groups, shape, epsilon, x }) {
  const members = new Map();
  F.indices(shape).forEach((index, i) => {
    const key = F.statistic(layer, index, shape, groups);
    members.set(key, [...(members.get(key) || []), i]);
  });
  const y = [];
  for (const group of members.values()) {
    const values = group.map((i) => x[i]);
    const mean = F.axes(layer, shape, groups).centred ? F.moments(values).mean : 0;
    const square = values.reduce((total, v) => total + (v - mean) ** 2, 0) / values.length;
    group.forEach((i) => { y[i] = (x[i] - mean) / Math.sqrt(square + epsilon); });
  }
  return y;
}

for (const f of fixtures.axes)
  test(`axes of ${f.layer}, ${f.groups} groups`, () => near(normalise(f), f.y));

test("sizes: statistics times values is the whole block", () => {
  for (const layer of F.layers)
    for (const groups of [1, 2, 3, 6]) {
      const { statistics, values } = F.axes(layer, [4, 2, 2, 6], groups);
      assert.equal(statistics * values, 4 * 2 * 2 * 6);
    }
});
