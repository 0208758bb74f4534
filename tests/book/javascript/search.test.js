/* What is found, in which order, and which piece of its text is shown. */
"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");
const search = require("../../../book/_static/search/search.js");
const MiniSearch = require("../../../book/_static/vendor/minisearch/minisearch.js");

class Stemmer {
  stemWord(word) { return word.replace(/(ations?|izing|ing|ed|es?|s)$/, ""); }
}

const section = (title, text, rest = {}) =>
  ({ address: "book/a.html", anchor: title, title, page: "A page", text, code: "", ...rest });
const SECTIONS = [
  section("Stale statistics", "The validation accuracy falls, and it is no overfitting."),
  section("Axis", "One mean is kept. Normalise over the batch."),
  section("Axis", "One mean is kept. Normalise over the batch.", { address: "book/a-lab.html" }),
  section("Elsewhere", "Statistics synchronised over devices. The training is fine."),
];
const SAME = [["syncbn", "synchronised"], ["validation bad", "stale statistics"], ["training fine", "overfitting"]];
const { find, excerpt } = search.create({ sections: SECTIONS, same: SAME, weak: ["why", "is", "but", "the"] }, MiniSearch, new Stemmer());
const titles = (question) => find(question).map((hit) => hit.section.title);

test("a word that means the same finds it", () => assert.deepEqual(titles("SyncBN"), ["Elsewhere"]));

test("several words mean something together", () =>
  assert.equal(titles("why is validation bad but training fine")[0], "Stale statistics"));

test("a chapter comes before its lab", () =>
  assert.deepEqual(find("axis").map((hit) => hit.section.address), ["book/a.html", "book/a-lab.html"]));

test("British and American spelling are one", () => {
  assert.equal(titles("normalize")[0], "Axis");
  assert.deepEqual(titles("normalizing"), titles("normalising"));
});

test("a letter may be wrong where nothing else is found", () =>
  assert.equal(titles("synchronoused").at(0), "Elsewhere"));

test("weak words and nothing find nothing", () => {
  for (const question of ["", "why is the", "  ", "\u2014"]) assert.deepEqual(find(question), []);
});

test("an excerpt marks what was found, and is cut at words", () => {
  const long = `${"before it ".repeat(60)}here is momentum in words. ${"after it ".repeat(60)}`;
  const pieces = excerpt(long, new Set(["momentum"]));
  assert.equal(pieces[1], "momentum");
  assert.ok(pieces[0].startsWith("… ") && pieces.at(-1).endsWith(" …"));
  assert.ok(pieces.join("").length < 260);
  assert.ok(long.includes(pieces.join("").replace(/^… | …$/g, "")));
});

test("a short text is shown whole", () => {
  assert.deepEqual(excerpt("Nothing here.", new Set(["x"])), ["Nothing here."]);
  assert.deepEqual(excerpt("", new Set(["x"])), [""]);
});

test("a word that means the same is marked where the one that was asked for is missing", () => {
  const marks = (question) => [...find(question)[0].stems].sort();
  assert.deepEqual(marks("stale statistics"), ["stal", "statistic"]);
  assert.deepEqual(marks("SyncBN"), ["synchroniz"]);
});

test("sections that arrive later are found as if they had been there", () => {
  const more = section("Ghost batches", "Statistics of a part of the batch.");
  const late = search.create({ sections: SECTIONS, same: SAME, weak: [] }, MiniSearch, new Stemmer());
  assert.deepEqual(late.find("ghosts"), []);
  late.add([more]);
  assert.deepEqual(late.find("ghosts").map((hit) => hit.section), [more]);
  const whole = search.create({ sections: [...SECTIONS, more], same: SAME, weak: [] }, MiniSearch, new Stemmer());
  for (const question of ["statistics", "batch", "axis"])
    assert.deepEqual(late.find(question), whole.find(question));
});
