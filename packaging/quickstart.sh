#!/usr/bin/env bash
# The main job on the embedded simulator, on a fresh Debian 12: installs what the build needs, builds, starts a
# simulated EC2 with a VPC that has drifted, and lets the daemon find and repair it. No AWS account is needed,
# nothing leaves this machine. As root, or through sudo.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(build-essential cmake ninja-build pkg-config libuv1-dev libcurl4-openssl-dev libcjson-dev
          libsystemd-dev libmicrohttpd-dev libsmartcols-dev libexpat1-dev libssl-dev)
say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || say() { printf '\n== %s\n' "$*"; }

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  say "Installing with apt-get: ${missing[*]}"
  root=(); [ "$(id -u)" = 0 ] || root=(sudo)
  "${root[@]}" apt-get update -q
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"
fi

build=build/quickstart
say "Building in $build"
cmake -G Ninja -S . -B $build -DCMAKE_BUILD_TYPE=Release -DTESTS=OFF >/dev/null
cmake --build $build -- --quiet

work=$(mktemp -d)
simulator=
cleanup() {
  [ -z "$simulator" ] || { kill "$simulator" 2>/dev/null || true; wait "$simulator" 2>/dev/null || true; }
  rm -rf "$work"
}
trap cleanup EXIT

# Made-up keys, which the simulator expects. Whatever AWS settings this shell has are of no use here.
for variable in $(compgen -e AWS_); do unset "$variable"; done
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=ap-northeast-1
export STATE_DIRECTORY="$work/state"
mkdir "$work/state"
cp -r packaging/quickstart/config "$work/config"

say "Starting the simulated EC2"
mkfifo "$work/ready"
$build/vpc-simulator --listen 127.0.0.1:0 --world packaging/quickstart/world.json --speed 20 >"$work/ready" &
simulator=$!
read -r line <"$work/ready"
echo "$line"
export AWS_ENDPOINT_URL="${line#listening on }"

say "Before: what differs from packaging/quickstart/config (vpcctl plan)"
rc=0; $build/vpcctl plan --config "$work/config" || rc=$?
[ "$rc" = 2 ] || { echo "expected drift, exit status 2, and got $rc" >&2; exit 1; }

say "The daemon finds and repairs it (vpc-reconciled --once)"
rc=0; $build/vpc-reconciled --config "$work/config" --once || rc=$?
[ "$rc" = 0 ] || { echo "the repair ended with $rc" >&2; exit 1; }

say "After (vpcctl plan)"
$build/vpcctl plan --config "$work/config"

say "In sync. The programs are in $build: try them with --help; README.md says how to go on."
