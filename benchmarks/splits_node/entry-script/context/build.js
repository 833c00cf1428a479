const fs = require("node:fs");
fs.mkdirSync("build");
fs.copyFileSync("app.js", "build/app.js");
