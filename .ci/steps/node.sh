# Node.js 24 or newer: from PATH, else the pinned one in the checkout.

node_oldest=24

# Puts a usable Node first on PATH. Returns 1 when there is none yet.
find_node() {
  local version
  version=$(node --version 2>/dev/null) || version=v0
  node_major=${version#v}
  node_major=${node_major%%.*}
  if ((node_major >= node_oldest)); then return 0; fi
  [[ -x $tools/node-$node_version/bin/node ]] || return 1
  PATH=$tools/node-$node_version/bin:$PATH
  node_major=${node_version%%.*}
  hash -r
}

bring_node() {
  local arch
  arch=$(machine_arch) || give_up "Node.js $node_oldest is needed; there is none to fetch for $(uname -sm): install it, and start again"
  say "fetching Node.js $node_version"
  node_from_npm "$arch" || node_from_archive "$arch" || node_after_npm "$arch" || {
    give_up "Node.js $node_oldest is needed and could not be fetched: install it (https://nodejs.org/en/download), and start again"
  }
  find_node || give_up "Node.js $node_version does not run on this machine: install another (https://nodejs.org/en/download), and start again"
}

# The system's certificates count too: behind a proxy of one's own, the built-in ones do not do.
npm_environment=NODE_USE_SYSTEM_CA=1

has_npm() { npm --version >/dev/null 2>&1; }

# fetch_package NAME@VERSION INTEGRITY DIRECTORY: unpacks an npm package there, whole or not at all.
fetch_package() {
  local scratch log
  scratch=$(scratch_directory)
  log=$scratch/log
  if attend "$log" env -C "$scratch" "$npm_environment" npm pack "$1" --loglevel=error &&
    has_integrity "$scratch"/*.tgz "$2"; then
    tar -xzf "$scratch"/*.tgz -C "$scratch" && mv -T "$scratch/package" "$3"
  else
    say "$1 did not arrive as expected through npm:"
    show_log "$log" 3
  fi
  rm -rf "$scratch"
  [[ -d $3 ]]
}

node_from_npm() {
  has_npm || return 1
  fetch_package "node-linux-$1@$node_version" "${node_package_integrity[$1]}" "$tools/node-$node_version"
}

node_from_archive() {
  fetch_archive "$node_mirror/v$node_version/node-v$node_version-linux-$1.tar.gz" \
    "${node_archive_sha256[$1]}" "$tools/node-$node_version"
}

# The way left when only the package manager answers: its npm is old, and good enough to fetch.
node_after_npm() {
  install_packages npm && node_from_npm "$1"
}

# fetch_archive URL SHA256 DIRECTORY: unpacks the one folder of a .tar.gz there, whole or not at all.
fetch_archive() {
  local scratch
  command -v curl >/dev/null || return 1
  scratch=$(scratch_directory)
  if ! attend "$scratch/log" curl --fail --location --silent --show-error --connect-timeout 15 \
    --retry 2 --output "$scratch/archive" "$1"; then
    say "$1 did not arrive:"
    show_log "$scratch/log" 3
  elif ! has_sha256 "$scratch/archive" "$2"; then
    say "$1 is not what it was when its digest was pinned; it is not used"
  else
    mkdir "$scratch/folder" &&
      tar -xzf "$scratch/archive" -C "$scratch/folder" --strip-components=1 --no-same-owner &&
      mv -T "$scratch/folder" "$3"
  fi
  rm -rf "$scratch"
  [[ -d $3 ]]
}
