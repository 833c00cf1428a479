// Runs emulate in one process for a whole test session. Each line on stdin is a JSON object {port, baseUrl, seed}: the
// emulator that ran before is closed, a fresh one is started from that seed, and its port is printed.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { createEmulator } = await import(pathToFileURL(process.argv[2]).href);
let running = null;
for await (const line of createInterface({ input: process.stdin })) {
  const { port, baseUrl, seed } = JSON.parse(line);
  running?.close().catch(() => {});
  running = await createEmulator({ service: "github", port, baseUrl, seed });
  console.log(port);
}
process.exit(0);
