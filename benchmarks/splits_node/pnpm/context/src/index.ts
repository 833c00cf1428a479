const pad = require("left-pad");
console.log(pad("pnpm", 8, "*"));
