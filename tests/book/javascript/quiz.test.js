/* Reading and judging the answers of a quiz. */
"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");
const { parseNumber, judge } = require("../../../book/_static/quizzes/quiz.js");

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
  assert.deepEqual(judge("numeric", numeric, "0.365"), { right: true, show: [0] });
  assert.deepEqual(judge("numeric", numeric, "0,375"), { right: true, show: [0] });
  assert.deepEqual(judge("numeric", numeric, "0.99"), { right: false, show: [1] });
  assert.deepEqual(judge("numeric", numeric, "5"), { right: false, show: [2] });
  assert.equal(judge("numeric", numeric, "five"), null);
});

const options = [{ right: true }, { right: false }, { right: true }];
test("a single choice shows the reply to what was chosen", () => {
  assert.deepEqual(judge("single", options, [1]), { right: false, show: [1] });
  assert.deepEqual(judge("single", options, [0]), { right: true, show: [0] });
  assert.equal(judge("single", options, []), null);
});

test("a multiple choice shows what was wrongly chosen and what was left out", () => {
  assert.deepEqual(judge("multiple", options, [0, 2]), { right: true, show: [0, 2] });
  assert.deepEqual(judge("multiple", options, [0, 1]), { right: false, show: [1, 2] });
  assert.deepEqual(judge("multiple", options, [0]), { right: false, show: [2] });
});
