#!/bin/bash
# Runs a command beside a journald of its own, in a mount namespace: nothing of the machine is
# touched. Who is not root is root in a user namespace.
# usage: with-journald.sh CATALOG COMMAND...
set -euo pipefail
export CATALOG=$1
shift
as_root=()
[ "$(id -u)" = 0 ] || as_root=(--map-root-user)
exec unshare "${as_root[@]}" --mount --propagation private --fork bash -euo pipefail -c '
  mount -t tmpfs tmpfs /run
  mkdir -p /run/systemd/journald.conf.d /run/log/journal /run/catalog/upper /run/catalog/work
  printf "[Journal]\nStorage=volatile\nRateLimitIntervalSec=0\nReadKMsg=no\nAudit=no\nRuntimeMaxUse=64M\n" \
    >/run/systemd/journald.conf.d/50-test.conf
  mount -t overlay overlay /usr/lib/systemd/catalog \
    -o lowerdir=/usr/lib/systemd/catalog,upperdir=/run/catalog/upper,workdir=/run/catalog/work
  cp "$CATALOG" /usr/lib/systemd/catalog/
  mount -t tmpfs tmpfs /var/lib/systemd/catalog
  journalctl --update-catalog
  /lib/systemd/systemd-journald >/run/journald.out 2>&1 &
  journald=$!
  trap "kill $journald; wait $journald || true" EXIT
  until [ -S /run/systemd/journal/socket ] && [ -S /run/systemd/journal/stdout ]; do
    kill -0 $journald || { cat /run/journald.out; exit 1; }
    sleep .01
  done
  "$@"' with-journald "$@"
