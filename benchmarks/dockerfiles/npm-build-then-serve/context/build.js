const fs = require("fs");
const escape = require("escape-html");
fs.mkdirSync("dist");
fs.writeFileSync("dist/index.html", "<p>" + escape("1 < 2") + "</p>\n");
