#!/bin/bash
# run.sh - every check of the project, from a fresh Debian 12 on: installs what is missing, builds with gcc and
# clang under sanitizers and as a release, tests, lints and fuzzes. Ends with ctest's summary of the full suite.
#
#   tests/run.sh           all of it
#   tests/run.sh --quick   the full suite on the gcc sanitizer build alone
#
# Root, or sudo, is needed only where a package is missing. Builds lie in build/.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

FUZZ_SECONDS_ALL=90 # shared by all fuzzers
PACKAGES=(
    build-essential cmake ninja-build pkg-config clang clang-tidy clang-format cppcheck libclang-rt-14-dev
    libuv1-dev libcurl4-openssl-dev libcjson-dev libsystemd-dev libmicrohttpd-dev libsmartcols-dev
    libexpat1-dev libssl-dev libcmocka-dev uthash-dev
    awscli python3 python3-boto3 python3-jsonschema openssl stunnel4 systemd ca-certificates
)
# Where another source than Debian brought the program, its package is not wanted: package=program.
PROGRAMS=(nodejs=node npm=npm)

quick=false
case "${1:-}" in
"") ;;
--quick) quick=true ;;
*)
    sed -n '2,8s/^# \{0,1\}//p' "$0"
    exit 64
    ;;
esac

step=start
step_began=$SECONDS
skipped=()

say() {
    printf '\n== %s\n' "$*"
}

begin() {
    step=$1
    step_began=$SECONDS
    say "$step"
}

ended() {
    printf '== %s: ok, %d s\n' "$step" $((SECONDS - step_began))
}

skip() {
    skipped+=("$*")
    printf '== skipped: %s\n' "$*"
}

failed() {
    printf '\n== FAILED in: %s\n' "$step" >&2
}
trap failed ERR

# quietly LOG COMMAND...: its output is shown only when it fails.
quietly() {
    local log=$1 status=0

    shift
    "$@" >"$log" 2>&1 || status=$?
    if [ $status -ne 0 ]; then
        cat "$log"
    fi
    return $status
}

