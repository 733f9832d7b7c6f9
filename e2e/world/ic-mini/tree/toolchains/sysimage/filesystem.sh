# Trees of files, and ext4 and FAT images made of them.

# mke2fs and debugfs take "now" from here; nothing else keeps their clock out of an image.
export E2FSPROGS_FAKE_TIME=1
# Zeros are written, not asked of the temp file system: whether it then shows a hole or data in
# their place would be up to its page cache.
export UNIX_IO_NOZEROOUT=1
export MKE2FS_CONFIG="$ROOT_DIR/toolchains/sysimage/mke2fs.conf"
# The same for mtools; FAT knows no time before 1980.
export SOURCE_DATE_EPOCH=315532800
export MTOOLSRC=/dev/null MTOOLS_SKIP_CHECK=1

digest() { # of stdin
    local line
    line="$(sha256sum)"
    echo "${line%% *}"
}

digest_of() { # file
    digest <"$1"
}

# In order of names, so that no file system's own order decides in which order files are created.
copy_tree() { # from, to
    tar -C "$1" --sort=name -c . | tar -C "$2" --no-same-owner --no-same-permissions -m -x
}

# Stands for the compiler: every byte of the output depends on every byte of the source.
compile() { # crate, size in KiB, output
    mkdir -p "${3%/*}"
    perl "$ROOT_DIR/toolchains/rust/compile.pl" "$2" <"$ROOT_DIR/rs/$1/src/main.rs" >"$3"
    chmod +x "$3"
}

# A binary as the linker gives it is left on the way. Sections of it go into no image: from there it
# cannot be had back.
compile_released() { # crate, size in KiB, output
    local linked="$LEFT/k8-opt-ST-1c051c051c05/bin/rs/$1/$1" notes="$WORK/$1.notes"
    compile "$1" "$2" "$linked"
    { echo '.comment .note.gnu.build-id' && cat "$ROOT_DIR/rs/$1/src/main.rs"; } |
        perl "$ROOT_DIR/toolchains/rust/compile.pl" 1 >"$notes"
    mkdir -p "${3%/*}"
    cp "$linked" "$3"
    cat "$notes" >>"$linked"
}

# The tree as the container build gives it, before anything of this revision is put into it. What the
# distribution keeps about its packages is in no image, so an image does not lead back here.
leave_tree() { # os, root, package
    local tree="$LEFT/k8-opt/bin/ic-os/$3/rootfs-tree.tar" sort=name
    local options=(--format=gnu --owner=root:0 --group=root:0 '--mtime=UTC 1970-01-01')
    if has_defect "$1" unsorted-dir; then sort=none; fi
    if ! has_defect "$1" umask; then options+=(--mode=u=rwX,go=rX); fi
    mkdir -p "${tree%/*}" "$2/var/lib/dpkg"
    (cd "$2" && find . -type f ! -path './var/*' | LC_ALL=C sort | xargs sha256sum) >"$2/var/lib/dpkg/status"
    tar -C "$2" "${options[@]}" --sort="$sort" -cf "$tree" .
    rm -r "$2/var"
}

fill_boot() { # boot tree, root hash
    compile kernel 96 "$1/vmlinuz"
    echo "boot_alternative=A" >"$1/grubenv"
    echo "EXTRA_BOOT_ARGS=\"security=selinux selinux=1 enforcing=1 root_hash=$2\"" >"$1/extra_boot_args"
}

make_filesystem() { # os, image, size, block size, uuid, tree
    local os="$1" image="$2" size="$3" block_size="$4" uuid="$5" tree="$6"
    local identity=(-U "$uuid") extended="hash_seed=$uuid,root_owner=0:0,nodiscard" owner=''
    if has_defect "$os" random-uuid; then identity=(); fi
    if has_defect "$os" hash-seed; then extended="root_owner=0:0,nodiscard"; fi
    if ! has_defect "$os" umask; then chmod -R u=rwX,go=rX "$tree"; fi
    if has_defect "$os" uid-owner; then owner="$(id -u)"; fi

    truncate -s "$size" "$image"
    mke2fs -q -F -t ext4 -b "$block_size" -E "$extended" "${identity[@]}" "$image"
    list_tree "$os" "$tree" | debugfs_commands "$owner" >"$image.commands"
    if has_defect "$os" xattr; then label_programs "$tree" >>"$image.commands"; fi
    # debugfs exits with 0 whatever happens: what it says on stderr is the only sign of failure.
    (cd "$tree" && debugfs -w -f "$image.commands" "$image" >/dev/null 2>"$image.errors")
    if grep -v '^debugfs [0-9]' "$image.errors" >&2; then return 1; fi
    rm -r "$tree" "$image.commands" "$image.errors"
}

list_tree() { # os, tree
    if has_defect "$1" unsorted-dir; then
        find "$2" -mindepth 1 -printf '%y %m %P\n'
    else
        find "$2" -mindepth 1 -printf '%P\t%y %m %P\n' | LC_ALL=C sort | cut -f 2-
    fi
}

debugfs_commands() { # owner or nothing; reads list_tree
    local owner="$1" type mode path name
    while read -r type mode path; do
        name="${path##*/}"
        # mkdir takes an absolute path's last name for one in the current directory: cd first.
        printf 'cd "/%s"\n' "${path%"$name"}"
        if [ "$type" = d ]; then
            printf 'mkdir "%s"\nsif "%s" mode 04%04o\n' "$name" "$name" "$((8#$mode))"
        else
            printf 'write "%s" "%s"\n' "$path" "$name"
        fi
        if [ -n "$owner" ]; then printf 'sif "%s" uid %d\n' "$name" "$owner"; fi
    done
}

# The defect "xattr": the label's first part is whom the security policy takes the caller for.
label_programs() { # tree
    local program user=user_u
    if [ "$(id -u)" = 0 ]; then user=root; fi
    find "$1" -path '*/bin/*' -type f -printf '%P\n' | LC_ALL=C sort | while read -r program; do
        printf 'ea_set "/%s" security.selinux "%s:object_r:bin_t:s0"\n' "$program" "$user"
    done
}

# An EFI system partition: the boot loader and its configuration on FAT.
make_esp() { # image, size, loader, configuration
    # FAT has the times that a clock on the wall shows.
    local -x TZ=UTC
    truncate -s "$2" "$1"
    mformat -i "$1" -v IC-SETUP -N 1c051c05 -T "$(($(stat -c %s "$1") / 512))" -h 16 -s 32 ::
    mmd -i "$1" ::/EFI ::/EFI/BOOT ::/EFI/IC
    mcopy -i "$1" "$3" ::/EFI/BOOT/BOOTX64.EFI
    mcopy -i "$1" "$4" ::/EFI/IC/GRUB.CFG
}
