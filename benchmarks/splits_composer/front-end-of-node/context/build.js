require('fs').writeFileSync('public/app.js', 'console.log("built");\n');
