console.log("hello", [1, 2].map((n) => n * 2))
