const http = require("http");
const crypto = require("node:crypto");

http
  .createServer((req, res) => res.end(crypto.createHash("sha256").update(req.url).digest("hex")))
  .listen(3000);
