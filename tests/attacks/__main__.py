"""Attacks a server of its own and prints how each attack ended: `python -m tests.attacks`."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.attacks.attacking import DATA, OPTIONS, attack, bystander, canary, corpus, median
from tests.kg.conftest import publish, served

MOST_WAIT = 0.1
MOST_GROWTH = 64 << 20


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="a part of the name of a group or an attack")
    only = parser.parse_args().only
    with tempfile.TemporaryDirectory() as folder, canary() as (port, touched):
        secret = Path(folder) / "secret.ttl"
        secret.write_text('<a:s> <a:p> "never to be read" .')
        read_before = secret.stat().st_atime_ns
        publish(Path(folder) / "data", "000001", DATA)
        attacks = [one for one in corpus(port, secret) if not only or only in f"{one[0]} {one[1]}"]
        with (
            served(Path(folder) / "data", *OPTIONS) as client,
            bystander(str(client.base_url)) as other,
        ):
            found = [_told(attack(client, *one)) for one in attacks]
        untouched = not touched and secret.stat().st_atime_ns == read_before
    grown = max(other.memory[-20:]) - other.memory[0]
    held = sum(one.held for one in found)
    print(f"\n{held} of {len(found)} attacks held off")
    print(
        f"ASK {{}} beside them: {median(other.waits) * 1000:.1f} ms (median of {len(other.waits)})"
    )
    print(f"failures beside them: {other.failures}, refused: {other.refused}")
    print(f"memory of the web process: {other.memory[0] >> 20} MB, at most "
          f"{max(other.memory) >> 20} MB, at the end {other.memory[-1] >> 20} MB")  # fmt: skip
    print(f"canaries {'untouched' if untouched else 'TOUCHED'}")
    good = held == len(found) and untouched and not other.failures and not other.refused
    sys.exit(0 if good and median(other.waits) < MOST_WAIT and grown < MOST_GROWTH else 1)


def _told(one):
    verdict = "held" if one.held else "FAILS"
    print(f"{verdict:6}{one.group:9}{one.name:32}{one.status:4} {one.kind:18}{one.seconds:7.2f} s")
    return one


if __name__ == "__main__":
    main()
