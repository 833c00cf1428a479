import { readFile } from "node:fs/promises";
import { sum } from "./lib/sum.mjs";

const numbers = JSON.parse(await readFile(new URL("./numbers.json", import.meta.url)));
console.log(sum(numbers), new Intl.DateTimeFormat("de", { timeZone: "Europe/Berlin", dateStyle: "full" }).format(0));
