"""Lines to the built graph: one sorted N-Quads file and a manifest of counts and hashes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def write_graph(folder: Path, nquads: Iterable[bytes], manifest: dict[str, Any]) -> None:
    """Writes graph.nq and manifest.json so that readers see the old folder or the new one.

    The new folder is made beside the old and put in its place by renaming. The N-Quads come in
    blocks of whole lines, in order.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    digest = hashlib.sha256()
    try:
        with (fresh / "graph.nq").open("wb") as file:
            for block in nquads:
                file.write(block)
                digest.update(block)
        manifest = {**manifest, "sha256": digest.hexdigest()}
        text = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True)
        (fresh / "manifest.json").write_text(text + "\n", encoding="utf-8")
        fresh.chmod(0o755)
        _swap(fresh, folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _swap(fresh: Path, folder: Path) -> None:
    old = folder.with_name(f".{folder.name}-old-{os.getpid()}")
    if folder.exists():
        folder.rename(old)
    try:
        fresh.rename(folder)
    except BaseException:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
