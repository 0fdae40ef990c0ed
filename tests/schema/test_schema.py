#!/usr/bin/python3
"""The JSON Schemas of packaging/schema agree with the parser.

The parser's own tests (tests/common/config/) hold the parser against refused.txt and the
samples; this one holds the schemas against the same rows. Usage: test_schema.py SOURCE-DIRECTORY
"""

import json
import pathlib
import re
import sys

try:
    import jsonschema
except ImportError:
    sys.exit("python3-jsonschema is not installed: apt-get install python3-jsonschema")

HEADS = {
    "target": '{"name": "orders", "region": "ap-northeast-1", "vpc": "vpc-0a1b2c3d4e5f60718",\n',
    "main": "{\n",
    "file": "",
}


def without_comments(text):
    """Blanks comments; strings are stepped over."""
    return re.sub(
        r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/', lambda m: m[1] or " ", text, flags=re.S
    )


def rows(path):
    """(kind, only the parser can tell, name, text, errors) of each row of refused.txt."""
    found = []
    for line in path.read_text().splitlines():
        begin = re.fullmatch(r"== (~ )?(target|main|file) (.*)", line)
        if begin:
            found.append([begin[2], bool(begin[1]), begin[3], [], []])
        elif line.startswith("! "):
            found[-1][4].append(line[2:])
        elif found and line:
            found[-1][3].append(line)
    for kind, only_parser, name, lines, errors in found:
        end = "" if kind == "file" else "\n}"
        yield kind, only_parser, name, HEADS[kind] + "\n".join(lines) + end, errors


def accepts(validator, text):
    try:
        return validator.is_valid(json.loads(text))
    except ValueError:
        return False


def branches(schema, root):
    """The schema and all that its combinations and references say about the same value."""
    if isinstance(schema, bool):
        return
    yield schema
    if "$ref" in schema:
        yield from branches(root["definitions"][schema["$ref"].rsplit("/", 1)[1]], root)
    for word in ("allOf", "anyOf", "oneOf"):
        for branch in schema.get(word, []):
            yield from branches(branch, root)


def known_keys(root, path):
    """The properties that a schema has at a path such as subnet_groups.a.create[0]."""
    level = [root]
    for step in re.findall(r"[^.\[\]]+", path):
        below = []
        for schema in level:
            for branch in branches(schema, root):
                if step.isdigit():
                    below += [branch["items"]] if "items" in branch else []
                elif step in branch.get("properties", {}):
                    below.append(branch["properties"][step])
                elif isinstance(branch.get("additionalProperties"), dict):
                    below.append(branch["additionalProperties"])
        level = below
    return {
        key for s in level for b in branches(s, root) if b.get("additionalProperties") is False
        for key in b.get("properties", {})
    }


def main():
    source = pathlib.Path(sys.argv[1])
    tests = source / "tests/common/config"
    schemas = {
        kind: json.loads((source / "packaging/schema" / name).read_text())
        for kind, name in (("main", "vpc-reconciled.schema.json"), ("file", "vpc.schema.json"))
    }
    schemas["target"] = schemas["file"]
    validators = {}
    for kind, schema in schemas.items():
        jsonschema.Draft7Validator.check_schema(schema)
        validators[kind] = jsonschema.Draft7Validator(schema)

    wrong = []
    n_rows = n_objects = 0
    for kind, only_parser, name, text, errors in rows(tests / "refused.txt"):
        n_rows += 1
        if accepts(validators[kind], text) != only_parser:
            wrong.append(f"{name}: the schema {'refuses' if only_parser else 'takes'} it")
        for error in errors:  # the parser lists its keys itself
            found = re.fullmatch(r"\d+:\d+: (?:(.*)\.)?zzzzzz: unknown key; known here: (.*)", error)
            if found:
                n_objects += 1
                keys = known_keys(schemas[kind], found[1] or "")
                if keys != set(found[2].split(", ")):
                    wrong.append(f"{kind} {found[1]}: the schema has {sorted(keys)}, the parser {found[2]}")
    samples = [tests / "samples/vpc-reconciled.json", *(tests / "samples/vpcs.d").glob("*.json")]
    for sample in samples:
        kind = "main" if sample.name == "vpc-reconciled.json" else "file"
        document = json.loads(without_comments(sample.read_text()))
        for error in validators[kind].iter_errors(document):
            wrong.append(f"{sample.name}: {error.json_path}: {error.message}")
    for line in wrong:
        print(line, file=sys.stderr)
    if n_rows < 140 or n_objects < 14 or len(samples) < 4:
        sys.exit(f"only {n_rows} rows, {n_objects} objects, {len(samples)} samples were found")
    print(f"{n_rows} rows, the keys of {n_objects} objects, {len(samples)} samples: {len(wrong)} disagree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
