"""The pipeline example, run by Snakemake itself."""

import csv
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kg.query.questions import question
from kg.resources import EXAMPLES as RECORDS

SEED = ("NCT07366658", "NCT07480213", "NCT07744256")
HERE = Path(__file__).resolve().parent


@pytest.fixture
def environment(tmp_path):
    """What a user has: the command on the path."""
    paths = [os.environ["PATH"]]
    if shutil.which("trialkg") is None:
        command = tmp_path / "bin" / "trialkg"
        command.parent.mkdir()
        command.write_text(f"#!{sys.executable}\nfrom kg.cli import main\n\nmain()\n")
        command.chmod(command.stat().st_mode | stat.S_IXUSR)
        paths.insert(0, str(command.parent))
    modules = os.pathsep.join(filter(None, sys.path))
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    return {**os.environ, **home, "PATH": os.pathsep.join(paths), "PYTHONPATH": modules}


def test_the_example_goes_from_records_to_the_answer(tmp_path, environment):
    pytest.importorskip("snakemake", reason="snakemake is not installed")
    records = tmp_path / "records"
    records.mkdir()
    for name in SEED:
        shutil.copy(RECORDS / f"{name}.json", records)
    snakemake = [sys.executable, "-m", "snakemake", "--snakefile", str(HERE / "Snakefile")]
    query = tmp_path / "seed.rq"
    query.write_text(question("seed").query, encoding="utf-8")
    config = ["--config", f"records={records}", f"query={query}"]
    done = subprocess.run(
        [*snakemake, "--cores", "1", *config],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with (tmp_path / "answer.csv").open(encoding="utf-8") as answer:
        rows = list(csv.DictReader(answer))
    assert sorted({row["id"] for row in rows}) == list(SEED)
    assert len(rows) == 5
