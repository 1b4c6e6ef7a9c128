"""Container: a model as it was brought in, its manifest and its plan in one file, so that one digest binds all three.

It is a zip file whose members are sorted, stored as they are and stamped with no time: the same parts give the same
bytes. Whoever opens it takes nothing that the manifest does not name by its digest.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn

from muster.columns.plan import PLACED_FORMAT, Encoding, Plan
from muster.records.canonical import canonical, digest, parse
from muster.records.codec import decode, encode
from muster.records.model import Manifest

MAGIC: Final = b"PK\x03\x04"
"""How such a file begins; an ONNX file never does."""

GRAPH: Final = b"muster graph 1\n"
"""How a container begins whose ONNX graph the gateway runs itself; the container follows."""

PLAN: Final = "plan.json"
MANIFEST: Final = "manifest.json"
WITHIN: Final = "within.json"
"""Says where in the manifest's one file the graph is, where that file is the folder of an MLflow model."""
_FILES: Final = "files/"
_LARGEST: Final = 2**30


@dataclass(frozen=True, slots=True)
class Contained:
    """What a container holds."""

    plan: Plan
    manifest: Manifest
    files: Mapping[str, bytes]
    within: str = ""
    """Name of the graph in the one file, which is a zip; empty: files are what they are."""

    def graph(self, largest: int) -> bytes:
        """Return the one file, or the graph within it; raise ValueError where there is none of ``largest`` bytes."""
        if len(self.files) != 1:
            _refuse(f"holds {len(self.files)} files, and a graph is one")
        (raw,) = self.files.values()
        return _member(raw, self.within, largest) if self.within else raw


def contain(manifest: Manifest, files: Mapping[str, bytes], within: str = "") -> bytes:
    """Write a container; the plan is made of the manifest: every input is passed on as it is.

    Parameters
    ----------
    within
        Name of the graph in the one file, where that is a zip; the gateway takes it from there.
    """
    identity = digest(canonical(encode(manifest)))
    encodings = tuple(Encoding(column, unread=True) for column in manifest.inputs)
    plan = Plan(identity, manifest.recipe.learner, encodings, manifest.decision, PLACED_FORMAT)
    members = {PLAN: plan.to_bytes(), MANIFEST: canonical(encode(manifest))}
    members |= {_FILES + name: files[name] for name in manifest.files}
    if within:
        members[WITHIN] = canonical(within)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            archive.writestr(zipfile.ZipInfo(name), members[name])
    return content.getvalue()


def opened(raw: bytes) -> Contained:
    """Read a container.

    Raises
    ------
    ValueError
        Where the bytes are none, hold more or other files than the manifest names, or a plan of another version.
    """
    members: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _LARGEST:
                _refuse(f"unpacks to more than {_LARGEST} bytes")
            members = {member.filename: archive.read(member) for member in archive.infolist()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        _refuse(f"is no readable container ({type(error).__name__})")
    if not {PLAN, MANIFEST} <= members.keys():
        _refuse("holds no plan or no manifest")
    plan = Plan.from_bytes(members[PLAN])
    manifest = decode(Manifest, parse(members[MANIFEST]))
    within = str(parse(members.pop(WITHIN, b'""')))
    files = {name.removeprefix(_FILES): held for name, held in members.items() if name not in (PLAN, MANIFEST)}
    if {name: digest(held) for name, held in files.items()} != dict(manifest.files):
        _refuse("holds other files than its manifest names")
    if contain(manifest, files, within) != raw:
        _refuse("is not what muster writes for its parts")
    return Contained(plan, manifest, files, within)


def opened_graph(raw: bytes) -> Contained:
    """Read a container that begins with ``GRAPH``; raise ValueError as :func:`opened` does, or where it does not."""
    if not raw.startswith(GRAPH):
        _refuse("is not marked as a graph that the gateway runs")
    return opened(raw[len(GRAPH) :])


def _member(raw: bytes, name: str, largest: int) -> bytes:
    """Return a file of a zip; no more of it is unpacked than may be there."""
    content = b""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive, archive.open(name) as file:
            content = file.read(largest + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, KeyError, zlib.error) as error:
        _refuse(f"holds a folder from which no graph can be taken ({type(error).__name__})")
    if len(content) > largest:
        _refuse(f"holds a folder whose graph has more than {largest:,} bytes")
    return content


def _refuse(what: str) -> NoReturn:
    msg = f"the served artifact {what}: compile the version again"
    raise ValueError(msg)
