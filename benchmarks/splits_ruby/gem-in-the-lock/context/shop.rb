require "sqlite3"

puts "sum #{sum(2, 3)}"
