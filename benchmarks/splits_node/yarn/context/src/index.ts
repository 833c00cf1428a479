const pad = require("left-pad");
console.log(pad("yarn", 8, "*"));
