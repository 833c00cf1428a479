console.log(new Intl.NumberFormat("en-US").format(1234567));
