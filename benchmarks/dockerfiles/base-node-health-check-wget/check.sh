(node server.js &) ; sleep 2; wget -q -O - http://localhost:3000/
