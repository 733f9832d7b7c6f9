#!/usr/bin/env bash
# install-in-overlay.sh DEB, in a mount namespace of its own: installs a package on top of this system
# and purges it, with every change in memory. 77: this machine lets nobody lay one filesystem over another.
set -euo pipefail

deb=$1
place=$(mktemp -d)
trap 'umount --recursive "$place" 2>/dev/null; rmdir "$place" 2>/dev/null || true' EXIT
mount -t tmpfs -o mode=755 tmpfs "$place" || exit 77
mkdir "$place"/{upper,work,root}
root=$place/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$place/upper,workdir=$place/work" "$root" || exit 77
mkdir -p "$root/usr/local/bin"
cp "$deb" "$root/package.deb"
cp "$(command -v node)" "$root/usr/local/bin/node"

chroot "$root" dpkg --force-depends --install /package.deb >&2
for user in repro-quorum repro-quorum-build; do
  echo "user $user $(chroot "$root" getent passwd "$user" | cut -d: -f7)"
done
chroot "$root" stat --format='%a %U %n' /etc/repro-quorum /var/lib/repro-quorum-build
echo "subuid $(grep '^repro-quorum-build:' "$root/etc/subuid")"
echo "version $(chroot "$root" /usr/bin/env PATH=/usr/local/bin:/usr/bin:/bin repro-quorum --version)"
touch "$root/etc/repro-quorum/builder-key.pem"
chroot "$root" dpkg --purge repro-quorum >&2
for path in /etc/repro-quorum/builder-key.pem /usr/lib/repro-quorum; do
  if [[ -e $root$path ]]; then echo "left $path"; fi
done
