console.log("two", require("kind-of")([]));
