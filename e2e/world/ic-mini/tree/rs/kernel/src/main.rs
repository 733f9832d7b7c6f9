//! Stands for the distribution's kernel, of one pinned version.
fn main() {
    println!("Linux version 6.14.0-29-generic");
}
