fn main() {
    let name = std::env::args().nth(1).unwrap_or("nobody".into());
    println!("hello {}", name);
}
