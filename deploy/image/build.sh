#!/usr/bin/env bash
# build.sh [TAG]: the image by buildah, podman or docker; the same commit and base make the same digest.
#   BASE=registry.example/node@sha256:… deploy/image/build.sh registry.example/repro-quorum:0.1.0
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
tag=${1:-localhost/repro-quorum:latest}
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)}
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT

"$root/deploy/tree/make.sh" "$context/tree" >&2
arguments=(--file "$root/deploy/Containerfile" --tag "$tag" ${BASE:+--build-arg "BASE=$BASE"})
if command -v buildah >/dev/null; then
  # --format docker keeps what Docker alone reads; --timestamp gives files and image the commit's time.
  buildah build --timestamp "$SOURCE_DATE_EPOCH" --layers=false --identity-label=false "${arguments[@]}" "$context/tree" >&2
  buildah inspect --type image --format '{{.FromImageDigest}}' "$tag"
elif command -v podman >/dev/null; then
  podman build --timestamp "$SOURCE_DATE_EPOCH" --layers=false "${arguments[@]}" "$context/tree" >&2
  podman image inspect --format '{{.Digest}}' "$tag"
elif command -v docker >/dev/null; then
  # rewrite-timestamp is BuildKit's word for the same.
  docker buildx build --output "type=docker,rewrite-timestamp=true" "${arguments[@]}" "$context/tree" >&2
  docker image inspect --format '{{.Id}}' "$tag"
else
  echo 'build.sh: buildah, podman or docker is needed: "apt-get install buildah" brings one' >&2
  exit 2
fi
