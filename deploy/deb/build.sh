#!/usr/bin/env bash
# build.sh OUT [NODE]: makes repro-quorum_VERSION_all.deb in the folder OUT, and beside it, where NODE names
# an unpacked Node.js, repro-quorum-node_VERSION_ARCH.deb for machines whose own is older than 24.
# The same commit makes the same bytes. TREE may name what deploy/tree/make.sh has made already.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
out=${1:?usage: build.sh OUT [NODE]}
node_folder=${2:-}
export LC_ALL=C
umask 022
# dpkg-deb takes the times of what is newer from it. Gzip, as xz makes other bytes on other numbers of cores.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH
version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$root/package.json")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$out"

# finish FOLDER FILE: modes, sums and times, then the package.
finish() {
  local folder=$1
  (cd "$folder" && find . -path ./DEBIAN -prune -o -type f -print | sed 's,^\./,,' | sort | xargs -d '\n' md5sum) >"$folder/DEBIAN/md5sums"
  chmod 644 "$folder"/DEBIAN/*
  for script in postinst postrm; do
    if [[ -f $folder/DEBIAN/$script ]]; then chmod 755 "$folder/DEBIAN/$script"; fi
  done
  find "$folder" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
  dpkg-deb --root-owner-group --uniform-compression -Zgzip -z6 --build "$folder" "$2" >&2
  echo "$2"
}

# control FOLDER: the fields on stdin, with the size that it takes on a disk.
control() {
  mkdir -p "$1/DEBIAN"
  { cat && printf 'Installed-Size: %s\n' "$(du --apparent-size --summarize --block-size=1024 "$1" | cut -f1)"; } >"$1/DEBIAN/control"
}

copyright() {
  mkdir -p "$1/usr/share/doc/$2"
  cp "$root/LICENSE" "$1/usr/share/doc/$2/copyright"
}

# settings EXAMPLE VARIABLE...: an example as it is installed, without what is set by the unit, or by what
# `builder init` wrote.
settings() {
  local text variable
  text=$(<"$root/deploy/env/$1.env.example")
  for variable in "${@:2}"; do
    # shellcheck disable=SC2001
    text=$(sed "s/^#\?\($variable=.*\)/# set elsewhere: \1/" <<<"$text")
  done
  printf '%s\n' "$text"
}

service_package() {
  local folder=$scratch/repro-quorum
  if [[ -n ${TREE:-} ]]; then cp -a --reflink=auto "$TREE" "$folder"; else "$root/deploy/tree/make.sh" "$folder" >&2; fi
  mkdir -p "$folder"/{lib/systemd/system,usr/lib/sysusers.d,usr/lib/tmpfiles.d,etc/repro-quorum}
  cp "$root"/deploy/systemd/*.service "$folder/lib/systemd/system/"
  cp "$root/deploy/systemd/repro-quorum.sysusers.conf" "$folder/usr/lib/sysusers.d/repro-quorum.conf"
  cp "$root/deploy/systemd/repro-quorum.tmpfiles.conf" "$folder/usr/lib/tmpfiles.d/repro-quorum.conf"
  settings builder-agent KEY_FILE WITNESS_KEY_FILE NATS_KEY_FILE COORDINATOR_URL COORDINATOR_VKEY STATE_DIR \
    CACHE_DIR BUILD_DIR BUILD_HOME >"$folder/etc/repro-quorum/builder-agent.env"
  settings coordinator SIGNING_KEY_FILE NATS_AUTHORITY_DIR >"$folder/etc/repro-quorum/coordinator.env"
  # They may hold a database's password; systemd reads them as root.
  chmod 600 "$folder"/etc/repro-quorum/*.env
  copyright "$folder" repro-quorum
  mkdir "$folder/DEBIAN"
  cp "$root"/deploy/deb/post{inst,rm} "$folder/DEBIAN/"
  printf '/etc/repro-quorum/%s\n' builder-agent.env coordinator.env >"$folder/DEBIAN/conffiles"
  control "$folder" <<TEXT
Package: repro-quorum
Version: $version
Architecture: all
Maintainer: repro-quorum <https://repro-quorum.dev>
Section: admin
Priority: optional
Homepage: https://repro-quorum.dev
Depends: nodejs (>= 24) | repro-quorum-node (>= 24), git, ca-certificates, passwd, util-linux
Recommends: podman, uidmap, zstd, e2fsprogs, mtools, fdisk, openssl, systemd
Description: independent rebuilds of IC-OS releases, and one verdict
 Independent builders rebuild one IC-OS release, sign what they got, and one
 verdict comes out that nobody has to take on trust. This package has the
 command line, the builder agent and the coordinator, with their units.
 Neither service is started before it has a key.
TEXT
  finish "$folder" "$out/repro-quorum_${version}_all.deb"
}

node_package() {
  local folder=$scratch/node node_version arch
  node_version=$("$node_folder/bin/node" --version)
  arch=$(dpkg --print-architecture)
  mkdir -p "$folder/usr/lib/repro-quorum/node/bin"
  cp "$node_folder/bin/node" "$folder/usr/lib/repro-quorum/node/bin/node"
  chmod 755 "$folder/usr/lib/repro-quorum/node/bin/node"
  mkdir -p "$folder/usr/share/doc/repro-quorum-node"
  cp "$node_folder/LICENSE" "$folder/usr/share/doc/repro-quorum-node/copyright"
  control "$folder" <<TEXT
Package: repro-quorum-node
Version: ${node_version#v}
Architecture: $arch
Maintainer: repro-quorum <https://repro-quorum.dev>
Section: javascript
Priority: optional
Homepage: https://nodejs.org
Depends: libc6 (>= 2.28), libstdc++6, libgcc-s1
Description: Node.js for repro-quorum alone
 The Node.js that repro-quorum is tested with, as its project published it, in
 a folder of its own: nothing else on the machine sees it.
TEXT
  finish "$folder" "$out/repro-quorum-node_${node_version#v}_$arch.deb"
}

service_package
if [[ -n $node_folder ]]; then node_package; fi
