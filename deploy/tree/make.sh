#!/usr/bin/env bash
# make.sh OUT: puts what runs on a machine below OUT/usr, from a checkout that was built (./run setup):
# the compiled services, the packages that they need, and the command. Image and package are made of it.
# The same commit makes the same bytes, modes and times; the last line printed is their digest.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
out=${1:?usage: make.sh OUT}
export LC_ALL=C
umask 022
# The commit's own time, for what keeps one.
epoch=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || echo 0)}
library=usr/lib/repro-quorum

if [[ ! -f $root/dist/services/cli/src/main.js ]]; then
  echo 'make.sh: there is no dist/: run ./run setup first' >&2
  exit 2
fi
if [[ -e $out ]]; then
  echo "make.sh: $out exists already: name a new folder" >&2
  exit 2
fi

# Packages that are only for development are none of these; PostgreSQL's binaries are for ./run up alone.
packages() {
  node --eval "
    const { packages } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
    for (const [path, { dev, devOptional }] of Object.entries(packages)) {
      if (path === '' || dev || devOptional || /embedded-postgres/.test(path)) continue;
      if (fs.existsSync(path)) console.log(path);
    }"
}

# What only an editor or a debugger reads stays behind.
files() {
  find dist/libs dist/services -type f -name '*.js' ! -name '*.spec.js' ! -name '*.fixture.js' \
    ! -path 'dist/libs/testing/*'
  find dist/services/dashboard -type f
  packages | while read -r package; do
    find "$package" -name node_modules -prune -o -type f ! -name '*.map' ! -name '*.d.ts' \
      ! -name '*.d.mts' ! -name '*.d.cts' -print
  done
  printf '%s\n' package.json LICENSE
}

cd "$root"
mkdir -p "$out/$library" "$out/usr/bin"
files | sort -u | tar --create --files-from=- | tar --extract --no-same-owner --directory="$out/$library"
cp deploy/tree/repro-quorum "$out/usr/bin/repro-quorum"
find "$out" -type d -exec chmod 755 {} +
find "$out" -type f -exec chmod 644 {} +
chmod 755 "$out/usr/bin/repro-quorum"
find "$out" -exec touch --no-dereference --date="@$epoch" {} +
(cd "$out" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
