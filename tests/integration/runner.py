"""unittest.main() with the tests side by side: most of their time they wait for the programs."""
import concurrent.futures
import io
import multiprocessing
import os
import sys
import time
import unittest


def _run(name):
    """One test in a worker. Returns its name, seconds, outcome, and what there is to read."""
    text, began = io.StringIO(), time.monotonic()
    suite = unittest.defaultTestLoader.loadTestsFromName(name, sys.modules["__main__"])
    result = unittest.TextTestRunner(stream=text, verbosity=0).run(suite)
    outcome = "FAILED" if not result.wasSuccessful() else "skipped" if result.skipped else "ok"
    reasons = "".join(f" ({reason})" for _, reason in result.skipped)
    return name + reasons, time.monotonic() - began, outcome, text.getvalue()


def _names(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from _names(test)
        else:
            yield test.id().removeprefix("__main__.")


def main(prepare=lambda: None):
    """With arguments it is unittest.main(). Without: `prepare` makes what all tests share, then workers are forked."""
    if len(sys.argv) > 1:
        unittest.main()
    names = list(_names(unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])))
    if not names:
        raise SystemExit("there is no test")
    prepare()
    failed, skipped = [], 0
    fork = multiprocessing.get_context("fork")
    with concurrent.futures.ProcessPoolExecutor(2 * (os.cpu_count() or 1), mp_context=fork) as pool:
        for done in concurrent.futures.as_completed([pool.submit(_run, name) for name in names]):
            name, seconds, outcome, text = done.result()
            print(f"{outcome:8}{seconds:6.1f} s  {name}", flush=True)
            skipped += outcome == "skipped"
            if outcome == "FAILED":
                failed.append(text)
    print("".join(failed), end="")
    print(f"{len(names)} tests, {len(failed)} failed, {skipped} skipped")
    raise SystemExit(1 if failed else 0)
