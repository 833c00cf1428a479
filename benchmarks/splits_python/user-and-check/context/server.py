import http.server

import adder


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(f"{self.path} {adder.add(20, 3)}\n".encode())


http.server.HTTPServer(("", 8000), Answer).serve_forever()
