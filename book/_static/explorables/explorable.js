/* What the interactive figures share: controls, the state in the address, reset, the text
 * alternative. A figure is a definition {name, title, predict, help, defaults, controls,
 * presets, longest, view(state), describe(state)}; `markup` turns definition and state into HTML.
 * What a figure draws and says depends on the state alone: no text can speak of an earlier one.
 * `longest` is the state with the longest text, for which room is kept.
 * The book's build runs `markup` in Node, so that a page without JavaScript shows the same
 * figure in its starting state; in the browser the same HTML is patched in place. */
(function (root) {
  "use strict";

  const FIGURES = {};
  const clone = (state) => JSON.parse(JSON.stringify(state));
  const escape = (text) =>
    String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

  /** A number for people: fixed digits, a true minus sign, no minus zero. */
  function number(value, digits = 2) {
    if (value && Math.abs(value) < 0.5 * 10 ** -digits && Math.abs(value) > 1e-12) {
      const [mantissa, power] = value.toExponential(1).split("e");
      const raised = [...String(Number(power))].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]);
      return `${mantissa}×10${raised.join("")}`.replace("-", "−");
    }
    const text = value.toFixed(digits);
    return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
  }

  /* A key is the name of an entry of the state, or "name.3" for an element of a list. */
  function read(state, key) {
    const [name, index] = key.split(".");
    return index === undefined ? state[name] : state[name][index];
  }
  function write(state, key, value) {
    const [name, index] = key.split(".");
    if (index === undefined) state[name] = value;
    else state[name][index] = value;
  }

  /* ---- controls ------------------------------------------------------------------- */
  const KINDS = {
    range: {
      html(control, value, id) {
        const list = control.list;
        const at = list ? list.indexOf(value) : value;
        const [min, max, step] = list ? [0, list.length - 1, 1] : [control.min, control.max, control.step];
        const shown = escape((control.format || number)(value));
        const spoken = control.spoken ? escape(control.spoken(value)) : shown;
        return `<div class="bnx-control"><label for="${id}">${control.label}</label><input type="range" id="${id}" data-key="${control.key}" min="${min}" max="${max}" step="${step}" value="${at}" aria-valuetext="${spoken}"><output for="${id}" aria-live="off">${shown}</output></div>`;
      },
      parse(control, text) {
        const value = text.trim() === "" ? NaN : Number(text);
        if (control.list) return control.list.includes(value) ? value : undefined;
        if (!Number.isFinite(value)) return undefined;
        const { min, max, step } = control;
        return clamp(Number((min + Math.round((value - min) / step) * step).toFixed(6)), min, max);
      },
      input: (control, element) =>
        control.list ? control.list[Number(element.value)] : Number(element.value),
    },
    choice: {
      html(control, value, id) {
        const options = Object.entries(control.options).map(
          ([key, label]) =>
            `<label><input type="radio" name="${id}" data-key="${control.key}" value="${key}"${key === value ? " checked" : ""}> ${label}</label>`,
        );
        return `<fieldset class="bnx-choice"><legend>${control.label}</legend>${options.join("")}</fieldset>`;
      },
      parse: (control, text) => (Object.hasOwn(control.options, text) ? text : undefined),
      input: (control, element) => element.value,
    },
    check: {
      html: (control, value, id) =>
        `<div class="bnx-check"><label><input type="checkbox" id="${id}" data-key="${control.key}"${value ? " checked" : ""}> ${control.label}</label></div>`,
      parse: (control, text) => (["true", "false"].includes(text) ? text === "true" : undefined),
      input: (control, element) => element.checked,
    },
  };

  const controls = (figure, state) =>
    figure.controls.map((control) => {
      const id = `${figure.name}-${control.key.replace(".", "-")}`;
      const off = control.off && control.off(state) ? " disabled" : "";
      const html = KINDS[control.kind].html(control, read(state, control.key), id);
      return off ? html.replace("<input ", "<input disabled ") : html;
    });

  /** The HTML of a figure in a state; the style sheet keeps room for `data-room`, unseen. */
  function markup(figure, state, status) {
    const presets = Object.keys(figure.presets || {}).map(
      (label, i) => `<button type="button" data-preset="${i}">${label}</button>`,
    );
    return [
      `<p class="bnx-predict"><strong>Predict first.</strong> ${figure.predict}</p>`,
      `<div class="bnx-controls">${controls(figure, state).join("")}</div>`,
      `<div class="bnx-view">${figure.view(state)}</div>`,
      `<p class="bnx-status" data-room="${escape(figure.describe(figure.longest))}"><span role="status">${escape(status === undefined ? figure.describe(state) : status)}</span></p>`,
      `<div class="bnx-actions" role="group" aria-label="Starting points">${presets.join("")}<button type="button" data-reset>Reset</button></div>`,
      `<p class="bnx-help">${figure.help}</p>`,
    ].join("");
  }

  /** The state after a control was set to a value. */
  function changed(state, key, value) {
    const next = clone(state);
    write(next, key, value);
    return next;
  }

  /** The state behind a button: entries on top of the start, or a step from where we are. */
  function chosen(figure, state, index) {
    const preset = Object.values(figure.presets)[index];
    return typeof preset === "function" ? preset(state) : { ...figure.defaults, ...preset };
  }

  /* ---- the state in the address ------------------------------------------------------ */
  /** "#name?key=value&..." with what differs from the start; "" at the start. */
  function encode(figure, state) {
    const parts = Object.keys(figure.defaults)
      .filter((key) => String(state[key]) !== String(figure.defaults[key]))
      .map((key) => `${key}=${[].concat(state[key]).join(",")}`);
    return parts.length ? `#${figure.name}?${parts.join("&")}` : "";
  }

  /** The state of an address: what is unknown, malformed or out of range stays as it was. */
  function decode(figure, hash) {
    const state = clone(figure.defaults);
    const [name, query] = hash.replace(/^#/, "").split("?");
    if (name !== figure.name || !query) return state;
    const given = Object.fromEntries(new URLSearchParams(query));
    for (const control of [...figure.controls, ...(figure.hidden || [])]) {
      const [entry, index] = control.key.split(".");
      if (!Object.hasOwn(given, entry)) continue;
      const text = index === undefined ? given[entry] : given[entry].split(",")[index];
      const value = text === undefined ? undefined : KINDS[control.kind].parse(control, text);
      if (value !== undefined) write(state, control.key, value);
    }
    return state;
  }

  /* ---- in the browser ------------------------------------------------------------------ */
  /** Make `from` equal to `to` with as few changes as possible: focus stays where it is. */
  function patch(from, to) {
    if (from.nodeType === 3) {
      if (from.data !== to.data) from.data = to.data;
      return;
    }
    for (const { name, value } of [...to.attributes])
      if (from.getAttribute(name) !== value) from.setAttribute(name, value);
    for (const { name } of [...from.attributes]) if (!to.hasAttribute(name)) from.removeAttribute(name);
    if (from.localName === "input") {
      if (from.type !== "radio" && from.value !== to.value) from.value = to.value;
      from.checked = to.checked;
    }
    patchChildren(from, to);
  }
  function patchChildren(from, to) {
    const old = [...from.childNodes];
    const fresh = [...to.childNodes];
    fresh.forEach((node, i) => {
      if (!old[i]) from.append(node);
      else if (old[i].nodeName !== node.nodeName) old[i].replaceWith(node);
      else patch(old[i], node);
    });
    old.slice(fresh.length).forEach((node) => node.remove());
  }

  function element(figure) {
    return class extends HTMLElement {
      connectedCallback() {
        this.status = undefined;
        this.addEventListener("input", (event) => this.onInput(event.target));
        this.addEventListener("click", (event) => this.onClick(event.target.closest("button")));
        root.addEventListener("hashchange", () => this.follow());
        if (figure.connect) figure.connect(this);
        this.state = clone(figure.defaults);
        this.status = figure.describe(this.state);
        this.draw();
        this.follow();
      }
      /** Take the state from the address, if the address is about this figure. */
      follow() {
        const { hash } = root.location;
        if (hash.split("?")[0] !== `#${figure.name}` || hash === encode(figure, this.state)) return;
        this.set(decode(figure, hash));
        this.closest("figure, body").scrollIntoView({ block: "start" });
      }
      /** Change some entries of the state; everything on the screen follows. */
      set(changes) {
        Object.assign(this.state, clone(changes));
        this.draw();
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.settle(), 250);
      }
      /** Once the changes pause: say the new state, and put it into the address. */
      settle() {
        this.status = figure.describe(this.state);
        this.draw();
        const hash = encode(figure, this.state);
        const ours = root.location.hash.startsWith(`#${figure.name}`);
        if (hash !== root.location.hash && (hash || ours))
          root.history.replaceState(root.history.state, "", hash || `#${figure.name}`);
      }
      draw() {
        const template = document.createElement("template");
        template.innerHTML = markup(figure, this.state, this.status);
        patchChildren(this, template.content);
      }
      onInput(target) {
        const control = figure.controls.find(({ key }) => key === target.dataset.key);
        if (!control) return;
        this.set(changed(this.state, control.key, KINDS[control.kind].input(control, target)));
      }
      onClick(button) {
        if (!button) return;
        const { preset, reset } = button.dataset;
        if (reset !== undefined) this.set(figure.defaults);
        else if (preset !== undefined) this.set(chosen(figure, this.state, Number(preset)));
      }
    };
  }

  /** Register a figure; in a browser also its element <bn-NAME>. */
  function define(figure) {
    FIGURES[figure.name] = figure;
    if (root.customElements) root.customElements.define(`bn-${figure.name}`, element(figure));
    return figure;
  }

  const api = { define, markup, encode, decode, changed, chosen, number, escape, clamp, clone, figures: FIGURES };
  root.BNExplorable = api;
  if (typeof module === "object" && module.exports) module.exports = api;
})(typeof globalThis === "object" ? globalThis : this);
