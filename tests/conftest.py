"""Where the tests find real records; a fresh clone elsewhere has none and says so."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes depends on the machine, and says nothing of what is right. The examples
# are the same in each run, so that one who changed nothing breaks nothing; others are looked for by
# `TRIALKG_CORPUS=whole`.
WHOLE = os.environ.get("TRIALKG_CORPUS") == "whole"
settings.register_profile("trialkg", deadline=None, derandomize=not WHOLE)
settings.load_profile("trialkg")

ROOT = Path(__file__).resolve().parent.parent


def shared_folder() -> Path:
    return Path(os.environ.get("TRIALKG_SHARED", ROOT.parent / "shared")).resolve()


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = shared_folder()
    if not (folder / "data" / "MANIFEST.md").is_file():
        pytest.skip(f"no real records at {folder}: set TRIALKG_SHARED to a folder that has them")
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
