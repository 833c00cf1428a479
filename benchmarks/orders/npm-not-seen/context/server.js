const odd = require('is-odd');
console.log(odd(3));
