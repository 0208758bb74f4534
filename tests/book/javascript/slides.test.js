"use strict";
const test = require("node:test");
const assert = require("node:assert");
const path = require("node:path");
const { sizeFor, split } = require(path.join(__dirname, "../../../book/_static/slides/slides.js"));

const heading = (name) => ({ kind: "heading", name });
const text = (name) => ({ kind: "text", name });
const block = (name) => ({ kind: "block", name });
const names = (slides) => slides.map(({ heading, lead, block, notes }) =>
  [heading?.name ?? null, lead.map((t) => t.name), block?.name ?? null, notes.map((t) => t.name)]);

test("every block has a slide, below the text right before it", () => {
  assert.deepStrictEqual(names(split([heading("H"), text("a"), text("b"), text("c"), block("f"), text("d"), block("g")])), [
    ["H", ["b", "c"], "f", ["a", "b", "c"]],
    ["H", ["d"], "g", ["d"]],
  ]);
});

test("text after the last block is said, not shown", () => {
  assert.deepStrictEqual(names(split([heading("H"), block("f"), text("a")])), [["H", [], "f", ["a"]]]);
});

test("a part without blocks has a slide of its own, with its first sentences", () => {
  const texts = ["a", "b", "c", "d", "e"].map(text);
  assert.deepStrictEqual(names(split([heading("H"), ...texts, heading("I"), block("f")])), [
    ["H", ["a", "b", "c", "d"], null, ["a", "b", "c", "d", "e"]],
    ["I", [], "f", []],
  ]);
});

test("a heading alone is a slide, and nothing is none", () => {
  assert.deepStrictEqual(names(split([heading("H"), heading("I")])), [["H", [], null, []], ["I", [], null, []]]);
  assert.deepStrictEqual(split([]), []);
});

test("nothing is lost and nothing is said twice", () => {
  let state = 7;
  const random = (n) => (state = (state * 48271) % 2147483647) % n;
  for (let round = 0; round < 200; round += 1) {
    const items = Array.from({ length: random(12) }, (_, i) => [heading, text, block][random(3)](`${i}`));
    const slides = split(items);
    const told = slides.flatMap((s) => [...s.notes, ...(s.block ? [s.block] : [])]);
    assert.deepStrictEqual(told.map((t) => t.name).sort(), items.filter((i) => i.kind !== "heading").map((i) => i.name).sort());
    for (const item of items.filter((i) => i.kind === "heading")) assert.ok(slides.some((s) => s.heading === item));
  }
});

test("a slide has the shape of a narrow window, and its own in a wide one", () => {
  assert.deepStrictEqual(sizeFor({ innerWidth: 390, innerHeight: 844 }), { width: 560, height: 1212 });
  assert.deepStrictEqual(sizeFor({ innerWidth: 844, innerHeight: 390 }), { width: 1120, height: 720 });
});
