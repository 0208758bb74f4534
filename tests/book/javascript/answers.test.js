/* Reading, judging and keeping the answers of quizzes and predictions. */
"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");
const { parseNumber, judge, near, recall, keep, forget, KEY } = require("../../../book/_static/quizzes/answers.js");

test("numbers as people write them", () => {
  const readings = {
    "0.25": 0.25, "0,25": 0.25, " 7500 ": 7500, "−4.8": -4.8, "-4.8": -4.8, "1e-3": 0.001, ".5": 0.5, "5.": 5, "+3": 3,
  };
  for (const [text, value] of Object.entries(readings)) assert.equal(parseNumber(text), value, text);
});

test("what is no number is none", () => {
  for (const text of ["", " ", "a", "1/4", "0x10", "1 2", "1,000.5", "1,2,3", "Infinity", "NaN", "--1", "1e"])
    assert.ok(Number.isNaN(parseNumber(text)), text);
});

const numeric = [
  { right: true, value: 0.37, tolerance: 0.005 },
  { right: false, value: 0.99, tolerance: 0.004 },
  { right: false, value: undefined, tolerance: NaN },
];
test("a numeric answer: the edges of the tolerance count, the last reply takes the rest", () => {
  assert.deepEqual(judge("numeric", numeric, "0.365"), { right: true, show: [0], missing: 0 });
  assert.deepEqual(judge("numeric", numeric, "0,375"), { right: true, show: [0], missing: 0 });
  assert.deepEqual(judge("numeric", numeric, "0.99"), { right: false, show: [1], missing: 0 });
  assert.deepEqual(judge("numeric", numeric, "5"), { right: false, show: [2], missing: 0 });
  assert.equal(judge("numeric", numeric, "five"), null);
});

const options = [{ right: true }, { right: false }, { right: true }];
test("a single choice shows the reply to what was chosen", () => {
  assert.deepEqual(judge("single", options, [1]), { right: false, show: [1], missing: 0 });
  assert.deepEqual(judge("single", options, [0]), { right: true, show: [0], missing: 0 });
  assert.equal(judge("single", options, []), null);
});

test("a multiple choice speaks of what was chosen and does not say what was left out", () => {
  assert.deepEqual(judge("multiple", options, [0, 2]), { right: true, show: [0, 2], missing: 0 });
  assert.deepEqual(judge("multiple", options, [0, 1]), { right: false, show: [1], missing: 1 });
  assert.deepEqual(judge("multiple", options, [0]), { right: false, show: [], missing: 1 });
  assert.deepEqual(judge("multiple", options, [0, 1, 2]), { right: false, show: [1], missing: 0 });
});

test("a factor counts both ways, with the sign", () => {
  const reply = { value: -600, factor: 3 };
  for (const number of [-200, -600, -1800]) assert.ok(near(reply, number), number);
  for (const number of [-199, -1801, 600, 0]) assert.ok(!near(reply, number), number);
});

/* ---- what is kept ---- */
function withStorage(storage, run) {
  Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true, writable: true });
  try {
    run();
  } finally {
    delete globalThis.localStorage;
  }
}
const inMemory = (text = null) => ({
  text,
  getItem() { return this.text; },
  setItem(key, value) { assert.equal(key, KEY); this.text = value; },
});

test("what is kept comes back, each kind for itself, until it is forgotten", () =>
  withStorage(inMemory(), () => {
    keep("predictions", "a/b", { guess: 3, right: true });
    keep("quizzes", "a/b", { guess: [0], right: false });
    assert.deepEqual(recall("predictions", "a/b"), { guess: 3, right: true });
    forget("predictions", "a/b");
    assert.equal(recall("predictions", "a/b"), undefined);
    assert.deepEqual(recall("quizzes", "a/b"), { guess: [0], right: false });
  }));

test("whatever stands under the key does no harm, and is replaced", () => {
  for (const text of ["", "{", "null", "3", "[]", '{"quizzes": 3}', '{"quizzes": {"a": 1}}', '{"quizzes": {"a": {}}}'])
    withStorage(inMemory(text), () => {
      assert.equal(recall("quizzes", "a"), undefined, text);
      assert.equal(recall("quizzes", "__proto__"), undefined, text);
      keep("quizzes", "a", { guess: "1", right: true });
      assert.deepEqual(recall("quizzes", "a"), { guess: "1", right: true }, text);
    });
});

test("no storage, or a full one, is no error", () => {
  const refuse = () => { throw new Error("refused"); };
  for (const storage of [undefined, null, { getItem: refuse, setItem: refuse }])
    withStorage(storage, () => {
      keep("quizzes", "a", { guess: "1", right: true });
      assert.equal(recall("quizzes", "a"), undefined);
      forget("quizzes", "a");
    });
});
