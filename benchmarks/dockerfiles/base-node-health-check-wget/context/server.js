require("http")
  .createServer((req, res) => res.end("up"))
  .listen(3000);
