#!/usr/bin/env bash
# backup.sh FOLDER: a dump of the coordinator's database, checked, and a copy of its log beside it.
#   DATABASE_URL  postgres://…, the primary
#   VKEY          file with the log's verifier key, kept elsewhere than the database: with it the copy of
#                 the log is verified, every signature of it
#   KEEP          how many dumps stay; 14 unless told
# The dump is a snapshot of one moment while coordinators go on. It ends with 1 where anything is not sound,
# and then removes nothing. The newest whole dump is the last line printed.
set -euo pipefail

folder=${1:?usage: backup.sh FOLDER}
: "${DATABASE_URL:?the database to dump}"
keep=${KEEP:-14}
umask 077
mkdir -p "$folder"
# The command line of this checkout, or of the package.
repro_quorum=${REPRO_QUORUM:-repro-quorum}

exec 9>"$folder/.lock"
flock --nonblock 9 || { echo 'backup.sh: another backup into this folder is under way' >&2; exit 1; }

# In UTC, so that names sort in the order in which they were made.
name=quorum-$(date -u +%Y%m%dT%H%M%SZ).dump
# With --format custom each table is compressed for itself, and the list of contents tells a cut-off file.
pg_dump --dbname "$DATABASE_URL" --format custom --no-owner --no-privileges --file "$folder/$name.part"
pg_restore --list "$folder/$name.part" >/dev/null
# Reads all of it: a page that cannot be decompressed is told now, not on the day it is needed.
pg_restore --file /dev/null "$folder/$name.part"
(cd "$folder" && sha256sum "$name.part" | sed 's/\.part$//' >"$name.sha256")
sync "$folder/$name.part" "$folder/$name.sha256"
mv "$folder/$name.part" "$folder/$name"
sync "$folder"

# What was logged after the dump brings a restored database up to date: decision 0025.
if [[ -n ${VKEY:-} ]]; then
  "$repro_quorum" log export --database "$DATABASE_URL" --out "$folder/log" >&2
  "$repro_quorum" fsck "$folder/log" --vkey "$(cat "$VKEY")" >&2
fi

mapfile -t old < <(find "$folder" -maxdepth 1 -name 'quorum-*.dump' -printf '%f\n' | sort -r | tail -n "+$((keep + 1))")
for file in "${old[@]}"; do rm -f "${folder:?}/$file" "${folder:?}/$file.sha256"; done
find "$folder" -maxdepth 1 -name 'quorum-*.part' -mmin +1440 -delete
echo "$folder/$name"
