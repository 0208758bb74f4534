/* Walks through a figure without a browser: reads {name, walks: [[action, ...], ...]} and prints,
 * for the start and after every action, the state, the text and what is drawn; and for how long a
 * text there is room. */
"use strict";

const E = require("../../../book/_static/explorables/explorable.js");

function after(figure, state, action) {
  if ("preset" in action) return E.chosen(figure, state, action.preset);
  if ("key" in action) return E.changed(state, action.key, action.value);
  return { ...state, ...action.set };
}

const shown = (figure, state) => ({ state, status: figure.describe(state), view: figure.view(state) });

function walk(figure, actions) {
  const states = [E.clone(figure.defaults)];
  for (const action of actions) states.push(E.clone(after(figure, states.at(-1), action)));
  return states.map((state) => shown(figure, state));
}

const { name, walks } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
require(`../../../book/_static/explorables/${name}.js`);
const figure = E.figures[name];
const room = figure.describe(figure.longest).length;
console.log(JSON.stringify({ room, walks: walks.map((actions) => walk(figure, actions)) }));
