//! Writes the HostOS to the machine's disk and puts the GuestOS into it.
fn main() {
    println!("setupos_tool install");
}
