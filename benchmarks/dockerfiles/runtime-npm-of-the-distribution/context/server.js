console.log(require("ms")("2 days"), require("os").EOL.length);
