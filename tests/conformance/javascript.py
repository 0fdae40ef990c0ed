#!/usr/bin/python3
"""What by_value.py and every_action.py do, by AWS's own SDK for JavaScript: it knows what Debian's botocore is too old for.

javascript.py SIMULATOR DUMP FOLDER      FOLDER: where npm installs the SDK of js/package-lock.json

Without a registry this fails. With VPC_TESTS_WITHOUT_NPM=1 it says what was not checked, and is skipped.
"""
import os
import sys
from pathlib import Path

import by_value
import every_action
import tables
from clients import Boto3, JavaScript, NoRegistry, install

SKIPPED = 77


def without_npm(dump, why):
    if os.environ.get("VPC_TESTS_WITHOUT_NPM") != "1":
        print(f"the SDK for JavaScript cannot be installed: {why}\n"
              "VPC_TESTS_WITHOUT_NPM=1 goes without what only it can check.", file=sys.stderr)
        return 1
    with Boto3("http://127.0.0.1:1") as boto3:
        actions, _ = tables.join(tables.load(dump), boto3)
    print(f"no SDK for JavaScript ({why}). Not checked by any client, for botocore does not know it:")
    for action in actions.values():
        for direction in ("request", "reply"):
            for leaf in action.leaves(direction):
                if not leaf.known:
                    print(f"  {action.name} {direction} {leaf.path}")
    return SKIPPED


def main(arguments):
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    simulator, dump, folder = arguments
    try:
        install(Path(folder))
    except NoRegistry as error:
        return without_npm(dump, error)

    def client(url):
        return JavaScript(url, folder)

    problems = by_value.run(simulator, dump, client) + every_action.run(simulator, dump, client)
    print("\n".join(problems) or "every value is what it was, and every action does what its parameters ask for")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
