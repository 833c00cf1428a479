import fs from "node:fs";
console.log(fs.readFileSync("/etc/job.json", "utf-8"), process.env.TITLE, fs.statSync("/var/log/job").uid);
fs.writeFileSync("/var/log/job/a", "");
