console.log(require("child_process").execSync("convert -version | head -1").toString());
