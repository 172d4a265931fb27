"""Which version of a record is shown: what the ledger is asked of it.

`RELEASE` is raised where the ledger tells otherwise of the same versions.
"""

from __future__ import annotations

from kg.records import PRIMARY, REPORT

RELEASE = "1"


def _shown(versions: str) -> str:
    return f"""
SELECT registry, id, loader, hash, first_seen, seen, standing,
    last_update, since, versions FROM (
    SELECT registry, id, loader, hash, seen, standing, last_update,
        MIN(seen) OVER (PARTITION BY registry, id, standing) AS first_seen,
        COUNT(*) OVER (PARTITION BY registry, id, standing) AS versions,
        ROW_NUMBER() OVER (PARTITION BY registry, id ORDER BY standing,
            last_update DESC, modules DESC, seen DESC, hash DESC, loader DESC) AS place
    FROM {versions} WHERE standing < {REPORT})
LEFT JOIN withdrawn USING (registry, id)
WHERE place = 1 ORDER BY registry, id
"""  # noqa: S608 - constants


def _secondary(versions: str) -> str:
    return f"""
SELECT registry, id, loader, hash, first_seen, seen, standing,
    last_update, NULL AS since, 1 AS versions FROM (
    SELECT registry, id, loader, hash, seen, standing, last_update,
        MIN(seen) OVER (PARTITION BY registry, id, loader) AS first_seen,
        ROW_NUMBER() OVER (PARTITION BY registry, id, loader ORDER BY
            last_update DESC, modules DESC, seen DESC, hash DESC) AS place
    FROM {versions} WHERE standing > {PRIMARY})
WHERE place = 1 ORDER BY loader, registry, id
"""  # noqa: S608 - constants


SHOWN = _shown("versions")
SECONDARY = _secondary("versions")
# The record is looked up first: these are few where all versions are many.
DOUBTED = _shown("doubts CROSS JOIN versions USING (registry, id)")
# The versions of one record and standing, the shown one last.
ORDERED = """
SELECT loader, hash, seen, last_update FROM versions WHERE (registry, id, standing) = (?, ?, ?)
ORDER BY last_update, modules, seen, hash, loader
"""
_READ = "(SELECT DISTINCT registry, id FROM reads) CROSS JOIN versions USING (registry, id)"
READS = f"""
WITH shown AS (SELECT registry, id, loader, hash FROM ({_shown(_READ)})
    UNION SELECT registry, id, loader, hash FROM ({_secondary(_READ)})),
distinct_reads AS (SELECT DISTINCT * FROM reads)
SELECT (SELECT count(*) FROM reads), (SELECT count(*) FROM distinct_reads),
    (SELECT count(*) FROM distinct_reads JOIN shown USING (registry, id, loader, hash))
"""  # noqa: S608 - constants
