"use strict";
// Of the ledger's claims, those that fit what is chosen; the choice stands in the page's address.
(() => {
  const form = document.querySelector(".bn-filter");
  if (!form) return;
  const status = form.querySelector("[role=status]");
  const selects = [...form.querySelectorAll("select")];
  const entries = [...document.querySelectorAll(".bn-entry")];
  const fits = (wanted, value) => !wanted || wanted === value;
  const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  const chosen = () => Object.fromEntries(selects.map(({ name, value }) => [name, value]));

  // The results of a finding that fit, each with its data set.
  const resultsOf = ({ finding, results }, { data, verdict }) => results.split(" ")
    .map((one) => one.split(":"))
    .filter(([name, word]) => name && fits(data, name) && fits(verdict, word))
    .map(([name]) => `${finding}.${name}`);

  const look = (entry, choice) => {
    const { chapter, label, verdict } = entry.dataset;
    const found = [...entry.querySelectorAll(".bn-result")].flatMap((box) => {
      const fitting = resultsOf(box.dataset, choice);
      box.hidden = !fitting.length;
      return fitting;
    });
    const itself = !choice.data && fits(choice.verdict, verdict);
    entry.hidden = !(fits(choice.chapter, chapter) && fits(choice.label, label) && (itself || found.length));
    return entry.hidden ? [] : found;
  };

  const show = () => {
    const choice = chosen();
    const results = new Set(entries.flatMap((entry) => look(entry, choice)));
    const claims = entries.filter((entry) => !entry.hidden);
    for (const section of new Set(entries.map((entry) => entry.closest("section")))) {
      section.hidden = ![...section.querySelectorAll(".bn-entry")].some((entry) => !entry.hidden);
    }
    status.textContent = claims.length
      ? `${counted(claims.length, "claim")} of ${entries.length}, ${counted(results.size, "result")}`
      : "No claim fits: choose “all” in one of the lists.";
  };

  const write = () => {
    const url = new URL(location);
    for (const { name, value } of selects) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    history.replaceState(history.state, "", url);
  };

  const read = () => {
    const asked = new URL(location).searchParams;
    for (const select of selects) {
      select.value = asked.get(select.name) ?? "";
      if (select.selectedIndex < 0) select.value = "";
    }
  };

  // A link to a claim shows it, whatever is chosen.
  const reveal = (hash) => {
    const target = document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!target?.closest("[hidden]") || form.contains(target)) return;
    form.reset();
    target.scrollIntoView();
  };

  form.addEventListener("change", () => { show(); write(); });
  form.addEventListener("reset", () => {
    for (const select of selects) select.value = "";
    show();
    write();
  });
  document.addEventListener("click", ({ target }) => {
    const link = target.closest?.("a[href]");
    if (link && link.pathname === location.pathname) reveal(link.hash);
  });
  addEventListener("hashchange", () => reveal(location.hash));

  read();
  show();
  form.hidden = false;
  reveal(location.hash);
})();
