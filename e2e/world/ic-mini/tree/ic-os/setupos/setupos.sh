# The installer's disk: it carries the HostOS and the GuestOS of the same revision.

build_setupos() { # output directory, update images of GuestOS and HostOS
    local out="$1" guestos="$2" hostos="$3" dir="$WORK/setupos"
    mkdir "$dir" "$dir/data" "$dir/esp"

    echo "Building SetupOS"
    copy_tree "$ROOT_DIR/ic-os/setupos/rootfs" "$dir/data"
    install_packages setupos "$dir/data"
    leave_tree setupos "$dir/data" setupos/envs/prod
    compile setupos_tool 64 "$dir/data/opt/ic/bin/setupos_tool"
    stamp setupos "$dir/data"
    cp "$guestos" "$dir/data/guest-os.img.tar.zst"
    cp "$hostos" "$dir/data/host-os.img.tar.zst"
    make_filesystem setupos "$dir/data.img" 3M 4096 00000000-0000-4000-8000-0000000000a3 "$dir/data"

    compile kernel 96 "$dir/esp/bootx64.efi"
    make_esp "$dir/esp.img" 1M "$dir/esp/bootx64.efi" "$ROOT_DIR/ic-os/setupos/grub.cfg"

    make_disk "$ROOT_DIR/ic-os/setupos/partitions.csv" "$dir/disk.img" 6M "$dir"
    make_archives setupos "$dir" "$out/disk-img.tar" disk.img
    rm -r "$dir"
    write_sums "$out"
}
