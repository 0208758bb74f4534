/* What quizzes and predictions share: answers are read, judged and kept. A classic script
 * (it defines BNAnswers); the judging is pure, so that Node can test it.
 *
 * Kept answers stand in localStorage under one key, "bn:answers", as JSON:
 *   {"predictions": {"<chapter>/<name>": {"guess": 3, "right": true}, ...},
 *    "quizzes": {"<chapter>-<question>": {"guess": [0, 2], "right": false}, ...}}
 * A guess is the number of a choice, or a number; in a quiz the places of the options, from 0, or
 * what was typed. Without storage, or with something else under the key, nothing is kept and all
 * works. */
(function (root) {
  "use strict";

  const KEY = "bn:answers";

  /** A number as people write it: 0.5, 0,5, 1e-3, with a true minus sign, with spaces. */
  function parseNumber(text) {
    const plain = text.trim().replace(/\u2212/g, "-").replace(/^([^,.]*),([^,.]*)$/, "$1.$2");
    return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  }

  /** Whether a number counts as this reply; a reply without a value takes all others. */
  function near({ value, tolerance, factor }, number) {
    if (value === undefined) return true;
    if (factor) return number * value > 0 && Math.abs(Math.log(number / value)) <= Math.log(factor) + 1e-9;
    return Math.abs(number - value) <= tolerance * (1 + 1e-9);
  }

  /** What there is to say: {right, show: indices of replies, missing}; null without an answer. */
  function judge(kind, replies, answer) {
    if (kind === "numeric") {
      const number = parseNumber(String(answer));
      if (Number.isNaN(number)) return null;
      const hit = replies.findIndex((reply) => near(reply, number));
      return { right: replies[hit].right, show: [hit], missing: 0 };
    }
    if (!answer.length) return null;
    const wrong = answer.filter((i) => !replies[i].right);
    const missing = kind === "single" ? 0 : replies.filter((r, i) => r.right && !answer.includes(i)).length;
    const right = !wrong.length && !missing;
    return { right, show: right ? answer : wrong, missing };
  }

  /* ---- the controls of a question ---- */
  const fields = (question) => [...question.querySelectorAll("input")];

  /** What is written, or the places of what is ticked. */
  function given(question) {
    if (question.dataset.kind === "numeric") return fields(question)[0].value;
    return fields(question).flatMap((field, i) => (field.checked ? [i] : []));
  }

  /** Put an answer back, the other way round. */
  function fill(question, answer) {
    if (question.dataset.kind === "numeric") fields(question)[0].value = String(answer);
    else fields(question).forEach((field, i) => { field.checked = [].concat(answer).includes(i); });
  }

  /** What to say if there is no answer yet. */
  const wanted = ({ dataset }) =>
    dataset.kind === "numeric" ? "Write a number, for example 0.25." : "Choose an answer first.";

  /* ---- what is kept ---- */
  const isRecord = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

  function all() {
    try {
      const kept = JSON.parse(root.localStorage.getItem(KEY));
      return isRecord(kept) ? kept : {};
    } catch {
      return {};
    }
  }

  function change(kind, alter) {
    const kept = all();
    kept[kind] = isRecord(kept[kind]) ? kept[kind] : {};
    alter(kept[kind]);
    try {
      root.localStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // No storage, or a full one: the page works, and forgets.
    }
  }

  /** What was kept of an answer; undefined if nothing. */
  function recall(kind, id) {
    const kept = all()[kind];
    const entry = isRecord(kept) && Object.hasOwn(kept, id) ? kept[id] : undefined;
    return isRecord(entry) && "guess" in entry ? entry : undefined;
  }
  const keep = (kind, id, entry) => change(kind, (kept) => { kept[id] = entry; });
  const forget = (kind, id) => change(kind, (kept) => { delete kept[id]; });

  const api = { parseNumber, near, judge, given, fill, wanted, recall, keep, forget, KEY };
  root.BNAnswers = api;
  if (typeof module === "object" && module.exports) module.exports = api;
})(typeof globalThis === "object" ? globalThis : this);
