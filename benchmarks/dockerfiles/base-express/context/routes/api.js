const { Router } = require("express");
const _ = require("lodash");

const api = Router();
api.get("/", (req, res) => res.json(_.chunk([1, 2, 3, 4], 2)));
module.exports = api;
