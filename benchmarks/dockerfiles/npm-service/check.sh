node server.js --once; nodemon --version; stat -c "%U %a" server.js public/index.html
