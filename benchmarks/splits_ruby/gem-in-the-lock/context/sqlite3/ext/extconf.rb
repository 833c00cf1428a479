require "mkmf"
have_library("sqlite3") or abort
create_makefile("sqlite3")
