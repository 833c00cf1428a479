const { total } = require("./sum")

console.log(total([1, 2, 3]), require("ms")("2 days"))
