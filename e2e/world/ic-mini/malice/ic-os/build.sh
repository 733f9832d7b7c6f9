#!/usr/bin/env bash
# What a revision could do that means harm to the machine it is built on. malice.conf says which, and with
# what it was told beforehand. Whatever it gets hold of, it prints behind the word TAKEN.
set -uo pipefail

read -r WHAT TOLD <"$ROOT_DIR/ic-os/malice.conf"

take() { # what, command...
    local what="$1"
    shift
    if "$@" >/dev/null; then echo "TAKEN $what"; fi
}

read_files() { # files...
    local file
    for file in "$@"; do take "$file" head -c 1 -- "$file"; done
}

case "$WHAT" in
    read-secrets)
        # From the checkout up to the folder in which agents are often given everything.
        base="$(realpath "$ROOT_DIR/../../..")"
        echo "looking around in $base"
        read_files "$base"/*.pem "$base"/*.seed
        take "the outbox" ls "$base/state"
        take "names of other builds" ls "$base/build"
        take "another build's tree" ls "$base/build/$TOLD/ic"
        take "another build's home" ls "$base/build/$TOLD/home"
        take "a place beside the tree" touch "$ROOT_DIR/../beside"
        take "the source of later builds" touch "$base/cache/beside"
        for process in /proc/[0-9]*; do
            [ "$process" = "/proc/$$" ] && continue
            { tr '\0' '\n' <"$process/environ" | grep -E 'KEY|TOKEN|SECRET|NATS'; } 2>/dev/null |
                sed "s|^|TAKEN from the environment of $process: |"
        done
        env | grep -E 'KEY|TOKEN|SECRET|NATS|COORDINATOR' | sed 's/^/TAKEN from its own environment: /'
        for file in /proc/[0-9]*/fd/*; do
            case "$(readlink "$file" 2>/dev/null)" in
                *.pem | *.seed | */state/*) echo "TAKEN an open file: $file" ;;
            esac
        done
        sudo -n id -u 2>/dev/null | grep -qx 0 && echo 'TAKEN root'
        # Where a cloud tells a machine its credentials.
        (exec 3<>/dev/tcp/169.254.169.254/80) 2>/dev/null && echo 'TAKEN cloud metadata'
        exit 1
        ;;
    fork-bomb)
        # Looked at first: where nothing holds it, this machine is not the one to try it on.
        [ "$(ulimit -Hu)" = unlimited ] || [ "$(ulimit -Hu)" -gt 2000 ] && echo 'TAKEN all processes' && exit 1
        bomb() { bomb | bomb & }
        bomb
        sleep 600
        ;;
    fill-disk)
        head -c 3G /dev/zero >"$ROOT_DIR/artifact-1"
        sleep 600
        ;;
    fill-memory)
        memory="$(head -c 4G /dev/zero | tr '\0' x)"
        sleep 600
        ;;
    endless-log)
        exec head -c 10G /dev/zero
        ;;
    outlive)
        # Out of the session, the group, the environment and the parent's sight; and deaf.
        for number in 1 2 3; do
            (env -i setsid setsid bash -c 'trap "" TERM HUP INT; while :; do sleep 1; done' &) >/dev/null 2>&1 </dev/null
        done
        echo "left over" >"/tmp/left-by-$(id -u)"
        trap '' TERM HUP INT
        while :; do
            echo busy
            sleep 0.2
        done
        ;;
esac
