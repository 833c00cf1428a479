require "adder"

puts "sum #{sum(2, 3)}"
