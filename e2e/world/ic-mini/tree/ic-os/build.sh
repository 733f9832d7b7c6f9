#!/usr/bin/env bash
# Builds this revision's images below $WORK/icos, from $ROOT_DIR, stamped with $STAMP.
set -euo pipefail

for part in defects action-cache sysimage/filesystem sysimage/stamp sysimage/archive sysimage/disk sysimage/packages; do
    # shellcheck disable=SC1090
    source "$ROOT_DIR/toolchains/$part.sh"
done
for part in layout guestos/guestos hostos/hostos setupos/setupos; do
    # shellcheck disable=SC1090
    source "$ROOT_DIR/ic-os/$part.sh"
done

read_defects "$ROOT_DIR/ic-os/defects.conf"
OUT="$WORK/icos"

# Only some revisions ask: the others look for holes by zeros, which blocks do not change.
if [ -e "$ROOT_DIR/toolchains/sysimage/reproducibility.py" ]; then
    perl "$ROOT_DIR/toolchains/sysimage/reproducibility.py" "$WORK"
fi

for image in $IMAGES; do
    case "$image" in
        guestos) run_action //ic-os/guestos/envs/prod "$OUT/$GUESTOS_OUT" build_guestos prod ;;
        recovery) run_action //ic-os/guestos/envs/recovery "$OUT/$RECOVERY_OUT" build_guestos recovery ;;
        hostos) run_action //ic-os/hostos/envs/prod "$OUT/$HOSTOS_OUT" build_hostos ;;
        setupos)
            run_action //ic-os/setupos/envs/prod "$OUT/$SETUPOS_OUT" build_setupos \
                "$OUT/$GUESTOS_OUT/update-img.tar.zst" "$OUT/$HOSTOS_OUT/update-img.tar.zst"
            ;;
    esac
done
