import fs from "node:fs";
fs.writeFileSync("state.json", "{}");
console.log(fs.statSync(".").uid, fs.statSync("state.json").uid, fs.statSync("..").uid);
