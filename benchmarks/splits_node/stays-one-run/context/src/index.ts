import http from "node:http";

const port: number = Number(process.env.PORT ?? "3000");
http
  .createServer((request, response) => {
    response.setHeader("Content-Type", "text/plain");
    response.end(`you asked for ${request.url}\n`);
  })
  .listen(port);
