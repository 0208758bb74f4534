/* Predictions: the answer appears once the reader has committed to a guess. Committing sends
 * "bn:predicted" with {id, guess, right}, which bubbles, and keeps the guess (see answers.js). */
(function (root) {
  "use strict";

  const A = root.BNAnswers;
  const KIND = "predictions";

  const part = (box, name) => box.querySelector(`.${name}`);
  const inputs = (box) => [...box.querySelectorAll("input")];

  /** The guess: the number of a choice, or a number; null if there is none. */
  function guessed(box) {
    const answer = A.given(box);
    if (box.dataset.kind !== "numeric") return answer.length ? answer[0] + 1 : null;
    const number = A.parseNumber(answer);
    return Number.isNaN(number) ? null : number;
  }

  function isRight({ dataset }, guess) {
    const { right, tolerance, factor } = dataset;
    if (dataset.kind !== "numeric") return guess === Number(right);
    return A.near({ value: Number(right), tolerance: Number(tolerance), factor: Number(factor) }, guess);
  }

  function message({ dataset }, guess, right) {
    const said = String(guess).replace("-", "−");
    if (dataset.kind !== "numeric") return `You predicted ${said}. ${right ? "Right." : "Not so."}`;
    const verdict = right ? "Right." : guess < Number(dataset.right) ? "Too low." : "Too high.";
    return `You predicted ${said}; the answer is ${dataset.shown}. ${verdict}`;
  }

  /** Open the answer beside the guess, which stays as it is until the reader tries again. */
  function show(box, guess) {
    const right = isRight(box, guess);
    box.dataset.state = right ? "right" : "wrong";
    inputs(box).forEach((input) => { input.disabled = true; });
    part(box, "bnq-check").textContent = "Try again";
    part(box, "bnq-feedback").textContent = message(box, guess, right);
    part(box, "bnp-answer").open = true;
    // What scrolls sideways can only be found once it shows; the page looks for it at this event.
    root.dispatchEvent(new Event("resize"));
    return right;
  }

  function commit(box) {
    const { id } = box.dataset;
    const guess = guessed(box);
    if (guess === null) {
      part(box, "bnq-feedback").textContent = A.wanted(box);
      return;
    }
    const right = show(box, guess);
    A.keep(KIND, id, { guess, right });
    box.dispatchEvent(new CustomEvent("bn:predicted", { bubbles: true, detail: { id, guess, right } }));
  }

  function again(box) {
    delete box.dataset.state;
    A.forget(KIND, box.dataset.id);
    inputs(box).forEach((input) => { input.disabled = false; });
    A.fill(box, box.dataset.kind === "numeric" ? "" : []);
    part(box, "bnq-check").textContent = "Commit my prediction";
    part(box, "bnq-feedback").textContent = "";
    part(box, "bnp-answer").open = false;
    inputs(box)[0].focus();
  }

  /** Put a kept guess back, unless the question has changed and does not know it any more. */
  function restore(box) {
    const kept = A.recall(KIND, box.dataset.id);
    if (!kept) return;
    A.fill(box, box.dataset.kind === "numeric" ? kept.guess : kept.guess - 1);
    const guess = guessed(box);
    if (guess !== null) show(box, guess);
  }

  function start(box) {
    part(box, "bnq-check").addEventListener("click", () => (box.dataset.state ? again : commit)(box));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.localName !== "input") return;
      event.preventDefault();
      commit(box);
    });
    restore(box);
  }

  /** Paper shows all answers, also where the style sheet cannot unfold them. */
  function unfold(all) {
    const boxes = root.document.querySelectorAll(".bnp > .bnq-question");
    boxes.forEach((box) => { part(box, "bnp-answer").open = all || Boolean(box.dataset.state); });
  }

  root.document.querySelectorAll(".bnp > .bnq-question").forEach(start);
  root.addEventListener("beforeprint", () => unfold(true));
  root.addEventListener("afterprint", () => unfold(false));
})(globalThis);
