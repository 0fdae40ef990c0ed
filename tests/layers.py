#!/usr/bin/python3
"""Holds every #include of common/, daemon/ and include/ against the table LAYERS of CMakeLists.txt.

layers.py DIR        checks the tree at DIR; exits 1 naming file, line and rule for each breach
layers.py self-test  makes bad trees and sees that each rule refuses its own
"""
import re
import sys
import tempfile
from pathlib import Path

# A contract header belongs to the folder of its name, except these.
CONTRACT_OF = {
    "effect.h": "base",  # the seam of bytes: stands on base alone, and every stage speaks it
    "fault.h": "base",  # the rules that tests switch off
    "traffic.h": "reach",  # what security groups cover: a part of reach by itself
}

# Libraries as the table names them, by how their headers are included; and the files that may, where a
# folder's row alone would be too wide.
LIBRARIES = {
    "crypto": (r"openssl/", {"common/base/digest.c"}),
    "cjson": (r"cjson/|cJSON\.h", None),
    "expat": (r"expat", None),
    "uv": (r"uv\.h|uv/", None),
    "curl": (r"curl/", None),
    "systemd": (r"systemd/", None),
    "microhttpd": (r"microhttpd\.h", None),
    "smartcols": (r"libsmartcols", None),
}

# common/ reads no clock and opens nothing (design.md 2). time.h is for the calendar.
NO_IO = re.compile(
    r"(unistd|fcntl|dirent|poll|pthread|threads|signal|netdb|syslog|spawn|termios|dlfcn|ftw|glob"
    r"|sys/(?!types\.h|param\.h|queue\.h).*)\.h$"
)
TIME_ONLY_IN = {"common/base/time.c"}

