"""The built graph, checked against its manifest, to N-Quads as built."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pyoxigraph as ox

from graph_builder.problems import ToldError
from metalocal.files import replacing


class BrokenBuildError(ToldError):
    """The built graph is missing, or is not the one its manifest describes."""

    exit_code = 1


class DumpError(ToldError):
    """The file asked for cannot be written; the message says what can."""


def verified(graph_file: Path) -> bytes:
    """The N-Quads of a built graph whose SHA-256 is that of the manifest beside it.

    Raises:
        BrokenBuildError: a file is missing, or they do not belong together.
    """
    manifest = graph_file.with_name("manifest.json")
    try:
        data, text = graph_file.read_bytes(), manifest.read_text("utf-8")
        stated = json.loads(text)["sha256"]
    except OSError as error:
        message = f"{error.filename}: the built graph cannot be read: {error.strerror}"
        raise BrokenBuildError(f"{message}; build it anew: metalocal build") from error
    except (ValueError, KeyError, TypeError) as error:
        message = f"{manifest}: the manifest states no sha256 of the graph"
        raise BrokenBuildError(f"{message}; build it anew: metalocal build") from error
    found = hashlib.sha256(data).hexdigest()
    if found != stated:
        message = f"{graph_file}: sha256 is {found}, but {manifest.name} states {stated}"
        raise BrokenBuildError(f"{message}; build it anew: metalocal build")
    return data


def verified_quads(graph_file: Path) -> list[ox.Quad]:
    """The quads of a built graph, in the order of its lines.

    Raises:
        BrokenBuildError: as `verified`.
    """
    return list(ox.parse(verified(graph_file), format=ox.RdfFormat.N_QUADS))


def write_nquads(graph_file: Path, out: Path) -> int:
    """Write the dataset with its named graphs, byte for byte as built; .gz is compressed.

    The same graph gives the same bytes, compressed too. Readers of `out` see the old file or the
    whole new one.

    Returns:
        The number of quads written.

    Raises:
        BrokenBuildError: as `verified`.
        DumpError: the name ends neither in .nq nor in .nq.gz.
    """
    if not out.name.lower().endswith((".nq", ".nq.gz")):
        raise DumpError(f"cannot write {out.name}: name the N-Quads file .nq or .nq.gz")
    data = verified(graph_file)
    with replacing(out) as beside:
        zipped = out.suffix.lower() == ".gz"
        beside.write_bytes(gzip.compress(data, mtime=0) if zipped else data)
    return data.count(b"\n")
