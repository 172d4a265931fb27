"""Kills builds at random moments: `python -m tests.kills --kills 20`."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.kills.killing import kills


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--records", type=int, default=90)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = kills(Path(folder), options.kills, options.seed, options.records)
    for kill in found:
        print(
            f"killed after {kill.delay:6.2f} s: published {kill.published}, "
            f"next build {'works' if kill.mended else 'FAILS'}"
        )
    bad = [kill for kill in found if kill.published not in {"before", "after"} or not kill.mended]
    print(f"{len(found)} kills, {len(bad)} bad")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
