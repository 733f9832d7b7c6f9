# The npm packages of package-lock.json, installed by an npm that suits the Node in use.

npm_oldest=11

# The project's packages change with their lock file and with the major version of Node.
install_key() {
  { cat "$root"/package{,-lock}.json "$root/.npmrc" && echo "$node_major"; } | sha256sum
}

needs_packages() {
  local stamp=$root/node_modules/.installed
  [[ ! -f $stamp || $(<"$stamp") != "$(install_key)" ]]
}

install_npm_packages() {
  local npm_cli log=$tools/npm-ci.log
  npm_cli=$(find_npm_cli) || npm_cli=$(bring_npm) || {
    give_up "npm $npm_oldest or newer is needed and could not be fetched: install it, and start again"
  }
  say 'installing the npm packages (half a minute)'
  # Development packages are always wanted: with them the project is built.
  if ! attend "$log" env "$npm_environment" node "$npm_cli" ci --prefix "$root" --include=dev --no-audit --no-fund --loglevel=error; then
    show_log "$log"
    give_up "npm could not install the packages (all its words are in $log): check the network, and start again"
  fi
  install_key >"$root/node_modules/.installed"
  rm -f "$root/dist/.built"
}

# Prints the path of an npm-cli.js that is new enough: the one of the Node in use, or of PATH, or ours.
find_npm_cli() {
  local node_prefix candidate
  node_prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
  for candidate in "$node_prefix/lib/node_modules/npm/bin/npm-cli.js" \
    "$(readlink -f "$(command -v npm)" 2>/dev/null)" \
    "$tools/npm-$npm_version/bin/npm-cli.js"; do
    if [[ $candidate == */npm-cli.js && $(npm_major "$candidate") -ge $npm_oldest ]]; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  return 1
}

npm_major() {
  local manifest
  manifest=$(dirname "$(dirname "$1")")/package.json
  sed -n 's/^  "version": "\([0-9]*\)\..*/\1/p' "$manifest" 2>/dev/null || true
}

bring_npm() {
  say "fetching npm $npm_version"
  { has_npm || install_packages npm; } &&
    fetch_package "npm@$npm_version" "$npm_package_integrity" "$tools/npm-$npm_version" &&
    find_npm_cli
}
