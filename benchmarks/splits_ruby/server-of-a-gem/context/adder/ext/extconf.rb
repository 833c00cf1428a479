require "mkmf"
create_makefile("adder")
