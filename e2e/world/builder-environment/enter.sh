#!/usr/bin/env bash
# Turns this process into COMMAND inside an environment of its own: enter.sh [OPTION VALUE...]... -- COMMAND...
# It never forks for COMMAND: whoever signals or kills this process reaches COMMAND itself, and what is
# mounted here, in a private namespace, is gone when the last process inside is.
set -euo pipefail

# The numbers of the first so many processors that this process may use, as taskset takes them.
first_processors() { # how many
    local range name ranges numbers=()
    read -r name ranges < <(grep '^Cpus_allowed_list:' /proc/self/status)
    for range in ${ranges//,/ }; do
        mapfile -t -O "${#numbers[@]}" numbers < <(seq "${range%-*}" "${range#*-}")
    done
    if [ "${#numbers[@]}" -lt "$1" ]; then
        echo "enter.sh: there are ${#numbers[@]} processors, not $1" >&2
        return 1
    fi
    numbers=("${numbers[@]:0:$1}")
    (IFS=, && echo "${numbers[*]}")
}

wrapping=()
while [ "$1" != -- ]; do
    case "$1" in
        --hostname)
            hostname "$2"
            shift 2
            ;;
        --tmpfs) # size in bytes, directory
            mount -t tmpfs -o "size=$2,mode=1777" tmpfs "$3"
            shift 3
            ;;
        --ext4) # size in bytes, block size in bytes, directory
            image="$(mktemp "$4.XXXXXX")"
            trap 'rm -f "$image"' EXIT
            truncate -s "$2" "$image"
            # One UUID and hash seed for all, so that only what was asked for tells two of them apart.
            mke2fs -q -F -t ext4 -b "$3" -m 0 -O '^has_journal' -U 00000000-0000-4000-8000-0000000000e4 \
                -E hash_seed=00000000-0000-4000-8000-0000000000e4,root_owner=0:0 "$image"
            mount -o loop,noatime "$image" "$4"
            # The loop device keeps the data; it is cleared by the kernel when it is unmounted.
            rm -f "$image"
            trap - EXIT
            rmdir "$4/lost+found"
            chmod 1777 "$4"
            shift 4
            ;;
        --umask)
            umask "$2"
            shift 2
            ;;
        --file-size-limit) # bytes
            prlimit --pid $$ --fsize="$2"
            shift 2
            ;;
        --open-files-limit)
            prlimit --pid $$ --nofile="$2"
            shift 2
            ;;
        --processors)
            processors="$(first_processors "$2")"
            taskset -p -c "$processors" $$ >/dev/null
            shift 2
            ;;
        --old-kernel)
            wrapping+=(setarch --uname-2.6)
            shift
            ;;
        --user)
            wrapping+=(setpriv "--reuid=$2" "--regid=$(id -g "$2")" --init-groups)
            shift 2
            ;;
        *)
            echo "enter.sh: unknown option $1" >&2
            exit 2
            ;;
    esac
done
shift
exec "${wrapping[@]}" "$@"
