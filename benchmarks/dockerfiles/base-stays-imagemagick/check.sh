node a.js
