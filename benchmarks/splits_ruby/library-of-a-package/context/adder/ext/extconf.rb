require "mkmf"
have_library("pq") or abort
create_makefile("adder")
