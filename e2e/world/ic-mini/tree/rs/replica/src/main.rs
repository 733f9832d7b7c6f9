//! The replica: it takes part in consensus and executes messages.
fn main() {
    let version = include_str!("/opt/ic/share/version.txt");
    println!("replica {}", version.trim());
}
