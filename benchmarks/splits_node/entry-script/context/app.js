const { execFileSync } = require("node:child_process");
const [a, b] = process.argv.slice(2);
console.log(execFileSync("bc", { input: `${a} + ${b}\n` }).toString());
