#!/usr/bin/env bash
# restore.sh DUMP: brings a dump into an empty database and verifies all of it. Every coordinator has to be
# stopped, and stays so until this says that it is sound.
#   DATABASE_URL  postgres://…, an empty database
#   VKEY          file with the log's verifier key, from elsewhere than the database
#   LOG_COPY      folder that `log export` keeps: brings back what was logged after the dump
# Coordinators then only read it until witnesses have answered, or somebody answers for it that nobody holds
# more: `repro-quorum coordinator restore --newest`, docs/restore.md.
# It ends with 1 where the dump is not the one that was made, or could not be restored, and with 4 where what
# was restored is not sound.
set -euo pipefail

dump=${1:?usage: restore.sh DUMP}
: "${DATABASE_URL:?the database to restore into}" "${VKEY:?a file with the verifier key of the log}"
repro_quorum=${REPRO_QUORUM:-repro-quorum}
vkey=$(cat "$VKEY")

# The sum alone counts, not the name beside it: that of another file would do for any file.
expected=$(cut -d' ' -f1 "$dump.sha256")
actual=$(sha256sum <"$dump" | cut -d' ' -f1)
if [[ -z $expected || $actual != "$expected" ]]; then
  echo "restore.sh: $dump is not what was dumped, by its .sha256: take another one" >&2
  exit 1
fi
tables=$(psql "$DATABASE_URL" --no-psqlrc --tuples-only --no-align --command \
  "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = 'public'")
if [[ $tables != 0 ]]; then
  echo "restore.sh: the database holds $tables tables: make an empty one, nothing is overwritten here" >&2
  exit 1
fi

# All or nothing: a restore that was cut off leaves an empty database.
pg_restore --dbname "$DATABASE_URL" --single-transaction --exit-on-error --no-owner --no-privileges "$dump"

if [[ -n ${LOG_COPY:-} ]]; then
  "$repro_quorum" coordinator restore --from "$LOG_COPY" --database "$DATABASE_URL" --vkey "$vkey"
fi
"$repro_quorum" fsck --database "$DATABASE_URL" --vkey "$vkey"
