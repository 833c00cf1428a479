/entry node main.js; /entry --version | cut -c1
