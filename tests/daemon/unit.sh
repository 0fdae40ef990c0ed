#!/bin/sh
# The unit keeps its sandbox: systemd's own score, and its syntax as systemd reads it.
# usage: unit.sh UNIT PROGRAM; 77: systemd-analyze is not here, nothing was checked
set -eu
if ! command -v systemd-analyze >/dev/null; then
    echo "not checked: no systemd-analyze on this machine"
    exit 77
fi
said=$(systemd-analyze security --offline=true --threshold=15 --no-pager "$1") || {
    echo "$said"
    exit 1
}
echo "$said" | tail -n 1

# `verify` wants the program to be there: the one that was just built stands in for the installed one.
directory=$(mktemp -d)
trap 'rm -r "$directory"' EXIT
sed "s|^ExecStart=/usr/bin/vpc-reconciled|ExecStart=$2|" "$1" >"$directory/vpc-reconciled.service"
said=$(systemd-analyze verify --man=no "$directory/vpc-reconciled.service" 2>&1) || {
    echo "$said"
    exit 1
}
# An unknown key is only a warning to systemd; here it is a mistake.
case $said in
*vpc-reconciled.service:*)
    echo "$said"
    exit 1
    ;;
esac
