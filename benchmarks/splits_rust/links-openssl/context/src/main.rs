#[link(name = "crypto")]
extern "C" {
    fn OpenSSL_version_num() -> u64;
}

fn main() {
    println!("{}", unsafe { OpenSSL_version_num() > 0 });
}
