const os = require("os");
console.log(JSON.stringify({ eol: os.EOL, sum: [1, 2].reduce((a, b) => a + b) }));
