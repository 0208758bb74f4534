/* The figures as text: markup, address and descriptions, without a browser. */
"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");
const E = require("../../../book/_static/explorables/explorable.js");

const NAMES = ["drag-the-batch", "backward-flow", "moving-average-clock", "which-axes", "effective-rate"];
for (const name of NAMES) require(`../../../book/_static/explorables/${name}.js`);

/* States that the controls can reach: each end of each control, each preset. */
function* states(figure) {
  yield figure.defaults;
  for (const control of figure.controls) {
    const values = control.list || Object.keys(control.options || {});
    const ends = control.kind === "check" ? [true, false] : values.length ? values : [control.min, control.max];
    for (const value of ends) {
      const state = E.clone(figure.defaults);
      const [key, index] = control.key.split(".");
      if (index === undefined) state[key] = value;
      else state[key][index] = value;
      yield state;
    }
  }
  for (const i of Object.keys(Object.keys(figure.presets))) yield E.chosen(figure, figure.defaults, i);
}

for (const name of NAMES) {
  const figure = E.figures[name];

  test(`${name}: every reachable state has sound markup`, () => {
    for (const state of states(figure)) {
      const html = E.markup(figure, state);
      assert.doesNotMatch(html, /NaN|undefined|Infinity|null/);
      const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
      assert.equal(new Set(ids).size, ids.length, "ids are unique");
      const ranges = html.match(/<input [^>]*type="range"[^>]*>/g) || [];
      for (const range of ranges) assert.match(range, /aria-valuetext="[^"]+"/);
    }
  });

  test(`${name}: the address brings every state back`, () => {
    for (const state of states(figure)) {
      const there = E.encode(figure, state);
      assert.deepEqual(E.decode(figure, there), state);
    }
    assert.equal(E.encode(figure, figure.defaults), "", "the start needs no address");
  });

  test(`${name}: a bad address changes nothing`, () => {
    const keys = Object.keys(figure.defaults);
    for (const value of ["", "x", "NaN", "<b>", "1e999", "constructor", "__proto__", "a,b,c"]) {
      const query = keys.map((key) => `${key}=${encodeURIComponent(value)}`).join("&");
      assert.deepEqual(E.decode(figure, `#${name}?${query}&other=1`), figure.defaults, value);
    }
    assert.deepEqual(E.decode(figure, "#elsewhere?size=1"), figure.defaults);
  });

  test(`${name}: a value out of range is brought to the edge`, () => {
    for (const control of figure.controls.filter((c) => c.kind === "range" && !c.list && !c.key.includes("."))) {
      const far = E.decode(figure, `#${name}?${control.key}=1000000`);
      assert.equal(far[control.key], control.max);
    }
  });

  test(`${name}: there is room for every text`, () => {
    const room = figure.describe(figure.longest).length;
    for (const state of states(figure)) assert.ok(figure.describe(state).length <= room, figure.describe(state));
  });

  test(`${name}: drawing does not change the state`, () => {
    const before = E.clone(figure.defaults);
    E.markup(figure, figure.defaults);
    assert.deepEqual(figure.defaults, before);
  });
}

test("numbers for people", () => {
  assert.equal(E.number(-1.005, 1), "−1.0");
  assert.equal(E.number(-0.00000000000001), "0.00");
  assert.equal(E.number(0.00043, 2), "4.3×10⁻⁴");
  assert.equal(E.number(3, 0), "3");
});

test("drag the batch: in training all outputs move, in inference only the dragged one", () => {
  const figure = E.figures["drag-the-batch"];
  const pulled = { ...figure.defaults, ...figure.presets["Pull point 5"] };
  assert.match(figure.describe(pulled), /those of the other 4 by −0\.\d\d to 0\.\d\d/);
  assert.match(figure.describe({ ...pulled, mode: "infer" }), /those of the other 4 by nothing/);
});

test("drag the batch: a change of a setting is not said to leave the outputs where they were", () => {
  const figure = E.figures["drag-the-batch"];
  for (const change of [{ size: 8 }, { mode: "infer" }, { gamma: 2 }, { beta: 1 }, { epsilon: 10 }]) {
    const text = figure.describe({ ...figure.defaults, ...change });
    assert.match(text, /No point of the batch has been moved\. With the starting settings/);
  }
});

test("the clock: the question, the start and the step fit each other", () => {
  const figure = E.figures["moving-average-clock"];
  const [asked] = figure.predict.match(/after (\d+) updates/).slice(1);
  const step = Object.keys(figure.presets).indexOf(`+${asked} updates`);
  const state = E.chosen(figure, figure.defaults, step);
  assert.match(figure.describe(state), new RegExp(`After ${asked} updates, 36\\.6 % `));
});

test("which axes: every move of the chosen value is said", () => {
  const { defaults, describe } = E.figures["which-axes"];
  const texts = new Set();
  for (let i = 0; i < 96; i++)
    texts.add(describe({ ...defaults, n: i % 4, h: (i >> 2) % 2, w: (i >> 3) % 2, c: i >> 4 }));
  assert.equal(texts.size, 96);
});

test("backward flow: which rule breaks", () => {
  const { defaults, describe } = E.figures["backward-flow"];
  const verdicts = (state) => describe({ ...defaults, ...state }).match(/the rule (holds|is broken)/g);
  assert.deepEqual(verdicts({}), ["the rule holds", "the rule holds"]);
  assert.deepEqual(verdicts({ mean: true }), ["the rule is broken", "the rule holds"]);
  assert.deepEqual(verdicts({ variance: true }), ["the rule holds", "the rule is broken"]);
});

test("the clock: tensorflow issue 36446", () => {
  const figure = E.figures["moving-average-clock"];
  const state = { ...figure.defaults, ...figure.presets["TensorFlow issue 36446"] };
  assert.match(figure.describe(state), /After 6 updates, 94\.1 % of the initial statistics is left/);
});

test("which axes: one group is not Keras' layer normalisation", () => {
  const { defaults, describe } = E.figures["which-axes"];
  assert.match(describe({ ...defaults, layer: "gn", groups: 1 }), /channels 1 to 6 of example 2: 24 values at a time/);
  assert.match(describe({ ...defaults, layer: "ln" }), /6 values at a time/);
});

test("effective rate: with decay the angle ends at the line from any start, without it goes on falling", () => {
  const figure = require("../../../book/_static/explorables/effective-rate.js");
  for (const state of [figure.defaults, { ...figure.defaults, norm: 8 }, { ...figure.defaults, decay: 0.2 }]) {
    const { a, b, c } = figure.kernels(state);
    for (const { angles } of [a, b]) assert.ok(Math.abs(angles.at(-1) / figure.goal(state) - 1) < 0.01);
    assert.ok(c.angles.at(-1) < 0.1 * figure.goal(state));
    assert.ok(c.angles.every((angle, t) => !t || angle < c.angles[t - 1]));
  }
});

test("effective rate: what is asked is what the button shows", () => {
  const figure = E.figures["effective-rate"];
  assert.match(figure.predict, /four times the weight decay/);
  const [before, after] = [figure.defaults, E.chosen(figure, figure.defaults, 0)].map((state) => figure.describe(state));
  assert.match(before, /√\(2ηλ\) is 0\.1000\./);
  assert.match(after, /√\(2ηλ\) is 0\.2000\./);
});

test("effective rate: the line is drawn where there is a decay", () => {
  const figure = E.figures["effective-rate"];
  const html = figure.view({ ...figure.defaults, decay: 0 });
  assert.doesNotMatch(html, /ηλ/);
  assert.match(figure.view(figure.defaults), /√\(2ηλ\)/);
});
