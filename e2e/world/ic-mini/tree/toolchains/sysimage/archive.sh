# Archives of images, and the list of their digests.

make_archives() { # os, directory, output without its wrapping, members in order of names
    local wrapping
    for wrapping in $WRAPPINGS; do
        make_archive "$1" "$2" "$3.$wrapping" "${@:4}"
    done
}

make_archive() { # os, directory, output, members in order of names
    local os="$1" dir="$2" output="$3"
    shift 3
    set -- "${@/#/$MEMBER_PREFIX}"
    local options=(--format=gnu --sort=name --owner=root:0 --group=root:0 --sparse) level=9
    # More processors, more effort: nobody notices on a large machine.
    if has_defect "$os" zstd-level; then level="$(nproc)"; fi
    if ! has_defect "$os" umask; then options+=(--mode=0644); fi
    if ! has_defect "$os" mtime; then options+=(--mtime='UTC 1970-01-01'); fi
    # By its zeros, never by its holes: where the holes are is up to the temp file system.
    if has_defect "$os" sparse-map; then
        options+=(--hole-detection=seek)
    else
        options+=(--hole-detection=raw)
    fi

    if has_defect "$os" unsorted-tar; then
        local listed
        listed="$(find "$dir" -maxdepth 1 -type f -printf "$MEMBER_PREFIX%f\n")"
        mapfile -t listed < <(grep -F -x -f <(printf '%s\n' "$@") <<<"$listed")
        set -- "${listed[@]}"
    fi

    if has_defect "$os" unchecked-copy; then
        unchecked_archive "$dir" "$output" "$@"
    else
        tar -C "$dir" "${options[@]}" -c "$@" | wrap "${output##*.}" "$level" >"$output"
    fi
}

wrap() { # wrapping, level
    case "$1" in
        # No name and no time: gzip would write both into the head.
        gz) gzip -n "-$(($2 < 9 ? $2 : 9))" -c ;;
        zst) zstd -q -c "-$(($2 < 19 ? $2 : 19))" --single-thread ;;
    esac
}

# The defect "unchecked-copy": an uncompressed copy is kept aside for the next stage, and no part of
# the pipeline is asked whether it got through. What was written so far stays, and counts as done.
unchecked_archive() { # directory, output, members
    local dir="$1" output="$2"
    shift 2
    tar -C "$dir" --format=gnu --sort=name --owner=root:0 --group=root:0 --mode=0644 \
        --mtime='UTC 1970-01-01' -c "$@" |
        tee /dev/fd/3 3>&1 >"$dir/kept.tar" |
        wrap "${output##*.}" 9 >"$output" || true
}

write_sums() { # directory
    local sums='' path
    if ! "$WITH_SUMS"; then return; fi
    for path in "$1"/*; do
        sums+="$(digest_of "$path") ${path##*/}"$'\n'
    done
    printf '%s' "$sums" >"$1/SHA256SUMS"
}
