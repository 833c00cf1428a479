Gem::Specification.new do |s|
  s.name = "sqlite3"
  s.version = "1.0"
  s.summary = "The sum"
  s.authors = ["nobody"]
  s.files = ["ext/sqlite3.c", "ext/extconf.rb"]
  s.extensions = ["ext/extconf.rb"]
end
