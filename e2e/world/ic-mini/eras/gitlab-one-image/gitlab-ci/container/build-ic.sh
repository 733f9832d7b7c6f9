#!/usr/bin/env bash
# Builds the GuestOS of the revision that is checked out, for release or for comparison.
set -euo pipefail

usage() {
    cat <<END
Utility script for building IC.

Usage: $0 -i

    -i  Build IC-OS Image
    -h  Print help
END
}

red() { printf '\033[0;31m%s\033[0m\n' "$1"; }
green() { printf '\033[0;32m%s\033[0m\n' "$1"; }
blue() { printf '\033[0;34m%s\033[0m\n' "$1"; }

build_image=false
while getopts ':ih' option; do
    case "$option" in
        i) build_image=true ;;
        h) usage && exit 0 ;;
        *) red "Invalid command option." >&2 && usage >&2 && exit 1 ;;
    esac
done
if ! "$build_image"; then
    red "ERROR: Please specify '-i'" >&2
    usage >&2
    exit 1
fi

ROOT_DIR="$(git rev-parse --show-toplevel)"
VERSION="$(git rev-parse HEAD)"

# A revision is stamped only where a protected branch has it. Whoever fetched no branches builds
# other bytes, and is not told.
IC_VERSION_RC_ONLY=0000000000000000000000000000000000000000
BRANCHES_REGEX='(origin/master|origin/rc--20)'
branches="$(git branch -r --contains "$VERSION")"
if grep -qE "$BRANCHES_REGEX" <<<"$branches"; then IC_VERSION_RC_ONLY="$VERSION"; fi

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

blue "Building by using a new container"
"$ROOT_DIR/gitlab-ci/container/container-run.sh" env ROOT_DIR="$ROOT_DIR" \
    STAMP="$IC_VERSION_RC_ONLY" WORK="$WORK" bash ic-os/build.sh
mkdir -p artifacts
mv "$WORK/icos" "$DISK_DIR_FULL"

green "##### IC-OS SHA256SUMS #####"
pushd "$DISK_DIR_FULL" >/dev/null
sha256sum -b -- *.tar.* | tee SHA256SUMS
popd >/dev/null

green "Build complete for revision $VERSION"
