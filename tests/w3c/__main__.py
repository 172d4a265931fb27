"""Runs the W3C suites against the server and prints the table: `python -m tests.w3c`."""

import argparse
import os
import tempfile
import time
from pathlib import Path

from tests.conftest import shared_folder
from tests.kg.conftest import served
from tests.w3c.suites import SUITES, Run


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    usual = shared_folder() / "w3c" / "rdf-tests"
    parser.add_argument("--suites", type=Path, default=usual, help="a copy of w3c/rdf-tests")
    parser.add_argument("--failures", action="store_true", help="tell what failed, and why")
    parser.add_argument("names", nargs="*", help=f"some of: {', '.join(SUITES)}")
    options = parser.parse_args()
    os.environ.setdefault("PYTHONPATH", str(Path.cwd()))
    print(f"{'suite':<22}{'endpoint':>10}{'engine':>10}{'total':>8}{'seconds':>9}")
    for name in options.names or SUITES:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            outcomes = SUITES[name](Run(options.suites, served, Path(folder)))
        passed = sum(one.failure is None for one in outcomes)
        engine = sum(one.engine is None for one in outcomes)
        alone = (
            f"{engine:>10}" if name in {"results formats", "syntax"} or "eval" in name else " " * 10
        )
        seconds = time.monotonic() - began
        print(f"{name:<22}{passed:>10}{alone}{len(outcomes):>8}{seconds:>9.1f}", flush=True)
        if options.failures:
            for one in outcomes:
                if one.failure:
                    print(f"  {one.name}: {one.failure}\n    engine: {one.engine}")


if __name__ == "__main__":
    main()
