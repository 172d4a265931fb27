"""Kills builds, workers and servers at random moments.

`python -m tests.kills --kills 200` shares them out: most are workers, which die fastest;
`--shards 50` kills so many builds of whole registries besides, `--refreshes 50` so many refreshes,
and `--kills 0` those alone.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.kills.killing import kills
from tests.kills.refreshing import kill_refreshes
from tests.kills.serving import kill_servers, kill_workers


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--shards", type=int, default=0)
    parser.add_argument("--refreshes", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--records", type=int, default=20)
    options = parser.parse_args()
    bad, builds = 0, max(1, options.kills // 10)
    workers = max(1, options.kills - 2 * builds)
    with tempfile.TemporaryDirectory() as folder:
        if options.kills:
            bad += _workers(Path(folder) / "workers", workers, options.seed)
            bad += _servers(Path(folder) / "servers", builds, options.seed)
            bad += _builds(Path(folder) / "builds", builds, options)
        bad += _builds(Path(folder) / "shards", options.shards, options, by_shards=True)
        bad += _refreshes(Path(folder) / "refreshes", options.refreshes, options.seed)
    print(f"{options.kills + options.shards + options.refreshes} kills, {bad} bad")
    sys.exit(1 if bad else 0)


def _workers(folder, count, seed):
    seen, after = kill_workers(folder, count, seed)
    print(f"{count} workers killed: {seen.right} answers, all right; {seen.problems} problems, "
          f"{seen.broken} broken off, {len(seen.wrong)} wrong")  # fmt: skip
    return len(seen.wrong) + (after.right != 1)


def _servers(folder, count, seed):
    seen, orphans = kill_servers(folder, count, seed)
    print(f"{count} servers killed: {seen.right} answers, all right; {seen.broken} broken off, "
          f"{len(seen.wrong)} wrong, {orphans} workers left over")  # fmt: skip
    return len(seen.wrong) + orphans + (seen.right < count)


def _builds(folder, count, options, *, by_shards=False):
    if not count:
        return 0
    folder.mkdir()
    return _told("build", kills(folder, count, options.seed, options.records, by_shards=by_shards))


def _refreshes(folder, count, seed):
    if not count:
        return 0
    folder.mkdir()
    return _told("refresh", kill_refreshes(folder, count, seed))


def _told(name, kills):
    """Print every kill as it is done; return how many are bad."""
    found = []
    for kill in kills:
        left = f", {kill.left} shards left" if kill.left else ""
        print(
            f"{name} {'ended before' if kill.finished else 'killed after'} {kill.delay:6.2f} s: "
            f"published {kill.published}{left}, next {name} {'FAILS' if kill.bad else 'works'}",
            flush=True,
        )
        found.append(kill)
    killed = [kill for kill in found if not kill.finished]
    before = sum(kill.published == "before" for kill in killed)
    print(
        f"killed {len(killed)} times ({name}): {before} before and {len(killed) - before} after "
        f"publication, {sum(kill.left > 0 for kill in killed)} with shards left; "
        f"{sum(kill.bad for kill in found)} bad"
    )
    return sum(kill.bad for kill in found)


if __name__ == "__main__":
    main()
