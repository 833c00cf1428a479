#[link(name = "sqlite3")]
extern "C" {
    fn sqlite3_libversion_number() -> i32;
}

pub fn number() -> i32 {
    unsafe { sqlite3_libversion_number() }
}
