import express from "express";

const app = express();
app.use("/files", express.static("public"));
app.get("/", (_, response) => { response.json({ mode: process.env.NODE_ENV ?? "none" }); });
app.listen(3000);
