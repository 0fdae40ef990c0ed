#!/bin/bash
# catalog_lint.sh FILE.catalog - does journalctl take the message catalog? Nothing of the machine is touched.
set -euo pipefail
catalog=$1
if ! command -v journalctl >/dev/null; then
    echo "skipped: there is no journalctl here"
    exit 77
fi
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/usr/lib/systemd/catalog" "$root/var/lib/systemd/catalog"

cp "$catalog" "$root/usr/lib/systemd/catalog/"
journalctl --root="$root" --update-catalog
listed=$(journalctl --root="$root" --list-catalog | wc -l)
entries=$(grep -c '^-- ' "$catalog")
echo "$listed entries of $entries"
[ "$listed" -eq "$entries" ]

# The lint can fail: text without an id is refused.
echo "text before any id" >"$root/usr/lib/systemd/catalog/malformed.catalog"
if journalctl --root="$root" --update-catalog 2>/dev/null; then
    echo "journalctl took a malformed catalog: this test proves nothing"
    exit 1
fi
