#!/usr/bin/env bash
# Builds the images of the revision that is checked out, for release or for comparison.
set -euo pipefail

usage() {
    cat <<END
Utility script for building IC.

Usage: $0 --icos | -i [--no-release | -n]

    --icos       | -i   Build IC-OS Images
    --no-release | -n   Non-Release Build
    --help       | -h   Print help
END
}

red() { printf '\033[0;31m%s\033[0m\n' "$1"; }
green() { printf '\033[0;32m%s\033[0m\n' "$1"; }
blue() { printf '\033[0;34m%s\033[0m\n' "$1"; }

build_images=false
release=true
for argument in "$@"; do
    case "$argument" in
        -h | --help) usage && exit 0 ;;
        -i | --icos) build_images=true ;;
        -n | --no-release | --non-release) release=false ;;
        *) red "Invalid option $argument" >&2 && usage >&2 && exit 1 ;;
    esac
done
if ! "$build_images"; then
    red "ERROR: Please specify '-i'" >&2
    usage >&2
    exit 1
fi

ROOT_DIR="$(git rev-parse --show-toplevel)"
CONTAINER_DIR="$(dirname "$(realpath "$0")")"
VERSION="$(git rev-parse HEAD)"
STAMP=0000000000000000000000000000000000000000
if "$release"; then STAMP="$VERSION"; fi

DISK_DIR=artifacts/icos
DISK_DIR_FULL="$ROOT_DIR/$DISK_DIR"

green "Validating build environment"
if [ -n "$(git status --porcelain)" ]; then
    red "Git working directory is not clean! Clean it and retry."
    exit 1
fi

blue "Purging artifact directories"
rm -rf "$DISK_DIR_FULL"

WORK="$(mktemp -d "${TMPDIR:-/tmp}/build-ic.XXXXXX")"
trap 'rm -rf "$WORK"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Only the build itself goes into the container: what is before and after it runs as the caller does.
blue "Building by using a new container"
"$CONTAINER_DIR/container-run.sh" env ROOT_DIR="$ROOT_DIR" STAMP="$STAMP" WORK="$WORK" bash ic-os/build.sh
mkdir -p artifacts
mv "$WORK/icos" "$DISK_DIR_FULL"

write_sums() { # name, directory
    green "##### $1 SHA256SUMS #####"
    pushd "$2" >/dev/null
    sha256sum -b -- *.tar.* | tee SHA256SUMS
    popd >/dev/null
}
write_sums GUESTOS "$DISK_DIR_FULL/guestos"
write_sums HOSTOS "$DISK_DIR_FULL/hostos"
write_sums SETUPOS "$DISK_DIR_FULL/setupos"

green "Build complete for revision $VERSION"