# What a program shares with another one's folder: a private header, by the folders that may include it.
SHARED = {
    "daemon/config_dir.h": {"daemon/vpcctl"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


class Layer:
    def __init__(self, folder, uses, libraries):
        self.folder, self.uses, self.libraries = folder, uses, libraries
        self.name = "daemon" if folder == "daemon" else folder.split("/")[-1]


def read_layers(cmake):
    """The rows of the table, by folder; and what is wrong with the table itself."""
    text = cmake.read_text()
    table = re.search(r"^set\(LAYERS\n(.*?)^\)", text, re.M | re.S)
    if not table:
        return {}, [f"{cmake}:1: no table LAYERS"]
    first = text[: table.start(1)].count("\n") + 1
    layers, names, problems = {}, set(), []
    for i, line in enumerate(table.group(1).splitlines()):
        row = re.fullmatch(r'\s*"([^|"]*)\|([^|"]*)\|([^|"]*)"\s*', line)
        if not row:
            if line.strip():
                problems.append(f"{cmake}:{first + i}: not a row: {line.strip()}")
            continue
        folder, uses, libraries = (cell.split() for cell in row.groups())
        layer = Layer(folder[0], uses, libraries)
        for use in uses:
            if use not in names:
                problems.append(f"{cmake}:{first + i}: {layer.folder} uses {use}, which is no row above it")
        for library in libraries:
            if library not in LIBRARIES:
                problems.append(f"{cmake}:{first + i}: {library} has no row in LIBRARIES of layers.py")
        layers[layer.folder] = layer
        if layer.folder.startswith("common/"):
            names.add(layer.name)
    return layers, problems


def closure(layers, layer):
    """What a folder may use: itself, its uses, and what they may use."""
    by_name = {other.name: other for other in layers.values() if other.folder.startswith("common/")}
    seen, todo = set(), [layer.name]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += (layer if name == layer.name else by_name[name]).uses
    return seen


def contract_folder(header):
    return CONTRACT_OF.get(header, header.removesuffix(".h"))


class Tree:
    def __init__(self, root):
        self.root = Path(root)
        self.layers, self.problems = read_layers(self.root / "CMakeLists.txt")
        self.may = {folder: closure(self.layers, layer) for folder, layer in self.layers.items()
                    if not self.problems}

    def refuse(self, path, line, rule):
        self.problems.append(f"{path}:{line}: {rule}")

    def check(self):
        if not self.problems:
            for path in sorted(self.root.glob("include/**/*.h")):
                self.check_contract(path)
            for path in sorted(self.root.glob("common/**/*.[ch]")) + sorted(self.root.glob("daemon/**/*.[ch]")):
                self.check_source(path)
        return self.problems

    def includes(self, path):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = INCLUDE.match(line)
            if found:
                yield number, found.group(1), found.group(2)

    def check_contract(self, path):
        relative = path.relative_to(self.root)
        folder = f"common/{contract_folder(path.name)}"
        if folder not in self.layers:
            self.refuse(relative, 1, f"no row for {folder}, whose contract this would be")
            return
        for line, quoted, system in self.includes(path):
            if quoted:
                self.check_use(relative, line, folder, quoted)
            else:
                self.check_system(relative, line, self.layers[folder], system)

    def check_source(self, path):
        relative = path.relative_to(self.root)
        folder = str(relative.parent)
        if folder not in self.layers:
            self.refuse(relative, 1, f"{folder} has no row in LAYERS")
            return
        for line, quoted, system in self.includes(path):
            if system:
                self.check_system(relative, line, self.layers[folder], system)
            elif quoted.startswith("vpc_reconciled/"):
                self.check_use(relative, line, folder, quoted)
            else:
                self.check_private(relative, line, folder, quoted)

    def check_use(self, path, line, folder, quoted):
        name = quoted.removeprefix("vpc_reconciled/")
        if not (self.root / "include" / quoted).is_file():
            self.refuse(path, line, f'"{quoted}" is no contract: include it as "vpc_reconciled/NAME.h"')
        elif contract_folder(name) not in self.may[folder]:
            self.refuse(path, line, f"{folder} may not use {contract_folder(name)} (LAYERS)")

    def check_private(self, path, line, folder, quoted):
        beside = (self.root / folder / quoted).resolve()
        if not beside.is_file():
            self.refuse(path, line, f'"{quoted}" lies neither in include/ nor beside this file')
            return
        target = beside.relative_to(self.root.resolve())
        if str(target.parent) != folder and folder not in SHARED.get(str(target), ()):
            self.refuse(path, line, f"{target} is private to {target.parent}/")

    def check_system(self, path, line, layer, system):
        for library, (pattern, only) in LIBRARIES.items():
            if re.match(pattern, system) and library not in layer.libraries:
                self.refuse(path, line, f"{layer.folder} may not use the library {library} (LAYERS)")
            elif re.match(pattern, system) and only and str(path) not in only:
                self.refuse(path, line, f"only {', '.join(sorted(only))} may use the library {library}")
        if not str(path).startswith("daemon"):
            if NO_IO.fullmatch(system):
                self.refuse(path, line, f"<{system}>: common/ does no I/O")
            elif system == "time.h" and str(path) not in TIME_ONLY_IN:
                self.refuse(path, line, "<time.h>: common/ reads no clock")
        if system.startswith("vpc_reconciled/"):
            self.refuse(path, line, f'a contract is included as "{system}"')


# ---- self-test ----

GOOD_TABLE = """set(LAYERS
  "common/base | | crypto"
  "common/json | base | cjson"
  "common/plan | json |"
  "daemon      | plan | uv"
  "daemon/tool | base |"
)
"""
GOOD_TREE = {
    "CMakeLists.txt": GOOD_TABLE,
    "include/vpc_reconciled/base.h": "#include <stddef.h>\n",
    "include/vpc_reconciled/effect.h": '#include "vpc_reconciled/base.h"\n',
    "include/vpc_reconciled/json.h": '#include "vpc_reconciled/base.h"\n',
    "include/vpc_reconciled/plan.h": '#include "vpc_reconciled/json.h"\n',
    "common/base/digest.c": '#include "vpc_reconciled/base.h"\n#include <openssl/evp.h>\n',
    "common/base/time.c": "#include <time.h>\n",
    "common/json/json.c": "#include <cjson/cJSON.h>\n",
    "common/plan/private.h": '#include "vpc_reconciled/base.h"\n',
    "common/plan/plan.c": '#include "private.h"\n#include "vpc_reconciled/effect.h"\n',
    "daemon/main.c": '#include <uv.h>\n#include <unistd.h>\n#include "vpc_reconciled/plan.h"\n',
    "daemon/main.h": "\n",
    "daemon/tool/tool.c": '#include "vpc_reconciled/base.h"\n',
}
# What is put in the good tree's place, and the breach that it must be.
BAD = [
    ("common/json/json.c", '\n#include "vpc_reconciled/plan.h"\n', "common/json/json.c:2: common/json may not use plan"),
    ("include/vpc_reconciled/base.h", '#include "vpc_reconciled/json.h"\n', "base.h:1: common/base may not use json"),
    ("daemon/tool/tool.c", '#  include "vpc_reconciled/plan.h"\n', "daemon/tool may not use plan"),
    ("daemon/tool/tool.c", '#include "../main.h"\n', "daemon/main.h is private to daemon/"),
    ("common/plan/plan.c", '#include "../base/x.h"\n', '"../base/x.h" lies neither'),
    ("common/plan/plan.c", "#include <cjson/cJSON.h>\n", "common/plan may not use the library cjson"),
    ("common/plan/plan.c", "#include <vpc_reconciled/json.h>\n", 'a contract is included as "vpc_reconciled/json.h"'),
    ("common/plan/plan.c", '#include "vpc_reconciled/lost.h"\n', '"vpc_reconciled/lost.h" is no contract'),
    ("common/plan/plan.c", "#include <sys/socket.h>\n", "<sys/socket.h>: common/ does no I/O"),
    ("common/plan/plan.c", "#include <uv.h>\n", "common/plan may not use the library uv"),
    ("common/plan/plan.c", "#include <time.h>\n", "<time.h>: common/ reads no clock"),
    ("common/base/text.c", "#include <openssl/sha.h>\n", "only common/base/digest.c may use the library crypto"),
    ("daemon/main.c", "#include <curl/curl.h>\n", "daemon may not use the library curl"),
    ("common/extra/extra.c", "\n", "common/extra has no row in LAYERS"),
    ("include/vpc_reconciled/extra.h", "\n", "no row for common/extra"),
    ("CMakeLists.txt", GOOD_TABLE.replace('"common/base | ', '"common/base | json'), "common/base uses json, which is no row above"),
    ("CMakeLists.txt", GOOD_TABLE.replace("cjson", "yaml"), "yaml has no row in LIBRARIES"),
    ("CMakeLists.txt", GOOD_TABLE.replace("\n)", '\n  "common/x"\n)'), "not a row"),
    ("CMakeLists.txt", "\n", "no table LAYERS"),
]


def problems_of(files):
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return Tree(root).check()


def self_test():
    failures = []
    if problems_of(GOOD_TREE):
        failures.append(f"the good tree is refused: {problems_of(GOOD_TREE)}")
    for name, text, breach in BAD:
        problems = problems_of({**GOOD_TREE, name: text})
        if len(problems) != 1 or breach not in problems[0]:
            failures.append(f"{name} with {text!r}: {problems}, not one with {breach!r}")
    print("\n".join(failures) or f"{len(BAD)} bad trees, each refused by its rule")
    return 1 if failures else 0


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    if arguments[0] == "self-test":
        return self_test()
    problems = Tree(arguments[0]).check()
    print("\n".join(problems) or "every #include is one that LAYERS allows")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
