const ms = require("ms");
if (process.argv.includes("--once")) {
  console.log(ms("2h"));
} else {
  require("http").createServer((q, s) => s.end("hi")).listen(3000);
}
