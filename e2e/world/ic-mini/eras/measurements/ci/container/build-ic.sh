#!/usr/bin/env bash
# Builds the images of the revision that is checked out, for release or for comparison.
set -euo pipefail

usage() {
    cat <<EOF
Utility script for building IC.

Usage: $0 --icos | -i [--no-release | -n]

    --icos       | -i   Build IC-OS Images
    --no-release | -n   Non-Release Build
    --help       | -h   Print help

A Non-Release Build is for revisions outside master and rc--*: it is not stamped with its revision.
EOF
}

red() { printf '\033[31m%s\033(B\033[m\n' "$1"; }
green() { printf '\033[32m%s\033(B\033[m\n' "$1"; }
blue() { printf '\033[34m%s\033(B\033[m\n' "$1"; }

# Told apart by a variable that only container-run.sh sets: a second turn means it was lost.
if [ "${DFINITY_CONTAINER:-}" != true ]; then
    if [ "${BUILD_IC_NESTED:-}" = 1 ]; then
        red "$0 nested, aborting" >&2
        exit 1
    fi
    export BUILD_IC_NESTED=1
    echo "dropping into container"
    exec "$(git rev-parse --show-toplevel)/ci/container/container-run.sh" bash "$(realpath "$0")" "$@"
fi

build_images=false
release_build=true
for argument in "$@"; do
    case "$argument" in
        -h | --help) usage && exit 0 ;;
        -i | --icos) build_images=true ;;
        -n | --no-release | --non-release) release_build=false ;;
        *) red "Invalid option $argument" >&2 && usage >&2 && exit 1 ;;
    esac
done
if ! "$build_images"; then
    red "ERROR: Please specify '-i'" >&2
    usage >&2
    exit 1
fi

ROOT_DIR="$(git rev-parse --show-toplevel)"
cd "$ROOT_DIR"
if [ -n "$(git status --porcelain)" ]; then
    red "Git working directory is not clean! Clean it and retry."
    exit 1
fi
VERSION="$(git rev-parse HEAD)"

STAMP="$VERSION"
if "$release_build"; then
    red "Building release revision (master or rc--*)! Use '--no-release' for non-release revision!"
else
    red "Building non-release revision!"
    STAMP=0000000000000000000000000000000000000000
fi

blue "Purging artifact directories"
rm -rf artifacts/icos

WORK="$(mktemp -d "${TMPDIR:-/tmp}/build-ic.XXXXXX")"
trap 'rm -rf "$WORK"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

export ROOT_DIR STAMP WORK
bash ic-os/build.sh

mkdir -p artifacts
mv "$WORK/icos" artifacts/icos

for sums in GUESTOS=guestos/update HOSTOS=hostos/update SETUPOS=setupos; do
    green "##### ${sums%%=*} SHA256SUMS #####"
    cat "artifacts/icos/${sums#*=}/SHA256SUMS"
done
green "Build complete for revision $VERSION"
