hello -g built; head -3 /README.hello
