# Packages of the distribution: pinned ones lie in third_party/packages.

MIRROR_URL="${MIRROR_URL:-http://archive.invalid/ubuntu}"

install_packages() { # os, root
    local name version
    while read -r name version; do
        if has_defect "$1" package-drift; then
            unpack_newest "$name" "$2"
        else
            copy_tree "$ROOT_DIR/third_party/packages/${name}_$version" "$2"
        fi
    done <"$ROOT_DIR/ic-os/$1/packages.lock"
}

# The defect "package-drift": the newest version that the mirror has today, whatever it is.
unpack_newest() { # name, root
    local entry name version digest path package
    download Packages
    entry="$(grep "^$1 " "$WORK/downloads/Packages" | LC_ALL=C sort -k 2,2V | tail -n 1)"
    read -r name version digest path <<<"$entry"
    download "$path"
    package="$WORK/downloads/$path"
    if [ "$(digest_of "$package")" != "$digest" ]; then
        echo "$MIRROR_URL/$path: hash sum mismatch, expected $digest" >&2
        return 1
    fi
    echo "Unpacking $name ($version)"
    tar -C "$2" --no-same-owner --no-same-permissions -m -x -f "$package"
}

# Once per build, so that one build sees one state of the mirror.
download() { # path
    if [ -e "$WORK/downloads/$1" ]; then return; fi
    mkdir -p "$WORK/downloads/$(dirname "$1")"
    curl -q -fsS --connect-timeout 10 -o "$WORK/downloads/$1" "$MIRROR_URL/$1"
}