install_needs() {
    local missing=() package row as_root=()

    for package in "${PACKAGES[@]}"; do
        if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
            missing+=("$package")
        fi
    done
    for row in "${PROGRAMS[@]}"; do
        if ! command -v "${row#*=}" >/dev/null; then
            missing+=("${row%=*}")
        fi
    done
    if [ ${#missing[@]} -eq 0 ]; then
        echo "all packages are there"
        return
    fi
    echo "installing: ${missing[*]}"
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "this wants root or sudo, to install the packages above" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    quietly build/apt.log "${as_root[@]}" apt-get -q update
    quietly build/apt.log "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y --no-install-recommends install "${missing[@]}"
}

# build DIRECTORY CMAKE-ARGUMENT... [-- TARGET...]
build() {
    local directory=$1 arguments=()

    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        arguments+=("$1")
        shift
    done
    shift $(($# > 0))
    quietly "$directory.log" cmake -G Ninja -S . -B "$directory" "${arguments[@]}"
    ninja -C "$directory" --quiet "$@"
}

# LeakSanitizer stops the process with ptrace, which some containers forbid: then it can only fail.
check_leaks() {
    local probe=build/leak

    printf '#include <stdlib.h>\nint main(void) { return malloc(7) == NULL; }\n' >"$probe.c"
    cc -fsanitize=address -O0 -o "$probe" "$probe.c"
    if "$probe" 2>"$probe.log"; then
        echo "a program that leaks ended well: leak detection does not work" >&2
        return 1
    fi
    if grep -q 'detected memory leaks' "$probe.log"; then
        echo "LeakSanitizer works"
    else
        export ASAN_OPTIONS=detect_leaks=0
        skip "leak detection: $(grep -m1 LeakSanitizer "$probe.log" || echo 'LeakSanitizer did not run')"
    fi
}

# The product's sources, each once (programs share some), the long ones first so that no core idles at the end.
list_sources() {
    python3 - build/clang/compile_commands.json build/lint <<'PYTHON'
import json, os, sys
database, folder = sys.argv[1:]
root = os.getcwd()
rows = {}
for row in json.load(open(database)):
    if os.path.relpath(row["file"], root).startswith(("common/", "daemon/")):
        rows.setdefault(row["file"], row)
os.makedirs(folder, exist_ok=True)
json.dump(list(rows.values()), open(f"{folder}/compile_commands.json", "w"))
for file in sorted(rows, key=os.path.getsize, reverse=True):
    print(file)
PYTHON
}

lint() {
    list_sources >build/sources
    [ -s build/sources ]
    xargs -a build/sources -n 4 -P "$(nproc)" clang-tidy -p build/lint --quiet >build/tidy.log 2>build/tidy.err || {
        cat build/tidy.log
        # What is no finding (a bad option, a crash) is on stderr.
        grep -v 'warnings\? generated\|^Suppressed\|^Use -header-filter' build/tidy.err | head -20
        return 1
    }
    echo "clang-tidy: $(wc -l <build/sources) files, no finding"
    # cppcheck 2.10 cannot read __typeof__ where VEC_EACH has it, and knows nothing of CLEANUP.
    cppcheck --project=build/lint/compile_commands.json '-D__typeof__(x)=void *' \
        --enable=warning,portability,performance --suppress=arithOperationsOnVoidPointer \
        --suppress=resourceLeak --suppress=memleak --inline-suppr --library=posix \
        --quiet --error-exitcode=1 -j "$(nproc)"
    echo "cppcheck: no finding"
}

# fuzz_one NAME SECONDS
fuzz_one() {
    local name=$1 seconds=$2 corpus=tests/fuzz/corpus/${1#fuzz_} log=build/fuzz/$1.log

    if [ ! -d "$corpus" ]; then
        corpus=
    fi
    mkdir -p "build/fuzz/new/$name"
    if ! build/fuzz/tests/"$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -artifact_prefix="build/fuzz/$name-" "build/fuzz/new/$name" ${corpus:+"$corpus"} >"$log" 2>&1; then
        tail -40 "$log"
        echo "$name: FAILED; the input lies in build/fuzz/$name-*"
        return 1
    fi
    echo "$name: $(grep -oE '^Done [0-9]+ runs in [0-9]+ second' "$log")(s), no finding"
}
export -f fuzz_one

fuzz() {
    local names seconds

    names=$(find tests/fuzz -name 'fuzz_*.c' -printf '%f\n' 2>/dev/null | sed 's/\.c$//' | sort)
    if [ -z "$names" ]; then
        skip "fuzzing: there is no fuzzer"
        return
    fi
    # shellcheck disable=SC2086 # one target for each name
    build build/fuzz -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Debug -DSANITIZE=ON -DFUZZ=ON -- $names
    seconds=$((FUZZ_SECONDS_ALL * $(nproc) / $(wc -w <<<"$names")))
    seconds=$((seconds > 20 ? 20 : seconds < 2 ? 2 : seconds))
    # shellcheck disable=SC2016 # the inner shell expands them
    xargs -n 1 -P "$(nproc)" bash -c 'fuzz_one "$1" "$0"' "$seconds" <<<"$names"
}

# judge_scenarios NAME: its output is shown only when it fails.
judge_scenarios() {
    local log=build/faults/$1.log

    build/faults/tests/"$1" >"$log" 2>&1 || {
        cat "$log"
        return 1
    }
}
export -f judge_scenarios

# In a build of its own, in which each scenario must fail with a rule that it covers switched off.
judge_scenarios_twice() {
    local names

    names=$(python3 tests/scenario_rows.py .) # the programs, long ones first
    # shellcheck disable=SC2086 # one target for each name
    build build/faults -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Debug -DSANITIZE=ON -DVPC_TEST_FAULTS=ON -- $names
    # shellcheck disable=SC2016 # the inner shell expands it
    xargs -n 1 -P "$(nproc)" bash -c 'judge_scenarios "$0"' <<<"$names"
    echo "all scenarios hold as shipped, and fail without their rules: $(wc -w <<<"$names") programs"
}

run_tests() {
    local directory=$1

    shift
    ctest --test-dir "$directory" --output-on-failure --parallel "$(nproc)" --timeout 300 "$@"
}

export UBSAN_OPTIONS=print_stacktrace=1
export ASAN_OPTIONS=detect_leaks=1

mkdir -p build
begin "packages"
install_needs
ended

begin "build with gcc, AddressSanitizer, UndefinedBehaviorSanitizer"
build build/gcc -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Debug -DSANITIZE=ON
check_leaks
ended

if ! $quick; then
    begin "layout"
    tests/style.sh || {
        status=$?
        [ $status -eq 77 ]
        skip "layout"
    }
    ended

    # The simulated worlds, which take longest, run under gcc's sanitizers and in the release.
    begin "build with clang, AddressSanitizer, UndefinedBehaviorSanitizer; unit tests but the simulated worlds"
    build build/clang -DCMAKE_C_COMPILER=clang -DCMAKE_BUILD_TYPE=Debug -DSANITIZE=ON
    run_tests build/clang -L unit -LE world
    ended

    begin "scenarios with each rule switched off"
    judge_scenarios_twice
    ended

    begin "release build with gcc; unit tests"
    build build/release -DCMAKE_C_COMPILER=gcc -DCMAKE_BUILD_TYPE=Release
    run_tests build/release -L unit
    ended

    begin "clang-tidy, cppcheck"
    lint
    ended

    begin "fuzzers"
    fuzz
    ended
fi

if [ -z "${VPC_REFERENCE_DATA:-}" ]; then
    skip "comparison with reference data: VPC_REFERENCE_DATA names no folder; the SDKs' own models serve instead"
fi
if $quick; then
    skip "clang, rules switched off, release, layout, clang-tidy, cppcheck, fuzzers: --quick"
fi
begin "the full suite, gcc with sanitizers"
if [ ${#skipped[@]} -gt 0 ]; then
    printf 'skipped so far: %s\n' "${skipped[@]}"
fi
printf '%d s so far\n' $SECONDS
run_tests build/gcc
