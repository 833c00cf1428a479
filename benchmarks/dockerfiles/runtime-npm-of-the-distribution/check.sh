cd /srv && node server.js
