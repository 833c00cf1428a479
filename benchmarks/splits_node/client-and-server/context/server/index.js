const http = require("node:http");
const fs = require("node:fs");
const pad = require("left-pad");
http.createServer((q, r) => {
  const dev = fs.existsSync("node_modules/typescript");
  r.end(pad(fs.readFileSync("public/index.html", "utf-8"), 30) + fs.statSync("/game/saves").uid);
}).listen(3000);
