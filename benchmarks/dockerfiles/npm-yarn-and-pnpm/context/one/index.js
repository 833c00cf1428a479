console.log("one", require("ms")("1m"));
