"use strict";
// One formula a line in, one answer a line out; ends when the build does.
const katex = require(process.argv[2]);

function answer({ tex, options }) {
  try {
    return { html: katex.renderToString(tex, options) };
  } catch (error) {
    return { error: error.message };
  }
}

require("node:readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => console.log(JSON.stringify(answer(JSON.parse(line)))))
  .on("close", () => process.exit(0));
