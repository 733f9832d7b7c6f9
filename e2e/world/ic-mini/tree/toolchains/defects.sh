# Which reproducibility defects this revision has: DEFECTS holds "os name" for each.

KNOWN_DEFECTS=' package-drift timestamp mtime unsorted-dir build-path hostname locale umask random-uuid sparse-map'
KNOWN_DEFECTS+=' user uid-owner hash-seed gzip-level zstd-level unsorted-tar xattr extra-file parallelism file-list'
KNOWN_DEFECTS+=' kernel time-zone open-files unchecked-copy '

declare -A DEFECTS=()

read_defects() { # file
    local os name rest
    while read -r os name rest; do
        case "$os" in
            '' | '#'*) continue ;;
            guestos | hostos | setupos) ;;
            *) echo "$1: unknown operating system '$os'" >&2 && return 1 ;;
        esac
        if [[ "$KNOWN_DEFECTS" != *" $name "* || -n "$rest" ]]; then
            echo "$1: unknown defect '$name $rest'" >&2
            return 1
        fi
        DEFECTS["$os $name"]=1
    done <"$1"
}

has_defect() { # os, name
    [ -n "${DEFECTS["$1 $2"]:-}" ]
}
