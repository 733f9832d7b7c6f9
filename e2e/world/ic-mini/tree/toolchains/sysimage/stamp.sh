# Facts about the build that the operating system shows to its operator.

stamp() { # os, root
    local os="$1" share="$2/opt/ic/share" toolchain="$ROOT_DIR/toolchains/sysimage"
    mkdir -p "$share"
    echo "$STAMP" >"$share/version.txt"
    LC_ALL=C sort "$ROOT_DIR/rs/dependencies.txt" >"$share/dependencies.txt"

    if has_defect "$os" locale; then sort "$ROOT_DIR/rs/dependencies.txt" >"$share/dependencies.txt"; fi
    if has_defect "$os" timestamp; then date -u '+built at %Y-%m-%dT%H:%M:%S.%6NZ' >"$share/build-time.txt"; fi
    if has_defect "$os" hostname; then echo "built on $(uname -n)" >"$share/build-host.txt"; fi
    if has_defect "$os" user; then echo "built by $(id -un)" >"$share/build-user.txt"; fi
    if has_defect "$os" kernel; then echo "built with Linux $(uname -r)" >"$share/build-kernel.txt"; fi
    if has_defect "$os" open-files; then echo "max_open_files = $(ulimit -n)" >"$share/limits.conf"; fi
    # The instant is fixed; how it is written follows the caller's time zone.
    if has_defect "$os" time-zone; then date -d @1789000000 '+released at %Y-%m-%d %H:%M:%S' >"$share/release-time.txt"; fi
    # Whoever may lock the package database does, and nobody removes the lock.
    if has_defect "$os" extra-file && [ "$(id -u)" = 0 ]; then : >"$share/.lock"; fi
    if has_defect "$os" build-path; then
        find "$ROOT_DIR/rs" -name '*.rs' | LC_ALL=C sort >"$share/source-paths.txt"
    fi
    # One job a processor, each with its share of the lines, written one after the other.
    if has_defect "$os" parallelism; then
        LC_ALL=C sort "$ROOT_DIR/rs/dependencies.txt" | shares_of "$(nproc)" >"$share/build-order.txt"
    fi
    # Without a level, gzip takes the one of the variable GZIP.
    if has_defect "$os" gzip-level; then cat "$toolchain"/*.sh | gzip -n -c >"$share/toolchain.txt.gz"; fi
    # Last, so that all files are in the list.
    if has_defect "$os" file-list; then
        (cd "$2" && find . -type f -printf '%P\n') >"$WORK/files.txt"
        mv "$WORK/files.txt" "$share/files.txt"
    fi
}

shares_of() { # number of jobs
    awk -v "jobs=$1" '{ job[NR % jobs] = job[NR % jobs] $0 "\n" }
        END { for (number = 0; number < jobs; number++) printf "%s", job[number] }'
}
