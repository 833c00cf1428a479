const express = require("express");
const api = require("./routes/api");

const app = express();
app.use("/", api);
app.listen(3000);
