//! Sets the machine's network up and starts the guest.
fn main() {
    println!("hostos_tool generate-network-config");
}
