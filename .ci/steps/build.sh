# dist/, compiled where a source is newer than it, and never with the output of a deleted source.

needs_build() {
  [[ -f $root/dist/.built ]] || return 0
  # A folder is newer when a file in it was added, removed or renamed.
  local newer
  newer=$(cd "$root" && find libs services e2e deploy/bundle package.json tsconfig.base.json tsconfig.build.json \
    \( -type d -o -name '*.ts' -o -name '*.tsx' -o -name '*.css' -o -name '*.json' \) -newer dist/.built -print -quit 2>/dev/null)
  [[ -n $newer ]]
}

# Returns 1 when the sources do not compile.
build() {
  local log=$tools/build.log
  say 'building'
  mkdir -p "$root/dist"
  # Taken before, so that what is edited meanwhile counts as newer.
  touch "$root/dist/.building"
  remove_stale_output
  if ! attend "$log" node "$root/node_modules/typescript/bin/tsc" -p "$root/tsconfig.build.json"; then
    show_log "$log" 40
    return 1
  fi
  build_pages "$log" || return 1
  mv -T "$root/dist/.building" "$root/dist/.built"
}

# The dashboard, for the browser and for the coordinator that writes its first HTML.
build_pages() {
  local log=$1 target
  for target in --logLevel=warn --ssr; do
    if ! attend "$log" node "$root/node_modules/vite/bin/vite.js" build "$root/services/dashboard" "$target"; then
      show_log "$log" 40
      return 1
    fi
  done
}

# The compiler leaves the output of a deleted source, and does not notice output that was deleted.
remove_stale_output() {
  local expected actual stale
  expected=$(list_files "$root" ts | sed 's/\.ts$/.js/' | LC_ALL=C sort)
  actual=$(list_files "$root/dist" js | LC_ALL=C sort)
  LC_ALL=C comm -13 <(echo "$expected") <(echo "$actual") |
    while read -r stale; do
      # Nothing at all still makes one empty line.
      if [[ -n $stale ]]; then rm -f "$root/dist/$stale" "$root/dist/$stale.map"; fi
    done
  if [[ -n $(LC_ALL=C comm -23 <(echo "$expected") <(echo "$actual")) ]]; then
    rm -f "$root/dist/.tsbuildinfo"
  fi
}

# The dashboard is built by other means. A folder that is not there yet holds no files.
list_files() {
  cd "$1" && find libs services e2e deploy/bundle -name "*.$2" ! -name '*.spec.ts' ! -name '*.d.ts' \
    ! -path 'services/dashboard/*' 2>/dev/null
  return 0
}
