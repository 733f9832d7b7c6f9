#!/usr/bin/env bash
# Runs a command in the build's own environment, whatever the caller's is.
# There is no container engine in small: the environment is emptied instead of the file system.
set -eEuo pipefail

eprintln() { echo "$@" >&2; }

if [ "${DFINITY_CONTAINER:-}" = true ]; then
    eprintln "Nested $0 is not supported."
    exit 1
fi

REPO_ROOT="$(git rev-parse --show-toplevel)"
RUN_ENV=(
    DFINITY_CONTAINER=true
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    HOME="$HOME"
    TMPDIR="${TMPDIR:-/tmp}"
)

# The defect "time-zone": the caller's zone reaches the build.
if grep -q ' time-zone$' "$REPO_ROOT/ic-os/defects.conf"; then
    RUN_ENV+=("TZ=${TZ:-UTC}")
else
    RUN_ENV+=(TZ=UTC)
fi

# The defect "locale": the caller's locale reaches the build.
if grep -q ' locale$' "$REPO_ROOT/ic-os/defects.conf"; then
    for name in LANG LC_ALL LC_COLLATE LOCPATH; do
        if [ -n "${!name:-}" ]; then RUN_ENV+=("$name=${!name}"); fi
    done
else
    RUN_ENV+=(LC_ALL=C)
fi

PODMAN_RUN_USR_ARGS=()
if [ -f "$HOME/.container-run.conf" ]; then
    eprintln "Sourcing user's ~/.container-run.conf"
    # shellcheck disable=SC1091
    source "$HOME/.container-run.conf"
fi

# Unquoted as in the real script, so that a plain string serves as well as an array.
# shellcheck disable=SC2068
set -- ${PODMAN_RUN_USR_ARGS[@]} -- "$@"
while [ "$1" != -- ]; do
    case "$1" in
        -e | --env) RUN_ENV+=("$2") && shift 2 ;;
        --env=*) RUN_ENV+=("${1#--env=}") && shift ;;
        *)
            eprintln "PODMAN_RUN_USR_ARGS: '$1' needs a container engine, and there is none here."
            exit 125
            ;;
    esac
done
shift

cd "$REPO_ROOT"
set -x
exec env -i "${RUN_ENV[@]}" "$@"
