Gem::Specification.new do |s|
  s.name = "adder"
  s.version = "1.0"
  s.summary = "The sum"
  s.authors = ["nobody"]
  s.files = ["ext/adder.c", "ext/extconf.rb"]
  s.extensions = ["ext/extconf.rb"]
end
