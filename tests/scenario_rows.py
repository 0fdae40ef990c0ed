#!/usr/bin/python3
"""scenario_rows.py - holds the rows SCENARIO(NUMBER, NAME, ..., FAULT_RULE) of the tests against the list of scenarios.

Rows of another word (PARTICIPANT) judge rules and have no number.

  scenario_rows.py ROOT       each of the 25 numbers has a row that names a rule, and each rule that can be switched off
                              is tested in the product and judged by a row; prints the programs with rows, largest first
  scenario_rows.py self-test

That a row fails with its rule switched off, the programs themselves see to, in the build with VPC_TEST_FAULTS. That it
is run, the compiler does: a row that main() doesn't name is an unused function.
"""
import pathlib
import re
import sys

NUMBERS = {f"{i:02}" for i in range(1, 26)}
ROW = re.compile(r"^([A-Z]+)\(([^()]*)\)$", re.MULTILINE)  # "SCENARIO(04, name, 0, FAULT_ONE)", or another word
RULE = re.compile(r"\bFAULT_(\w+)")


def judge(tests, product, header):
    """What is wrong, a line each. tests and product: texts of the files."""
    rules = set(re.findall(r"^\s+FAULT_(\w+)", header, re.MULTILINE)) - {"COUNT"}
    judged, numbers = set(), set()
    for text in tests:
        for word, row in ROW.findall(text):
            switched = set(RULE.findall(row)) & rules
            judged |= switched
            number = row.split(",")[0]
            if word == "SCENARIO" and switched:
                numbers.add(number)
            if word == "SCENARIO" and number not in NUMBERS:
                yield f"there is no scenario {number}"
    tested = set(re.findall(r"\bFAULT\((\w+)\)", "\n".join(product)))
    for number in sorted(NUMBERS - numbers):
        yield f"scenario {number} is judged with no rule switched off"
    for rule in sorted(rules - tested):
        yield f"FAULT({rule}) is nowhere in the product"
    for rule in sorted(rules - judged):
        yield f"no scenario is judged without the rule of FAULT_{rule}"


def self_test():
    header = "enum fault {\n    FAULT_ONE,\n    FAULT_TWO, /* of FAULT_ONE */\n    FAULT_COUNT,\n};\n"
    product = ["if (FAULT(ONE))", "return FAULT(TWO);"]
    rows = [f"SCENARIO({number}, a_name, 0, FAULT_ONE)\n" for number in sorted(NUMBERS)]
    rows[3] = "SCENARIO(04, a_name, NO_FAULT)\nSCENARIO(04, another,\n         FAULT_ONE,\n         FAULT_TWO)\n"
    cases = [
        ("right", rows, product, []),
        ("no rule", rows[:3] + ["SCENARIO(04, x, NO_FAULT)\nSCENARIO(04, y, FAULT_TWO)\n"] + rows[4:], product, []),
        ("without", rows[:4] + ["SCENARIO(05, x, NO_FAULT)\n"] + rows[5:], product,
         ["scenario 05 is judged with no rule switched off"]),
        ("COUNT is none", rows[:4] + ["SCENARIO(05, x, FAULT_COUNT)\n"] + rows[5:], product,
         ["scenario 05 is judged with no rule switched off"]),
        ("missing", rows[:-1], product, ["scenario 25 is judged with no rule switched off"]),
        ("a comment", rows[:-1] + ["/* SCENARIO(25, x, FAULT_ONE) */\n"], product,
         ["scenario 25 is judged with no rule switched off"]),
        ("unknown", rows + ["SCENARIO(26, x, FAULT_ONE)\n"], product, ["there is no scenario 26"]),
        ("another", rows[:3] + ["SCENARIO(04, x, FAULT_ONE)\nPARTICIPANT(y, FAULT_TWO)\n"] + rows[4:], product, []),
        ("untested", rows, product[:1], ["FAULT(TWO) is nowhere in the product"]),
        ("unjudged", rows[:3] + ["SCENARIO(04, x, FAULT_ONE)\n"] + rows[4:], product,
         ["no scenario is judged without the rule of FAULT_TWO"]),
    ]
    wrong = [(name, got) for name, tests, code, want in cases if (got := list(judge(tests, code, header))) != want]
    for name, got in wrong:
        print(f"{name}: {got}", file=sys.stderr)
    return 1 if wrong else 0


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if sys.argv[1] == "self-test":
        sys.exit(self_test())
    root = pathlib.Path(sys.argv[1])
    tests = {path: path.read_text() for path in root.glob("tests/simulation/test_*.c")}
    tests = {path: text for path, text in tests.items() if any(RULE.search(row) for _, row in ROW.findall(text))}
    product = [path.read_text() for folder in ("common", "daemon") for path in (root / folder).rglob("*.[ch]")
               if path.name != "fault.c"]
    wrong = list(judge(tests.values(), product, (root / "include/vpc_reconciled/fault.h").read_text()))
    for line in wrong:
        print(line, file=sys.stderr)
    if wrong:
        sys.exit(1)
    for path in sorted(tests, key=lambda path: path.stat().st_size, reverse=True):
        print(path.stem)


main()
