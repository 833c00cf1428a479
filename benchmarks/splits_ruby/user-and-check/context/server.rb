require "adder"
require "socket"

server = TCPServer.new("0.0.0.0", 8000)
loop do
  client = server.accept
  line = client.gets.to_s.chomp
  body = "#{line} #{sum(2, 3)}"
  client.write("HTTP/1.0 200 OK\r\nContent-Length: #{body.bytesize}\r\n\r\n#{body}")
  client.close
end
