const pad = require("left-pad");
console.log(pad("bundled", 12, "."));
process.exit(7);
