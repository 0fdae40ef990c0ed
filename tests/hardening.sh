#!/bin/bash
# hardening.sh PROGRAM... - what the compiler and linker flags promise is in the programs of a release build.
set -euo pipefail

bad=0
want() { # PROGRAM WHAT REGEX READELF-OPTION...
    local program=$1 what=$2 regex=$3
    shift 3
    if ! readelf --wide "$@" "$program" 2>/dev/null | grep -E "$regex" >/dev/null; then
        echo "$program: no $what" >&2
        bad=1
    fi
}

[ $# -gt 0 ] || { echo "hardening.sh PROGRAM..." >&2; exit 64; }
for program; do
    want "$program" "position independent code (PIE)" 'Type: +DYN' --file-header
    want "$program" "RELRO" 'GNU_RELRO' --segments
    want "$program" "immediate binding (full RELRO)" 'BIND_NOW|FLAGS_1.*NOW' --dynamic
    want "$program" "stack that is not executable" 'GNU_STACK .* RW +0x' --segments
    want "$program" "stack protector" '__stack_chk_fail' --dyn-syms
    want "$program" "fortified libc calls" '__(snprintf|vsnprintf|memcpy|printf|fprintf)_chk' --dyn-syms
    if [ "$(uname -m)" = x86_64 ]; then
        # Debian 12's C start-up files carry no CET mark, so the linked program has none: our code is looked at.
        if [ "$(objdump --disassemble --no-show-raw-insn "$program" | grep -c endbr64)" -lt 100 ]; then
            echo "$program: no CET (functions do not begin with endbr64)" >&2
            bad=1
        fi
    fi
done
exit $bad
