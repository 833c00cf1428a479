Gem::Specification.new do |s|
  s.name = "greet"
  s.version = "0.1.0"
  s.summary = "Says hello"
  s.authors = ["Example"]
  s.files = ["lib/greet.rb"]
end
