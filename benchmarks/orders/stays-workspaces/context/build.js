require('fs').writeFileSync('built.txt', String(require('is-odd')(5)));
