#!/usr/bin/python3
"""Every code of the drift table is named, as a whole string, by a test that lets a world drift: the tests that only
walk the table don't count. Usage: drift_codes.py VPCCTL SOURCE-DIRECTORY, or drift_codes.py self-test"""
import json
import re
import subprocess
import sys
from pathlib import Path

FOLDERS = ("simulation", "integration")  # where worlds drift


def without_comments(text, suffix):
    """Strings are stepped over. A code in a comment is no test."""
    if suffix == ".c":
        pattern = r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/'
    else:
        pattern = r'""".*?"""|("(?:[^"\\\n]|\\.)*")|#[^\n]*'
    return re.sub(pattern, lambda match: match[1] or " ", text, flags=re.S)


def strings(path):
    return set(re.findall(r'"([a-z0-9-]+)"', without_comments(path.read_text(), path.suffix)))


def unnamed(codes, folders):
    named = set()
    for folder in folders:
        for path in Path(folder).rglob("test_*"):
            if path.suffix in (".c", ".py"):
                named |= strings(path)
    return [code for code in codes if code not in named]


def self_test():
    import tempfile
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "test_a.c").write_text('/* "in-a-comment" */ f("in-c"); g("x/* no comment"); // "too"\n')
        (Path(folder) / "test_b.py").write_text('"""says "in-a-docstring" """\nf("in-py")  # "behind"\n')
        (Path(folder) / "other.c").write_text('f("elsewhere");')
        codes = ["in-c", "in-py", "in-a-comment", "too", "in-a-docstring", "behind", "elsewhere"]
        found = unnamed(codes, [folder])
    if found != codes[2:]:
        sys.exit(f"expected {codes[2:]}, found {found}")


def main():
    if sys.argv[1:] == ["self-test"]:
        return self_test()
    vpcctl, source = sys.argv[1:]
    said = subprocess.run([vpcctl, "explain", "--json"], check=True, capture_output=True, text=True, timeout=60).stdout
    codes = [drift["drift"] for drift in json.loads(said)["drifts"]]
    if not codes:
        sys.exit("the drift table is empty")
    missing = unnamed(codes, [Path(source) / "tests" / folder for folder in FOLDERS])
    if missing:
        sys.exit("no test lets these appear: " + ", ".join(missing))
    print(f"{len(codes)} codes, each is named by a test")
    return None


main()
