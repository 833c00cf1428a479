use std::io::{Read, Write};
use std::net::TcpListener;

fn main() {
    let listener = TcpListener::bind("0.0.0.0:8000").unwrap();
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let mut buffer = [0; 1024];
        let count = stream.read(&mut buffer).unwrap();
        let line = String::from_utf8_lossy(&buffer[..count]).lines().next().unwrap_or("").to_string();
        let body = format!("{} {}", line, std::fs::read_to_string("templates/a.txt").unwrap());
        write!(stream, "HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n{}", body.len(), body).unwrap();
    }
}
