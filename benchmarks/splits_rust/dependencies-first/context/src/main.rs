fn main() {
    println!("{}", greeter::greet("reader"));
}
