# The operating system of the machine itself, below the GuestOS.

build_hostos() { # output directory
    local out="$1" dir="$WORK/hostos"
    mkdir "$dir" "$dir/root" "$dir/boot"

    echo "Building HostOS"
    copy_tree "$ROOT_DIR/ic-os/hostos/rootfs" "$dir/root"
    install_packages hostos "$dir/root"
    leave_tree hostos "$dir/root" hostos/envs/prod
    compile hostos_tool 128 "$dir/root/opt/ic/bin/hostos_tool"
    stamp hostos "$dir/root"
    make_filesystem hostos "$dir/root.img" 3M 4096 00000000-0000-4000-8000-0000000000a2 "$dir/root"

    fill_boot "$dir/boot" "$(digest_of "$dir/root.img")"
    make_filesystem hostos "$dir/boot.img" 1M 1024 00000000-0000-4000-8000-0000000000b2 "$dir/boot"

    echo "$STAMP" >"$dir/VERSION.TXT"
    make_archives hostos "$dir" "$out/update-img.tar" VERSION.TXT boot.img root.img
    rm -r "$dir"
    write_sums "$out"
}
