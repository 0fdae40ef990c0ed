#!/bin/bash
# style.sh - is every C file laid out as clang-format 14 with .clang-format does it?
# With --fix it lays them out.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if ! clang-format --version | grep -q 'version 14\.'; then
    echo "skipped: layout is that of clang-format 14, and this is $(clang-format --version)"
    exit 77
fi
files() {
    find include common daemon tests packaging -name '*.[ch]' -print0 2>/dev/null
}
if [ "${1:-}" = --fix ]; then
    files | xargs -0 -r -n 16 -P "$(nproc)" clang-format -i
    exit
fi
if ! said=$(files | xargs -0 -r -n 16 -P "$(nproc)" clang-format --dry-run -Werror 2>&1); then
    echo "laid out otherwise (tests/style.sh --fix mends it):"
    grep -oE '^[^: ]+\.[ch]:[0-9]+' <<<"$said" | sort -t: -k1,1 -k2,2n | sort -u -t: -k1,1
    exit 1
fi
echo "every C file is laid out as .clang-format says"
