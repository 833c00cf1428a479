const _ = require("lodash")

exports.total = (numbers) => _.sum(numbers)
