fn main() {
    println!("{}", libsqlite3_sys::number() > 0);
}
