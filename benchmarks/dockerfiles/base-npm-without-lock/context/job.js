const dayjs = require("dayjs");
const { WebSocketServer, WebSocket } = require("ws");
const { v5 } = require("uuid");

console.log(dayjs("2020-01-02").format("DD/MM/YYYY"), v5("x", v5.DNS));
const server = new WebSocketServer({ port: 3001 }, () => {
  const client = new WebSocket("ws://127.0.0.1:3001");
  client.on("message", (m) => {
    console.log(String(m));
    process.exit(0);
  });
});
server.on("connection", (s) => s.send("hello"));
