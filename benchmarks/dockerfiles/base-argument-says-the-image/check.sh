cd /srv && node main.js
