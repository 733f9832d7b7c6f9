#!/usr/bin/env bash
# Builds the four images below $WORK/icos, from $ROOT_DIR, stamped with $STAMP.
set -euo pipefail

for part in defects sysimage/filesystem sysimage/archive sysimage/disk sysimage/packages; do
    # shellcheck disable=SC1090
    source "$ROOT_DIR/toolchains/$part.sh"
done
for os in guestos hostos setupos; do
    # shellcheck disable=SC1090
    source "$ROOT_DIR/ic-os/$os/$os.sh"
done

read_defects "$ROOT_DIR/ic-os/defects.conf"
OUT="$WORK/icos"
mkdir -p "$OUT"/guestos/{update,update-img-recovery} "$OUT"/hostos/update "$OUT"/setupos

build_guestos prod "$OUT/guestos/update"
build_guestos recovery "$OUT/guestos/update-img-recovery"
build_hostos "$OUT/hostos/update"
build_setupos "$OUT/setupos"
