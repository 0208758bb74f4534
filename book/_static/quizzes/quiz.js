/* Self-check quizzes: compares the answer with the replies in the page and shows those that
 * apply. A classic script; the comparison is pure, so that Node can test it. */
(function (root) {
  "use strict";

  /** A number as people write it: 0.5, 0,5, 1e-3, with a true minus sign, with spaces. */
  function parseNumber(text) {
    const plain = text.trim().replace(/\u2212/g, "-").replace(/^([^,.]*),([^,.]*)$/, "$1.$2");
    return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  }

  /** Which replies apply: {right, show: their indices}; null if there is no answer yet. */
  function judge(kind, replies, answer) {
    if (kind === "numeric") {
      const value = parseNumber(answer);
      if (Number.isNaN(value)) return null;
      const near = (r) => r.value === undefined || Math.abs(value - r.value) <= r.tolerance * (1 + 1e-9);
      const hit = replies.findIndex(near);
      return { right: replies[hit].right, show: [hit] };
    }
    if (!answer.length) return null;
    if (kind === "single") return { right: replies[answer[0]].right, show: answer };
    const wrong = replies.map((_, i) => i).filter((i) => replies[i].right !== answer.includes(i));
    return { right: !wrong.length, show: wrong.length ? wrong : answer };
  }

  function dataOf(reply) {
    const { right, value, tolerance } = reply.dataset;
    return {
      right: right === "true",
      value: value === undefined ? undefined : Number(value),
      tolerance: Number(tolerance),
    };
  }

  function given(question) {
    const fields = [...question.querySelectorAll("input")];
    if (question.dataset.kind === "numeric") return fields[0].value;
    return fields.filter((field) => field.checked).map((field) => Number(field.value));
  }

  /** A copy of a reply for the feedback region. */
  function shown(reply, kind, chosen) {
    const copy = reply.cloneNode(true);
    copy.querySelectorAll("[id]").forEach((node) => node.removeAttribute("id"));
    if (kind !== "multiple") copy.querySelector(".bnq-answer").remove();
    else if (!chosen && reply.dataset.right === "true")
      copy.querySelector(".bnq-verdict").textContent = "This one belongs to the answer.";
    return copy;
  }

  function check(question) {
    const region = question.querySelector(".bnq-feedback");
    const replies = [...question.querySelectorAll(".bnq-answers > .bnq-reply")];
    const { kind } = question.dataset;
    const answer = given(question);
    const result = judge(kind, replies.map(dataOf), answer);
    question.dataset.state = result ? (result.right ? "right" : "wrong") : "open";
    if (!result) {
      region.textContent = kind === "numeric" ? "Write a number, for example 0.25." : "Choose an answer first.";
      return;
    }
    region.replaceChildren(
      ...result.show.map((i) => shown(replies[i], kind, kind === "multiple" && answer.includes(i))),
    );
    if (kind === "multiple" && !result.right) {
      const lead = document.createElement("p");
      lead.textContent = "Not yet. Think again about:";
      region.prepend(lead);
    }
  }

  function score(form) {
    const questions = [...form.querySelectorAll(".bnq-question")];
    const right = questions.filter((question) => question.dataset.state === "right").length;
    form.querySelector(".bnq-score").textContent = `${right} of ${questions.length} right so far.`;
  }

  function start(form) {
    const act = (question) => {
      check(question);
      score(form);
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("click", (event) => {
      if (event.target.closest(".bnq-check")) act(event.target.closest(".bnq-question"));
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.localName !== "input") return;
      event.preventDefault();
      act(event.target.closest(".bnq-question"));
    });
    form.addEventListener("input", (event) => {
      const question = event.target.closest(".bnq-question");
      question.querySelector(".bnq-feedback").replaceChildren();
      delete question.dataset.state;
      score(form);
    });
  }

  if (root.document) root.document.querySelectorAll("form.bnq").forEach(start);
  if (typeof module === "object" && module.exports) module.exports = { parseNumber, judge };
})(typeof globalThis === "object" ? globalThis : this);
