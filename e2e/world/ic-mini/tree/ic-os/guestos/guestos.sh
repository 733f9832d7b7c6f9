# The operating system of the replica, and its recovery variant: one root and one boot image each.

GUEST_ROOT_A=7c0a626e-e5ea-e543-b5c5-300eb8304db7
GUEST_ROOT_B=a78bc3a8-376c-054a-96e7-3904b915d0c5

build_guestos() { # output directory, env
    local out="$1" env="$2" dir="$WORK/guestos-$2" root_hash
    mkdir "$dir" "$dir/root" "$dir/boot"

    echo "Building GuestOS ($env)"
    copy_tree "$ROOT_DIR/ic-os/guestos/rootfs" "$dir/root"
    if [ -d "$ROOT_DIR/ic-os/guestos/envs/$env" ]; then
        copy_tree "$ROOT_DIR/ic-os/guestos/envs/$env" "$dir/root"
    fi
    install_packages guestos "$dir/root"
    leave_tree guestos "$dir/root" "guestos/envs/$env"
    compile_released replica 192 "$dir/root/opt/ic/bin/replica"
    stamp guestos "$dir/root"
    make_filesystem guestos "$dir/root.img" 3M 4096 00000000-0000-4000-8000-0000000000a1 "$dir/root"

    root_hash="$(digest_of "$dir/root.img")"
    fill_boot "$dir/boot" "$root_hash"
    make_filesystem guestos "$dir/boot.img" 1M 1024 00000000-0000-4000-8000-0000000000b1 "$dir/boot"

    echo "$STAMP" >"$dir/VERSION.TXT"
    make_archives guestos "$dir" "$out/update-img.tar" VERSION.TXT boot.img root.img
    if "$WITH_MEASUREMENTS" && [ "$env" = prod ]; then
        launch_measurements "$root_hash" "$(digest_of "$dir/boot.img")" >"$out/launch-measurements.json"
    fi
    rm -r "$dir"
    write_sums "$out"
}

# What a node's processor measures at launch: the boot image and the command line of either slot.
launch_measurements() { # root hash, boot digest
    local slot root cmdline separator='' digest
    printf '{"guest_launch_measurements":['
    for slot in A B; do
        root="$GUEST_ROOT_A"
        if [ "$slot" = B ]; then root="$GUEST_ROOT_B"; fi
        cmdline="root=/dev/disk/by-partuuid/$root console=ttyS0 nomodeset dfinity.system=$slot"
        cmdline+=" security=selinux selinux=1 enforcing=1 root_hash=$1"
        digest="$(printf '%s%s' "$cmdline" "$2" | sha384sum)"
        printf '%s{"measurement":[%s],"metadata":{"kernel_cmdline":"%s"}}' \
            "$separator" "$(decimal_bytes "${digest%% *}")" "$cmdline"
        separator=,
    done
    printf ']}\n'
}

decimal_bytes() { # hexadecimal digits
    local index list=''
    for ((index = 0; index < ${#1}; index += 2)); do
        list+=",$((16#${1:index:2}))"
    done
    printf '%s' "${list#,}"
}
