/* Self-check quizzes: shows the replies in the page that apply to an answer, and the right ones
 * when the reader asks for them. What was checked is kept (see answers.js). */
(function (root) {
  "use strict";

  const A = root.BNAnswers;
  const KIND = "quizzes";

  function dataOf(reply) {
    const { right, value, tolerance } = reply.dataset;
    return {
      right: right === "true",
      value: value === undefined ? undefined : Number(value),
      tolerance: Number(tolerance),
    };
  }

  const repliesOf = (question) => [...question.querySelectorAll(".bnq-answers > .bnq-reply")];
  const region = (question) => question.querySelector(".bnq-feedback");

  function paragraph(text) {
    const made = document.createElement("p");
    made.textContent = text;
    return made;
  }

  /** A copy of a reply for the feedback region; it says what it answers where that is not plain. */
  function shown(reply, named) {
    const copy = reply.cloneNode(true);
    copy.querySelectorAll("[id]").forEach((node) => node.removeAttribute("id"));
    if (!named) copy.querySelector(".bnq-answer").remove();
    return copy;
  }

  /** What comes before the replies to several choices: neither says which are left out. */
  function lead({ right, show }) {
    if (right) return [];
    return [paragraph(show.length ? "Not yet. Think again about:" : "So far right, but something is missing.")];
  }

  /** Say what there is to say of the answer; the right one stays hidden. */
  function check(question) {
    const { kind } = question.dataset;
    const replies = repliesOf(question);
    const result = A.judge(kind, replies.map(dataOf), A.given(question));
    question.dataset.state = result ? (result.right ? "right" : "wrong") : "open";
    question.querySelector(".bnq-reveal").hidden = !result || result.right;
    if (!result) region(question).textContent = A.wanted(question);
    else
      region(question).replaceChildren(
        ...(kind === "multiple" ? lead(result) : []),
        ...result.show.map((i) => shown(replies[i], kind === "multiple")),
      );
    return result;
  }

  /** Show the right answer to a reader who asks for it. */
  function reveal(question) {
    const right = repliesOf(question).filter((reply) => dataOf(reply).right);
    question.dataset.state = "shown";
    region(question).replaceChildren(paragraph("The answer:"), ...right.map((reply) => shown(reply, true)));
    question.querySelector(".bnq-check").focus();
    question.querySelector(".bnq-reveal").hidden = true;
  }

  function clear(question) {
    region(question).replaceChildren();
    question.querySelector(".bnq-reveal").hidden = true;
    delete question.dataset.state;
    A.forget(KIND, question.id);
  }

  function score(form) {
    const questions = [...form.querySelectorAll(".bnq-question")];
    const right = questions.filter((question) => question.dataset.state === "right").length;
    form.querySelector(".bnq-score").textContent = `${right} of ${questions.length} right so far.`;
  }

  function act(question) {
    const result = check(question);
    if (result) A.keep(KIND, question.id, { guess: A.given(question), right: result.right });
  }

  function restore(question) {
    const kept = A.recall(KIND, question.id);
    if (!kept) return;
    A.fill(question, kept.guess);
    if (!check(question)) clear(question); // of a question that has changed since
  }

  function start(form) {
    const on = (name, handle) =>
      form.addEventListener(name, (event) => {
        const question = event.target.closest(".bnq-question");
        if (question && handle(event, question)) score(form);
      });
    form.addEventListener("submit", (event) => event.preventDefault());
    on("click", (event, question) => {
      if (event.target.closest(".bnq-check")) act(question);
      if (event.target.closest(".bnq-reveal")) reveal(question);
      return event.target.closest("button");
    });
    on("keydown", (event, question) => {
      if (event.key !== "Enter" || event.target.localName !== "input") return false;
      event.preventDefault();
      act(question);
      return true;
    });
    on("input", (event, question) => {
      clear(question);
      return true;
    });
    const questions = [...form.querySelectorAll(".bnq-question")];
    questions.forEach(restore);
    if (questions.some((question) => question.dataset.state)) score(form);
  }

  root.document.querySelectorAll("form.bnq").forEach(start);
})(globalThis);
