const fs = require("node:fs");
fs.mkdirSync("build", { recursive: true });
fs.writeFileSync("build/index.html", fs.readFileSync("index.html", "utf-8").replace("NAME", require("left-pad")("x", 5)));
fs.cpSync("assets", "build/assets", { recursive: true });
